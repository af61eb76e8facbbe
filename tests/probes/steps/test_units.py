"""The numbers at every unit of a perceptron: those of its equations, and a part of large layers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from livenet.pictures import Operand
from livenet.probes.context import Context
from livenet.probes.steps.units import MOST_UNITS, units
from tests.probes.helpers import trained
from tests.probes.steps.holding import equations, stage, stages

SPEC = {
    "data": {"kind": "circles"},
    "model": {"hidden": [4, 3], "activation": "relu"},
    "regularization": {"dropout": 0.3},
    "arithmetic": "torch",
}


@pytest.mark.parametrize("part", ["batch", "test"])
def test_they_are_the_results_of_the_stages_equations(part: str) -> None:
    context = Context.of(trained(SPEC, 3))
    for picture in stages(context, part=part, example=2):
        found = picture.facts["network"]
        by_plot = {}
        for one in stages(context, part=part, example=2):
            for plot, equation in equations(one).items():
                first = equation.items[0]
                assert isinstance(first, Operand)
                by_plot[plot] = first.values[:, 0]
        hidden = "dropout" if part == "batch" else "h"
        wanted = [by_plot["h0"], by_plot[f"{hidden}1"], by_plot[f"{hidden}2"], by_plot["theta"]]
        for values, own in zip(found["values"], wanted, strict=True):
            assert_array_equal(np.float32(values), own)
        deltas = [by_plot["delta1"], by_plot["delta2"], by_plot["delta3"]]
        for values, own in zip(found["deltas"], deltas, strict=True):
            assert_allclose(values, own, rtol=1e-6)
        assert_allclose(found["predicted"], by_plot["prediction"], rtol=1e-6)
        x = context.data.test_x if part == "test" else context.data.train_x
        assert_array_equal(np.float32(picture.facts["x"]), np.float32(x[picture.facts["row"]]))


def test_each_stage_names_its_layer() -> None:
    context = Context.of(trained(SPEC, 1))
    assert [one.facts["layer"] for one in stages(context)] == [0, 1, 2, 3, 3, 3, 2, 1, None]


def test_of_a_large_layer_those_around_the_chosen_one_are_shown() -> None:
    wide = {**SPEC, "model": {"hidden": [40, 32], "activation": "tanh"}}
    context = Context.of(trained(wide, 1))
    picture = stage(context, "layer2", row=30)
    found, products = picture.facts["network"], equations(picture)["z2"]
    assert found["first"][2] == 32 - MOST_UNITS
    assert products.worked is not None
    largest = max(
        (term for term in products.worked.terms if len(term.uses) == 2),
        key=lambda term: abs(term.value),
    )
    assert 0 <= largest.uses[1][1] - found["first"][1] < MOST_UNITS
    back = stage(context, "delta2", row=3, column=25).facts["network"]
    assert back["first"] == [0, 20, 0, 0]
    assert [len(values) for values in back["values"]] == [2, MOST_UNITS, MOST_UNITS, 1]


def test_what_is_not_finite_is_null() -> None:
    values = torch.tensor([1.0, torch.inf, torch.nan])
    found = units([values, values], [values], None, {})
    assert found["values"][0] == [1.0, None, None]
    assert found["deltas"] == [[1.0, None, None]]
    assert found["predicted"] is None
