"""The regions probe against the network's own forward, and its refusals."""

from typing import Any

import numpy as np
import pytest
import torch

from livenet.errors import ProbeUnfit
from livenet.geometry import plane_regions, region_at
from livenet.pictures import Line, Polygons
from livenet.probes.context import Context
from livenet.probes.regions.regions import network
from livenet.training import Trainer
from tests.models import by_hand
from tests.probes.helpers import mark, mlp_of, parameters, picture_of, trained
from tests.spec.perceptron import perceptron

NETS: list[dict[str, Any]] = [
    {"model": {"hidden": [6, 5], "activation": "relu"}},
    {"model": {"hidden": [5, 5, 5], "activation": "relu", "residual": True}},
    {"model": {"hidden": [6, 4], "activation": [{"kind": "leaky_relu", "alpha": 0.3}, "relu"]}},
    {"model": {"hidden": [4, 4], "activation": ["linear", "relu"], "bias": False}},
    {"model": {"hidden": [5], "activation": "relu", "features": ["x2", "x1"]}},
    {"model": {"hidden": [5], "activation": "relu", "features": ["x2"]}},
    {"data": {"kind": "blobs", "count": 3}, "model": {"hidden": [6], "activation": "relu"}},
    {"data": {"kind": "bumps"}, "model": {"hidden": [], "activation": "relu"}},
]
LINES: list[dict[str, Any]] = [
    {"model": {"hidden": [8, 4], "activation": "relu"}},
    {"model": {"hidden": [6, 6], "activation": "leaky_relu", "residual": True}},
    {"model": {"hidden": [], "activation": "relu"}},
]
POINTS = np.random.default_rng(0).uniform(-3, 3, (12, 2)).tolist()


def by_autograd(one: Trainer, point: list[float]) -> tuple[Any, Any]:
    """∂θ/∂x (K, D_in) and θ (K,) at a point."""
    x = torch.tensor([point], requires_grad=True)
    theta = mlp_of(one)(mlp_of(one).features(x))[0]
    rows = [torch.autograd.grad(value, x, retain_graph=True)[0][0] for value in theta]
    return torch.stack(rows).numpy(), theta.detach().numpy()


@pytest.mark.parametrize("document", NETS)
def test_the_affine_map_at_a_point_is_gradient_and_value(document: dict[str, Any]) -> None:
    one = trained(document)
    for point in POINTS:
        at = picture_of(one, "regions", point=point).facts["at"]
        gradient, value = by_autograd(one, point)
        assert np.array(at["matrix"]) == pytest.approx(gradient, abs=1e-4)
        affine = np.array(at["matrix"]) @ point + np.array(at["offset"])
        assert affine == pytest.approx(value, abs=1e-4)
        assert at["point"] == point


@pytest.mark.parametrize("document", NETS)
def test_the_pattern_at_a_point_is_which_units_are_on(document: dict[str, Any]) -> None:
    one = trained(document)
    for point in POINTS:
        pattern = picture_of(one, "regions", point=point).facts["at"]["pattern"]
        traced = by_hand.forward(one.spec, parameters(one), [point])
        chosen = perceptron(one.spec).activations
        assert len(pattern) == len(chosen)
        for layer, choice in enumerate(chosen):
            on = traced.z[layer + 1][0] > 0
            assert pattern[layer] == ([0] * len(on) if choice.kind == "linear" else on.tolist())


@pytest.mark.parametrize("document", NETS)
def test_within_a_polygon_the_net_is_one_affine_map(document: dict[str, Any]) -> None:
    """At random convex combinations of its corners, the net is that combination of its values."""
    one = trained(document)
    found = mark(picture_of(one, "regions"), Polygons)
    random = np.random.default_rng(1)
    for face in range(len(found.offsets) - 1):
        corners = found.corners[found.offsets[face] : found.offsets[face + 1]]
        vertices = found.vertices[corners].astype(np.float64)
        shares = random.dirichlet(np.ones(len(vertices)), 3)
        numbers = parameters(one)
        inside = by_hand.forward(one.spec, numbers, shares @ vertices).theta
        mixed = shares @ by_hand.forward(one.spec, numbers, vertices).theta
        assert inside == pytest.approx(mixed, abs=1e-4)


@pytest.mark.parametrize("document", NETS)
def test_facts_count_what_is_drawn(document: dict[str, Any]) -> None:
    one = trained(document)
    picture = picture_of(one, "regions")
    found, facts = mark(picture, Polygons), picture.facts
    assert facts["activation_regions"] == len(found.offsets) - 1
    assert facts["vertices"] == len(found.vertices)
    assert facts["vertices"] - facts["edges"] + facts["activation_regions"] == 1
    assert 1 <= facts["linear_regions"] <= facts["activation_regions"]
    assert facts["truncated"] is False
    assert len(facts["by_layer"]) == len(perceptron(one.spec).hidden)
    assert all(isinstance(value, int) for value in facts["by_layer"])
    areas = 0.0
    for face in range(len(found.offsets) - 1):
        x, y = found.vertices[found.corners[found.offsets[face] : found.offsets[face + 1]]].T
        areas += abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
    assert areas == pytest.approx(36, rel=1e-4)


def test_every_pattern_that_random_points_meet_is_counted() -> None:
    one = trained(NETS[0])
    points = np.random.default_rng(2).uniform(-3, 3, (20_000, 2))
    traced = by_hand.forward(one.spec, parameters(one), points)
    met = np.unique(np.concatenate([z > 0 for z in traced.z[1:-1]], axis=1), axis=0)
    facts = picture_of(one, "regions").facts
    assert len(met) <= facts["activation_regions"] <= len(met) * 1.2 + 2


def test_zaslavsky_is_reached_and_never_passed() -> None:
    """Five lines in general position, their crossings all in the window: 1 + 5 + 10 regions."""
    one = trained({"model": {"hidden": [5], "activation": "relu"}}, steps=0)
    angles = np.pi * np.arange(5) / 5
    one.parameters()["layers.0.weight"].copy_(
        torch.tensor(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    )
    one.parameters()["layers.0.bias"].copy_(torch.tensor([0.1, -0.2, 0.3, 0.05, -0.15]))
    facts = picture_of(one, "regions").facts
    assert facts["activation_regions"] == 16
    assert facts["by_layer"] == [16]
    assert 16 in facts["bounds"].values()
    assert 2**5 in facts["bounds"].values()


def test_a_window_of_ones_own() -> None:
    one = trained(NETS[0])
    window = [-1.0, 0.5, 0.0, 2.0]
    picture = picture_of(one, "regions", window=window)
    found = mark(picture, Polygons)
    low, high = found.vertices.min(axis=0), found.vertices.max(axis=0)
    assert [low[0], high[0], low[1], high[1]] == pytest.approx(window)
    layers, input_map = network(Context.of(one))
    box = (window[0], window[1], window[2], window[3])
    expected = plane_regions(layers, box, input_map=input_map)
    assert picture.facts["activation_regions"] == expected.counts[2]


def test_merged_regions_share_a_group_exactly_when_they_share_a_map() -> None:
    """A unit that never reaches the output cuts activation regions, but no linear ones."""
    one = trained({"model": {"hidden": [4], "activation": "relu"}}, steps=0)
    one.parameters()["layers.1.weight"][0, 2] = 0.0
    picture = picture_of(one, "regions", merge=True)
    found = mark(picture, Polygons)
    assert found.groups is not None
    assert len(np.unique(found.groups)) == picture.facts["linear_regions"]
    assert picture.facts["linear_regions"] < picture.facts["activation_regions"]
    layers, input_map = network(Context.of(one))
    maps: dict[int, Any] = {}
    for face, group in enumerate(found.groups):
        corners = found.corners[found.offsets[face] : found.offsets[face + 1]]
        middle = found.vertices[corners].mean(axis=0).astype(np.float64)
        matrix = region_at(layers, middle, input_map=input_map).matrix
        assert matrix == pytest.approx(maps.setdefault(int(group), matrix), abs=1e-6)


def test_counts_alone() -> None:
    one = trained(NETS[0])
    picture = picture_of(one, "regions", polygons=False)
    assert picture.plots[0].marks == ()
    assert picture.facts == picture_of(one, "regions").facts


def test_too_many_faces_are_cut_short_and_said_to_be() -> None:
    one = trained({"model": {"hidden": [64, 64], "activation": "relu"}}, steps=0)
    picture = picture_of(one, "regions", max_faces=100)
    assert picture.facts["truncated"] is True
    assert picture.facts["linear_regions"] is None
    assert picture.facts["incomplete"] == (
        "Regions of no whole layer and a part of hidden layer 1: all layers make more than the 100 "
        "that are drawn. Take a smaller window or net."
    )
    whole = picture_of(one, "regions").facts
    assert whole["activation_regions"] > picture.facts["activation_regions"]


@pytest.mark.parametrize("document", LINES)
@pytest.mark.parametrize("window", [None, [-1.0, 7.0]])
def test_on_the_line(document: dict[str, Any], window: list[float] | None) -> None:
    one = trained({"data": {"kind": "sine"}} | document)
    picture = picture_of(one, "regions", window=window)
    facts = picture.facts
    low, high = window or [-3.0, 3.0]
    joints = np.array(facts["joints"])
    assert facts["linear_regions"] == len(joints) + 1 == len(facts["slopes"])
    assert ((joints > low) & (joints < high)).all()
    x = np.linspace(low, high, 501)
    expected = by_hand.forward(one.spec, parameters(one), x[:, None]).theta[:, 0]
    piece = np.searchsorted(joints, x)
    line = np.array(facts["slopes"])[piece, 0] * x + np.array(facts["intercepts"])[piece, 0]
    assert line == pytest.approx(expected, abs=1e-4)
    curve = next(m for m in picture.plots[0].marks if isinstance(m, Line) and m.label == "f(x)")
    assert np.interp(x, curve.x, curve.y) == pytest.approx(expected, abs=1e-4)
    bound = np.prod([width + 1 for width in perceptron(one.spec).hidden])
    assert facts["linear_regions"] <= bound
    assert int(bound) in facts["bounds"].values()


@pytest.mark.parametrize("document", LINES)
def test_the_affine_map_on_the_line(document: dict[str, Any]) -> None:
    one = trained({"data": {"kind": "sine"}} | document)
    for x, _ in POINTS:
        at = picture_of(one, "regions", point=[x]).facts["at"]
        gradient, value = by_autograd(one, [x])
        assert np.array(at["matrix"]) == pytest.approx(gradient, abs=1e-4)
        assert np.array(at["matrix"]) @ [x] + np.array(at["offset"]) == pytest.approx(
            value, abs=1e-4
        )


@pytest.mark.parametrize(
    ("model", "word", "path"),
    [
        ({"activation": "tanh"}, "tanh", "model.activation"),
        ({"activation": ["relu", "gelu"]}, "gelu", "model.activation"),
        ({"activation": "softmax"}, "softmax", "model.activation"),
        ({"activation": "relu", "features": ["x1", "x1_squared"]}, "x1_squared", "model.features"),
        ({"activation": "relu", "features": ["x1_x2"]}, "x1_x2", "model.features"),
        ({"activation": "relu", "features": ["sin_x1", "x2"]}, "sin_x1", "model.features"),
    ],
)
def test_a_net_that_bends_is_refused(model: dict[str, Any], word: str, path: str) -> None:
    with pytest.raises(ProbeUnfit) as caught:
        picture_of(trained({"model": model}), "regions")
    assert word in caught.value.message
    assert caught.value.path == path
    assert "ReLU" in caught.value.hint
    assert caught.value.status == 422


def test_bounds_too_large_for_a_float_are_told_in_words() -> None:
    one = trained({"model": {"hidden": [512] * 4, "activation": "relu"}}, steps=0)
    facts = picture_of(one, "regions", max_faces=100, polygons=False).facts
    for value in facts["bounds"].values():
        assert value < 10**301 if isinstance(value, int) else value.startswith("about 10^")
