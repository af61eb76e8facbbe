"""A spec in numbers, against torch's own count of the parameters."""

import re
from typing import Any

import pytest

from livenet.models import Mlp
from livenet.spec import describe, resolve

DOCUMENTS: list[dict[str, Any]] = [
    {},
    {"model": {"hidden": []}},
    {"model": {"hidden": [], "bias": False}},
    {"model": {"hidden": [3]}},
    {"model": {"hidden": [5, 5, 2], "bias": False, "residual": True}},
    {"data": {"kind": "blobs", "count": 7}, "model": {"hidden": [4, 4], "residual": True}},
    {"data": {"kind": "sine"}, "model": {"features": ["x1", "sin_x1"], "hidden": [20, 10]}},
    {"model": {"features": ["x1", "x2", "x1_x2"], "hidden": [512, 512]}},
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_layers_have_the_shapes_and_counts_of_the_module(document: dict[str, Any]) -> None:
    spec = resolve(document)
    module = Mlp(spec)
    found = describe(spec)
    assert found["parameters"] == sum(p.numel() for p in module.parameters())
    assert spec.parameter_count == found["parameters"]
    assert sum(layer["parameters"] for layer in found["layers"]) == found["parameters"]
    shapes = {name: list(p.shape) for name, p in module.named_parameters()}
    listed = {}
    for layer in found["layers"]:
        listed[f"{layer['name']}.weight"] = layer["weight"]
        if layer["bias"] is not None:
            listed[f"{layer['name']}.bias"] = layer["bias"]
    assert listed == shapes
    residual = [dense.residual for dense in module.dense]
    assert [layer["residual"] for layer in found["layers"]] == residual


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_formula_adds_up(document: dict[str, Any]) -> None:
    terms, total = describe(resolve(document))["formula"].split(" = ")
    summed = 0
    for term in terms.split(" + "):
        product, *bias = term.split("+")
        d_in, d_out = product.split("\\cdot")
        summed += int(d_in) * int(d_out) + sum(int(b) for b in bias)
    assert summed == int(total)


def test_the_long_formula_has_one_block_less_than_hidden_layers() -> None:
    """3D + 1 + (K − 1)D(D + 1), with D_in = 1: the sheet's short form, which is right."""
    for depth in (1, 2, 5):
        for width in (1, 4, 9):
            spec = resolve({"data": {"kind": "sine"}, "model": {"hidden": [width] * depth}})
            assert spec.parameter_count == 3 * width + 1 + (depth - 1) * width * (width + 1)


def test_counts_of_points_are_those_of_the_parts() -> None:
    found = describe(resolve({"data": {"samples": 101, "test_fraction": 0.25}}))
    assert (found["train_count"], found["test_count"]) == (76, 25)


def test_the_document_of_a_description_resolves_to_the_spec() -> None:
    spec = resolve({"data": {"kind": "blobs"}})
    assert resolve(describe(spec)["spec"]) == spec


@pytest.mark.parametrize("hidden", [[4], [4, 4], [7] * 5])
@pytest.mark.parametrize("data", ["spiral", "sine", "blobs"])
def test_formulas_in_print_are_right_as_they_say(hidden: list[int], data: str) -> None:
    found = describe(resolve({"data": {"kind": data}, "model": {"hidden": hidden}}))
    counts = found["counts"]
    assert len(counts) == (3 if data == "sine" else 2)
    for count in counts:
        assert (count["value"] == found["parameters"]) == count["right"]
        sizes = count["numbers"].replace(r"\cdot", "*")
        assert re.fullmatch(r"[\d\s+*]*", sizes)
        assert eval(sizes) == count["value"]  # noqa: S307  # digits and signs only
    (wrong,) = (count for count in counts if not count["right"])
    assert wrong["value"] - found["parameters"] == hidden[0] * (hidden[0] + 1)


@pytest.mark.parametrize(
    "model", [{"hidden": []}, {"hidden": [3, 4]}, {"hidden": [3, 3], "bias": False}]
)
def test_other_shapes_have_no_formula_in_print(model: dict[str, Any]) -> None:
    assert describe(resolve({"model": model}))["counts"] == []
