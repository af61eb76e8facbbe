"""The part of a window that is drawn: about its middle, cut by every layer, as large as fits."""

from functools import lru_cache
from typing import Any

import numpy as np
import pytest
import torch

from livenet.pictures import Heatmap, Line, Points, Polygons
from livenet.training import Trainer
from tests.probes.helpers import mark, picture_of, trained
from tests.probes.test_regions_images import DATA, NETS, mixture

DEFAULT = [1 / 3 - 0.75, 1 / 3 + 0.75, 1 / 3 - 0.75, 1 / 3 + 0.75]


@lru_cache
def net(name: str) -> Trainer:
    return trained({"data": DATA, "model": {"kind": "cnn"} | NETS.get(name, {})}, steps=20)


def about(window: list[float]) -> list[float]:
    """Its middle, and its sides."""
    u_min, u_max, v_min, v_max = window
    return [(u_min + u_max) / 2, (v_min + v_max) / 2, u_max - u_min, v_max - v_min]


@pytest.mark.parametrize("asked", [None, [-1.0, 0.5, 0.0, 4.0]])
@pytest.mark.parametrize("name", ["default", "conv, pool", "batch norm", "residual"])
def test_the_part_is_finished_and_about_as_large_as_fits(
    name: str, asked: list[float] | None
) -> None:
    one = net(name)
    options: dict[str, Any] = {"window": asked, "max_faces": 400}
    picture = picture_of(one, "regions", narrow=True, **options)
    facts = picture.facts
    assert facts["truncated"] is False
    assert len(facts["by_layer"]) == len(facts["layers"])
    assert facts["activation_regions"] <= 400
    assert facts["asked"] == pytest.approx(asked or DEFAULT)
    u, v, width, height = about(facts["window"])
    u_asked, v_asked, width_asked, height_asked = about(facts["asked"])
    assert [u, v] == pytest.approx([u_asked, v_asked])
    share = width / width_asked
    assert height / height_asked == pytest.approx(share)
    assert 2 * np.log2(share) == pytest.approx(round(2 * np.log2(share)))
    low, high = (getattr(mark(picture, Polygons).vertices, f)(axis=0) for f in ("min", "max"))
    assert [low[0], high[0], low[1], high[1]] == pytest.approx(facts["window"], abs=1e-6)
    # Twice as large a part, or all that is asked for, holds more.
    assert share < 1
    wider = min(2.0, 1 / share)
    larger = [u - wider * width / 2, u + wider * width / 2]
    larger += [v - wider * height / 2, v + wider * height / 2]
    assert picture_of(one, "regions", window=larger, max_faces=400, narrow=False).facts["truncated"]
    assert f"{share:.1%} of each side" in picture.plots[0].note


def test_what_fits_is_drawn_whole() -> None:
    for name, window in (("no blocks", None), ("conv, pool", [0.2, 0.25, 0.2, 0.25])):
        facts = picture_of(net(name), "regions", window=window, narrow=True).facts
        assert facts["window"] == facts["asked"] == (window or DEFAULT)
        assert facts["truncated"] is False


def test_it_is_narrowed_by_itself_only_where_no_window_is_given() -> None:
    one = net("default")
    assert picture_of(one, "regions").facts["window"] != DEFAULT
    assert picture_of(one, "regions", narrow=False).facts["window"] == DEFAULT
    assert picture_of(one, "regions", narrow=False).facts["truncated"] is True
    assert picture_of(one, "regions", window=DEFAULT).facts["window"] == DEFAULT


def test_a_part_has_the_regions_of_its_own_window() -> None:
    one = net("conv, pool")
    part = picture_of(one, "regions", max_faces=200)
    again = picture_of(one, "regions", window=part.facts["window"], max_faces=200)
    assert again.facts["by_layer"] == part.facts["by_layer"]
    assert again.facts["linear_regions"] == part.facts["linear_regions"]
    assert np.array_equal(mark(again, Polygons).vertices, mark(part, Polygons).vertices)


def test_where_the_part_lies_is_drawn_among_the_classes() -> None:
    one = net("default")
    picture = picture_of(one, "regions")
    rim, classes = mark(picture, Line, "plane"), mark(picture, Heatmap, "plane")
    u_min, u_max, v_min, v_max = picture.facts["window"]
    corners = [[u_min, v_min], [u_max, v_min], [u_max, v_max], [u_min, v_max], [u_min, v_min]]
    assert np.stack([rim.x, rim.y], axis=1) == pytest.approx(np.array(corners), abs=1e-6)
    assert not [m for m in picture.plots[0].marks if isinstance(m, Points)]
    size = len(classes.values)
    cell = 1.5 / size
    for row, column in np.random.default_rng(0).integers(0, size, (40, 2)):
        at = [DEFAULT[0] + (column + 0.5) * cell, DEFAULT[2] + (row + 0.5) * cell]
        with torch.no_grad():
            share = one.model(mixture(one, [at])).softmax(1)[0]
        assert classes.values[row, column] == share.argmax()
        assert classes.opacity is not None
        assert classes.opacity[row, column] == pytest.approx(float(share.max()), abs=1e-4)
