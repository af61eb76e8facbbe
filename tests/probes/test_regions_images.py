"""The regions probe on the plane through three images, against the network's own forward."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from livenet.errors import OptionError, ProbeUnfit
from livenet.models.cnn import Cnn
from livenet.pictures import Heatmap, Images, Points, Polygons, Text
from livenet.probes.context import Context
from livenet.probes.regions import image_plane
from livenet.probes.run import run_probe
from livenet.training import Trainer
from livenet.wire.frame import encode
from tests.budgets import spent_after
from tests.probes.helpers import everything, mark, picture_of, trained

DATA = {"kind": "digits"}
CONV = {"kind": "conv", "channels": 2}
NETS: dict[str, dict[str, Any]] = {
    "conv, pool": {"blocks": [CONV, {"kind": "max_pool"}, {"kind": "conv", "channels": 3}]},
    "strides and overlaps": {
        "blocks": [
            CONV | {"stride": 2, "padding": 2},
            {"kind": "max_pool", "kernel": 3, "stride": 1},
        ],
        "activation": {"kind": "leaky_relu", "alpha": 0.2},
    },
    "circular, dilated, averages": {
        "blocks": [
            CONV | {"padding_mode": "circular", "dilation": 2},
            {"kind": "avg_pool"},
            {"kind": "upsample"},
            {"kind": "max_pool", "kernel": 4},
            {"kind": "dense", "units": 5},
        ]
    },
    "batch norm": {
        "blocks": [
            CONV,
            {"kind": "batch_norm"},
            {"kind": "max_pool"},
            {"kind": "flatten"},
            {"kind": "dense", "units": 6},
            {"kind": "batch_norm"},
        ]
    },
    "residual": {
        "blocks": [
            CONV | {"stride": 2},
            {"kind": "residual", "channels": 2, "norm": "batch"},
            {"kind": "residual", "channels": 3, "depth": 1},
            {"kind": "residual", "channels": 3, "depth": 1, "skip": False},
            {"kind": "global_pool"},
        ]
    },
    "no bias": {"blocks": [CONV, {"kind": "max_pool"}], "bias": False},
    "no blocks": {"blocks": []},
    "linear, pool": {"blocks": [CONV, {"kind": "max_pool"}], "activation": "linear"},
}
WINDOW = [0.0, 0.6, 0.1, 0.7]


@lru_cache
def net(name: str) -> Trainer:
    return trained({"data": DATA, "model": {"kind": "cnn"} | NETS[name]})


def mixture(one: Trainer, points: Any, images: tuple[int, int, int] = (0, 1, 2)) -> torch.Tensor:
    """x(u, v) = (1 − u − v) a + u b + v c as images, float32 as the model takes them."""
    a, b, c = (one.data.test_x[number].astype(np.float64) for number in images)
    points = np.asarray(points)
    u, v = (points[:, k].reshape(-1, 1, 1, 1) for k in (0, 1))
    return torch.from_numpy((1 - u - v) * a + u * b + v * c).float()


def forward(one: Trainer, points: Any) -> NDArray[np.float64]:
    with torch.no_grad():
        return one.model(mixture(one, points)).double().numpy()  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", NETS)
def test_within_a_polygon_the_net_is_one_affine_map(name: str) -> None:
    """At random convex combinations of its corners, the net is that combination of its values."""
    one = net(name)
    found = mark(picture_of(one, "regions", max_faces=20_000, window=WINDOW), Polygons)
    assert len(found.offsets) > 20 or name == "no blocks"
    random = np.random.default_rng(1)
    inside, mixed = [], []
    for face in random.integers(0, len(found.offsets) - 1, 300):
        corners = found.corners[found.offsets[face] : found.offsets[face + 1]]
        vertices = found.vertices[corners].astype(np.float64)
        shares = random.dirichlet(np.ones(len(vertices)))
        inside.append(shares @ vertices)
        mixed.append(shares @ forward(one, vertices))
    assert forward(one, inside) == pytest.approx(np.array(mixed), abs=1e-4)


@pytest.mark.parametrize("name", NETS)
def test_the_affine_map_at_a_point_is_gradient_and_value(name: str) -> None:
    one = net(name)
    for point in np.random.default_rng(0).uniform(-0.2, 1.2, (8, 2)).tolist():
        at = picture_of(one, "regions", max_faces=100, polygons=False, point=point).facts["at"]
        (a, b, c) = (torch.from_numpy(one.data.test_x[number])[None] for number in range(3))
        uv = torch.tensor(point, requires_grad=True)
        theta = one.model(a + uv[0] * (b - a) + uv[1] * (c - a))[0]
        slopes = [torch.autograd.grad(value, uv, retain_graph=True)[0] for value in theta]
        assert np.array(at["matrix"]) == pytest.approx(torch.stack(slopes).numpy(), abs=1e-3)
        value = np.array(at["matrix"]) @ point + np.array(at["offset"])
        assert value == pytest.approx(theta.detach().numpy(), abs=1e-4)
        assert at["point"] == point


@pytest.mark.parametrize("name", NETS)
def test_facts_count_what_is_drawn(name: str) -> None:
    picture = picture_of(net(name), "regions", max_faces=20_000, window=WINDOW)
    found, facts = mark(picture, Polygons), picture.facts
    assert facts["activation_regions"] == len(found.offsets) - 1
    assert facts["vertices"] - facts["edges"] + facts["activation_regions"] == 1
    assert 1 <= facts["linear_regions"] <= facts["activation_regions"]
    assert facts["truncated"] is False
    assert len(facts["by_layer"]) == len(facts["layers"])
    low, high = found.vertices.min(axis=0), found.vertices.max(axis=0)
    assert [low[0], high[0], low[1], high[1]] == pytest.approx(WINDOW)


def test_the_layers_that_cut_are_named() -> None:
    assert picture_of(net("conv, pool"), "regions").facts["layers"] == [
        "Conv 1",
        "Max pool",
        "Conv 2",
    ]
    assert picture_of(net("batch norm"), "regions").facts["layers"] == [
        "Batch norm 1",
        "Max pool",
        "Batch norm 2",
    ]
    assert picture_of(net("residual"), "regions").facts["layers"] == [
        "Conv",
        "Residual 1, σ 1",
        "Residual 1, σ 2",
        "Residual 2, σ 1",
        "Residual 3, σ 1",
    ]


def test_the_pattern_is_which_units_are_on_and_which_are_largest() -> None:
    one = net("conv, pool")
    assert isinstance(one.model, Cnn)
    for point in np.random.default_rng(3).uniform(0, 1, (6, 2)).tolist():
        pattern = picture_of(one, "regions", point=point, max_faces=100).facts["at"]["pattern"]
        with torch.no_grad():
            traced = one.model.trace(mixture(one, [point]))
        assert pattern[0] == (traced[0].z > 0).int().flatten().tolist()
        assert pattern[2] == (traced[2].z > 0).int().flatten().tolist()
        windows = traced[0].h.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4)  # (1, 2, 4, 4, 4)
        assert pattern[1] == windows.argmax(4).flatten().tolist()


def test_the_images_stand_where_they_are() -> None:
    one = net("no bias")
    picture = picture_of(one, "regions", images=[5, 3, 9], point=[0.25, 0.5])
    places, thumbs = mark(picture, Points, "plane"), mark(picture, Images)
    assert np.stack([places.x, places.y], axis=1).tolist() == [[0, 0], [1, 0], [0, 1]]
    assert places.values.tolist() == one.data.test_y[[5, 3, 9]].tolist()
    (overview,) = (plot for plot in picture.plots if plot.id == "plane")
    texts = [m.text for m in overview.marks if isinstance(m, Text)]
    assert texts == [str(number) for number in one.data.test_y[[5, 3, 9]]]
    assert thumbs.values[:3] == pytest.approx(one.data.test_x[[5, 3, 9], 0])
    expected = mixture(one, [[0.25, 0.5]], (5, 3, 9))[0, 0].numpy().clip(0, 1)
    assert thumbs.values[3] == pytest.approx(expected)


def test_below_the_regions_lies_the_most_probable_class() -> None:
    one = net("conv, pool")
    picture = picture_of(one, "regions", window=WINDOW)
    (plot,) = (plot for plot in picture.plots if plot.id == "regions")
    below = plot.marks[0]
    assert isinstance(below, Heatmap)
    assert below.opacity is not None
    u_min, u_max, v_min, v_max = WINDOW
    size = len(below.values)
    centres = (np.arange(size) + 0.5) / size
    u, v = u_min + centres * (u_max - u_min), v_min + centres * (v_max - v_min)
    for row, column in ((0, 0), (3, 20), (23, 11)):
        with torch.no_grad():
            share = one.model(mixture(one, [[u[column], v[row]]])).softmax(1)[0]
        assert below.values[row, column] == int(share.argmax())
        assert below.opacity[row, column] == pytest.approx(float(share.max()), abs=1e-5)


def test_merged_regions() -> None:
    picture = picture_of(net("no bias"), "regions", merge=True, window=WINDOW)
    found = mark(picture, Polygons)
    assert found.groups is not None
    assert len(np.unique(found.groups)) == picture.facts["linear_regions"]


def test_the_default_panel_fits_a_frame_and_is_cut_by_every_layer() -> None:
    one = trained({"data": DATA, "model": {"kind": "cnn"}}, steps=0)
    before = everything(one)
    picture = picture_of(one, "regions")
    facts = picture.facts
    assert facts["truncated"] is False
    assert len(facts["by_layer"]) == len(facts["layers"]) == 4
    assert 300 < facts["activation_regions"] <= 1_300
    assert facts["linear_regions"] > 1
    assert "the middle" in picture.plots[0].note
    assert "over 1,300 regions" in picture.plots[0].note
    assert len(encode(picture)) <= 32_768
    assert everything(one) == before


def test_a_window_that_is_asked_for_is_drawn_and_says_what_is_left_out() -> None:
    one = trained({"data": DATA, "model": {"kind": "cnn"}}, steps=0)
    window = [-0.25, 1.25, -0.25, 1.25]
    picture = picture_of(one, "regions", window=window)
    assert picture.facts["window"] == picture.facts["asked"] == window
    assert picture.facts["truncated"] is True
    assert picture.facts["linear_regions"] is None
    assert "a part of Conv 1: all layers make more than the 1,300" in picture.facts["incomplete"]
    assert 1_200 < picture.facts["activation_regions"] <= 1_300
    assert len(encode(picture)) <= 32_768
    assert [plot.id for plot in picture.plots] == ["regions", "images"]
    assert mark(picture, Points).x.tolist() == [0, 1, 0]


def test_a_wide_layer_leaves_room_for_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """128 units, of which 20,000 numbers hold the values at 156 places."""
    monkeypatch.setattr(image_plane, "NUMBERS", 20_000)
    facts = picture_of(net("conv, pool"), "regions", max_faces=20_000, narrow=False).facts
    assert facts["truncated"] is True
    assert 100 < facts["activation_regions"] <= 156


@pytest.mark.parametrize(
    ("model", "word", "path"),
    [
        ({"activation": "tanh"}, "tanh, the activation of Conv 1,", "model.activation"),
        ({"blocks": [{"kind": "residual"}], "activation": "gelu"},
         "gelu, the activation of Residual", "model.activation"),
        ({"blocks": [CONV, {"kind": "layer_norm"}]}, "Layer norm", "model.blocks.1"),
        ({"blocks": [{"kind": "upsample", "factor": 2}, {"kind": "max_pool", "kernel": 9}]},
         "81 values", "model.blocks.1.kernel"),
    ],
)  # fmt: skip
def test_a_net_that_is_refused(model: dict[str, Any], word: str, path: str) -> None:
    with pytest.raises(ProbeUnfit) as caught:
        picture_of(trained({"data": DATA, "model": {"kind": "cnn"} | model}, steps=0), "regions")
    assert word in caught.value.message
    assert caught.value.path == path
    assert caught.value.hint


def test_a_net_that_has_overflowed_is_refused() -> None:
    one = trained({"data": DATA, "model": {"kind": "cnn"} | NETS["no bias"]}, steps=0)
    one.parameters()["layers.0.weight"][0, 0, 0, 0] = torch.inf
    with pytest.raises(ProbeUnfit, match="no longer finite"):
        picture_of(one, "regions")


@pytest.mark.parametrize(
    ("options", "path", "word"),
    [
        ({"images": [0, 1, 99_999]}, "options.images", "no image 99999"),
        ({"images": [4, 1, 4]}, "options.images", "different"),
        ({"images": [4, 1]}, "options.images", "3 items"),
        ({"images": [-1, 1, 4]}, "options.images.0", "at least 0"),
        ({"window": [0, 1]}, "options.window", "u_min"),
        ({"window": [0, 1, 1, 0]}, "options.window", "v_min has to be below v_max"),
        ({"window": [0, 1, 0, 1e9]}, "options.window", "v_max has to be less than 1,000,000"),
        ({"point": [1.0]}, "options.point", "2 coordinates"),
    ],
)
def test_bad_options(options: dict[str, Any], path: str, word: str) -> None:
    with pytest.raises(OptionError) as caught:
        picture_of(net("no bias"), "regions", **options)
    assert caught.value.path == path
    assert word in caught.value.message


def test_three_images_in_a_line() -> None:
    one = trained({"data": DATA, "model": {"kind": "cnn"} | NETS["no bias"]})
    x = one.data.test_x
    x[2] = x[0] + (x[1] - x[0]) / 2
    picture = picture_of(one, "regions")
    assert "one line" in picture.plots[0].note
    facts = picture.facts
    assert facts["vertices"] - facts["edges"] + facts["activation_regions"] == 1


def test_the_map_of_classes_is_coarser_where_the_time_ends() -> None:
    one = trained({"data": DATA, "model": {"kind": "cnn", "blocks": [CONV]}}, 1)
    cells = []
    for looks in (10, 50, 1_000):
        budget = spent_after(looks)
        plane = run_probe(replace(Context.of(one), budget=budget), "regions", {"polygons": False})
        cells.append(len(mark(plane, Heatmap, "regions").values))
    assert cells == [4, 12, 24]
