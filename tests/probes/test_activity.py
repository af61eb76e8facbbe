"""Which units answer to the training data, against the definition in NumPy."""

from typing import Any

import numpy as np
import pytest
import torch

from livenet.pictures import Heatmap
from livenet.probes.context import Context
from livenet.probes.networks.activity import LEAST_SLOPE, answers
from livenet.probes.run import run_probe
from livenet.spec.activations import ACTIVATIONS
from livenet.spec.choice import Choice
from livenet.training import Trainer
from tests.budgets import spent_after
from tests.models import by_hand
from tests.probes.helpers import everything, mark, parameters, picture_of, trained


def traced(one: Trainer) -> list[Any]:
    x = one.parts["train"][0].double().numpy()
    return by_hand.forward(one.spec, parameters(one), x).z


def test_a_relu_is_dead_by_the_training_examples_and_not_by_the_window() -> None:
    """One that is on in a corner of the window that no example comes near is dead; one that is on
    at a single example, between the cells of any map, is not."""
    one = trained({"model": {"hidden": [6, 4], "activation": "relu"}})
    w, b = (one.parameters()[f"layers.0.{name}"] for name in ("weight", "bias"))
    farthest = one.parts["train"][0][:, 0].max()
    w[:3] = torch.tensor([1.0, 0.0])
    b[0], b[1], b[2] = -farthest - 0.01, -farthest + 1e-4, -100.0
    facts = picture_of(one, "activity").facts
    assert {0, 2} <= set(facts["dead"]["1"])
    assert 1 not in facts["dead"]["1"]
    for layer in (1, 2):
        expected = np.flatnonzero(traced(one)[layer].max(axis=0) <= 0).tolist()
        assert facts["dead"][str(layer)] == expected
        assert facts["saturated"][str(layer)] == []


def test_the_shares_are_those_of_the_examples() -> None:
    one = trained({"model": {"hidden": [6, 3], "activation": "relu"}})
    picture = picture_of(one, "activity")
    values = mark(picture, Heatmap).values
    there = mark(picture, Heatmap).opacity
    assert there is not None
    for layer, width in ((1, 6), (2, 3)):
        share = (traced(one)[layer] > 0).mean(axis=0)
        assert values[layer - 1, :width] == pytest.approx(share, abs=1e-3)
        assert there[layer - 1].tolist() == [1.0] * width + [0.0] * (6 - width)
        assert picture.facts["answers"][str(layer)] == pytest.approx(share.mean())


@pytest.mark.parametrize("kind", ["tanh", "sigmoid"])
def test_a_curved_unit_that_has_levelled_off_is_saturated(kind: str) -> None:
    one = trained({"model": {"hidden": [5], "activation": kind}})
    one.parameters()["layers.0.bias"][3] = 50.0
    facts = picture_of(one, "activity").facts
    assert facts["dead"]["1"] == []
    assert facts["saturated"]["1"] == [3]
    assert facts["threshold"] == LEAST_SLOPE


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_a_unit_answers_where_its_slope_says_so(kind: str) -> None:
    chosen = Choice(kind, {name: one.default for name, one in ACTIVATIONS[kind].knobs.items()})
    z = torch.linspace(-12, 12, 2401, dtype=torch.float64)[None]
    found = answers(chosen, z)[0].numpy()
    if kind == "softmax":
        assert found.all()
        return
    slope = np.abs(by_hand.DERIVATIVES[kind](z[0].numpy(), chosen.knobs))
    expected = slope > 0 if ACTIVATIONS[kind].pieces else slope >= LEAST_SLOPE * slope.max()
    assert (found == expected).mean() > 0.998  # but for rounding at the threshold
    if kind in ("leaky_relu", "linear"):
        assert found.all()


def test_some_of_the_examples_where_the_time_ends() -> None:
    one = trained({"data": {"kind": "spiral", "samples": 4000}, "model": {"hidden": [8]}})
    context = Context.of(one, budget=spent_after(3))
    assert "of 2,000 training examples" in run_probe(context, "activity", {}).facts["incomplete"]


def test_the_run_is_left_as_it_was() -> None:
    one = trained({"model": {"hidden": [4, 4]}})
    before = everything(one)
    picture_of(one, "activity")
    assert everything(one) == before
