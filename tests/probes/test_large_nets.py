"""Nets that once held a worker for half a minute, or answered with 12 MB and more."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch

from livenet.budget import Budget
from livenet.errors import ProbeUnfit
from livenet.geometry import Layer, line_regions
from livenet.pictures import Line, Picture
from livenet.probes.autoencoders.logistic import fit
from livenet.probes.context import Context
from livenet.probes.regions.regions import network
from livenet.probes.run import run_probe
from livenet.spec import resolve
from livenet.training import Trainer
from livenet.wire.frame import document
from tests.bench.budgets import measured
from tests.bench.largest import OPTIONS, SPECS
from tests.budgets import Ticking
from tests.probes.helpers import picture_of

MAX_JSON = 2_200_000


def within(one: Trainer, reads: int, probe: str, **options: Any) -> Picture:
    """A picture within so many reads of the clock."""
    return run_probe(Context.of(one, budget=Budget(float(reads), Ticking())), probe, options)


def size(picture: Picture) -> int:
    return len(json.dumps(document(picture)))


def deep() -> Trainer:
    return Trainer(resolve({"model": {"hidden": [512] * 20, "activation": "relu"}}))


def test_a_wide_deep_net_is_cut_as_far_as_the_budget_goes() -> None:
    """A look a layer, a block of 64 units, a round of splitting."""
    one = deep()
    found = within(one, 80, "regions")
    facts = found.facts
    assert facts["truncated"] is True
    assert facts["linear_regions"] is None
    assert len(facts["by_layer"]) < 20
    assert facts["vertices"] - facts["edges"] + facts["activation_regions"] == 1
    done = len(facts["by_layer"])
    layers = f"the first {done} of 20 layers that cut" if done else "no whole layer"
    assert facts["incomplete"].startswith(f"Regions of {layers}")
    assert "processor time" in facts["incomplete"]
    more = within(one, 400, "regions").facts
    assert more["by_layer"][:done] == facts["by_layer"]  # what is said of a layer is exact
    assert len(more["by_layer"]) >= done


def test_codes_of_512_dimensions_are_classified_as_far_as_the_budget_goes() -> None:
    data = {"kind": "digits", "samples": 600}
    one = Trainer(resolve({"data": data, "model": {"kind": "vae", "hidden": [8], "latent": 512}}))
    found = within(one, 120, "semi_supervised", labels=[1, 3, 10, 30])
    rows = found.facts["z"]
    assert len(rows) < 4
    assert [row[0] for row in rows] == [1, 3, 10, 30][: len(rows)]
    assert "Accuracy on z without" in found.facts["incomplete"]
    whole = seen_whole(one, "semi_supervised", labels=[1, 3])
    assert whole.facts["z"][: len(rows)] == rows[:2]
    assert "incomplete" not in whole.facts


def seen_whole(one: Trainer, probe: str, **options: Any) -> Picture:
    return run_probe(Context.of(one, budget=Budget.unlimited()), probe, options)


def zigzag(depth: int) -> Trainer:
    """A line net of 4 units a layer that folds [0, 1] over itself 4 times a layer: 4^depth pieces.

    A layer is Σ_j s_j relu(x − j/4), with slopes 4 and −4 by turns.
    """
    model = {"hidden": [4] * depth, "activation": "relu"}
    one = Trainer(resolve({"data": {"kind": "sine"}, "model": model}))
    signs = torch.tensor([4.0, -8.0, 8.0, -8.0])
    for place in range(depth + 1):
        weight = one.parameters()[f"layers.{place}.weight"]
        bias = one.parameters()[f"layers.{place}.bias"]
        weight.copy_(torch.ones(4, 1) if place == 0 else signs.expand(len(weight), 4))
        bias.copy_(torch.zeros(1) if place == depth else -torch.arange(4) / 4)
    return one


def test_a_line_of_65_536_pieces_is_counted_whole_and_listed_in_part() -> None:
    one = zigzag(8)
    picture = seen_whole(one, "regions", window=[0.0, 1.0])
    facts = picture.facts
    assert facts["linear_regions"] == 4**8
    assert facts["truncated"] is False
    assert facts["joints"] == pytest.approx(np.arange(1, 5001) / 4**8)
    assert len(facts["slopes"]) == len(facts["intercepts"]) == 5001
    assert facts["incomplete"].startswith("The first 5,000 of 65,535 joints from the left")
    assert size(picture) < MAX_JSON
    curve = next(m for m in picture.plots[0].marks if isinstance(m, Line) and m.label == "f(x)")
    assert len(curve.x) < 3000
    assert (np.diff(curve.x) >= 0).all()
    assert curve.y.min() == pytest.approx(0.0, abs=1e-3)  # the zigzag's ends are all seen
    assert curve.y.max() == pytest.approx(1.0, abs=1e-3)


def test_a_line_whose_budget_ends_says_which_layers_are_missing() -> None:
    one = zigzag(8)
    for reads in (1, 3, 6):
        picture = within(one, reads, "regions", window=[0.0, 1.0])
        facts = picture.facts
        assert facts["truncated"] is True
        assert facts["linear_regions"] is facts["joints"] is facts["slopes"] is None
        assert facts["by_layer"] == [4**k for k in range(1, len(facts["by_layer"]) + 1)]
        assert len(facts["by_layer"]) < 8
        assert "of 8 hidden layers" in facts["incomplete"] or "no hidden" in facts["incomplete"]
        assert np.isfinite(mark_of_curve(picture).y).all()


def mark_of_curve(picture: Picture) -> Line:
    return next(m for m in picture.plots[0].marks if isinstance(m, Line) and m.label == "f(x)")


def test_intervals_in_pieces_are_those_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Trainer(resolve({"data": {"kind": "sine"},
                           "model": {"hidden": [20, 20, 20], "activation": "relu"}}))  # fmt: skip
    layers, input_map = network(Context.of(one))
    whole = line_regions(layers, (-3.0, 3.0), input_map=input_map)
    monkeypatch.setattr("livenet.geometry.line.CHUNK", 60)
    parts = line_regions(layers, (-3.0, 3.0), input_map=input_map)
    assert parts.borders == pytest.approx(whole.borders, abs=1e-12)
    assert np.array_equal(parts.patterns, whole.patterns)
    assert parts.maps.rows == pytest.approx(whole.maps.rows, abs=1e-12)


def test_too_many_intervals_for_memory_are_a_part() -> None:
    layers: list[Layer] = network(Context.of(zigzag(8)))[0]
    found = line_regions(layers, (0.0, 1.0), max_intervals=300)
    assert found.truncated
    assert found.by_layer == (4, 16, 64, 256)


def test_newtons_method_ends_with_its_budget() -> None:
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(2, 60, 20)), draw.integers(0, 3, (2, 60))
    clock = Ticking()
    assert fit(x, y, 3, Budget(1e9, clock)) is not None
    count = clock.reads
    for reads in (0, 1, count // 2):
        clock = Ticking()
        assert fit(x, y, 3, Budget(float(reads), clock)) is None
        assert clock.reads <= reads + 4


@pytest.mark.parametrize("name", ["mlp 8 × 32 relu", "mlp 512 × 20 relu", "line 512 × 32 relu"])
@pytest.mark.parametrize("probe", ["neurons", "network", "weights"])
def test_answers_of_large_nets_have_room(name: str, probe: str) -> None:
    one = Trainer(resolve(SPECS[name]))
    for options in ({}, *OPTIONS[probe]):
        picture = picture_of(one, probe, **options)
        assert size(picture) < MAX_JSON
        if options.get("units") == 512 and "layer" not in options and "512" in name:
            assert picture.facts["incomplete"].startswith("The first ")


@pytest.mark.parametrize(
    ("name", "probe", "options"),
    [
        ("cnn upsampled", "feature_maps", {}),
        ("cnn upsampled", "equivariance", {"layer": 4}),
        ("cnn large kernels", "filters", {"layer": 2, "inputs": 512}),
        ("autoencoder shapes", "latent_grid", {"size": 40}),
        ("autoencoder shapes", "samples", {"count": 100}),
    ],
)
def test_images_that_have_no_room_are_fewer_or_coarser(
    name: str, probe: str, options: dict[str, Any]
) -> None:
    picture = picture_of(Trainer(resolve(SPECS[name])), probe, **options)
    assert size(picture) < MAX_JSON
    assert "one answer has no room for more" in picture.facts["incomplete"]


def test_a_point_in_a_net_of_very_many_units_has_no_pattern() -> None:
    one = Trainer(resolve(SPECS["cnn small kernels"]))
    picture = picture_of(one, "regions", point=[0.3, 0.3], max_faces=100)
    assert picture.facts["at"]["pattern"] == []
    assert np.shape(picture.facts["at"]["matrix"]) == (4, 2)
    assert "without its pattern" in picture.facts["incomplete"]


def test_images_of_a_million_pixels_are_not_cut() -> None:
    """One pass of one image takes a tenth of a second there: no check could end it in time."""
    with pytest.raises(ProbeUnfit, match="too long") as refused:
        run_probe(Context.of(Trainer(resolve(SPECS["cnn upsampled"]))), "regions", {})
    assert "upsample" in refused.value.hint


@pytest.mark.soak
@pytest.mark.parametrize("name", SPECS)
def test_every_look_at_every_large_net_has_room(name: str) -> None:
    """All probes that fit, with their most demanding options, before training and after a step.
    How long each takes, the bench says."""
    for one in measured(name, SPECS[name]):
        assert one.json <= MAX_JSON / 1e6, one.what
        assert one.frame <= 1.0, one.what
