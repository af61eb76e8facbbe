"""The plot `head` and the fact `attention`, against the transformer in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from livenet.pictures import Equation, Operand, Picture
from livenet.probes.context import Context
from livenet.probes.steps.attention_head import MOST
from livenet.training import Trainer
from tests.probes.helpers import trained
from tests.probes.steps.holding import stage
from tests.probes.steps.transformer_by_hand import ByHand, Floats

PAIRS = {"kind": "reverse", "samples": 60, "length": 4, "symbols": 5}
DROPPED = {"regularization": {"dropout": 0.3}}
SPECS: dict[str, dict[str, Any]] = {
    "decoder": {"data": PAIRS, "model": {"form": "decoder", "width": 8, "heads": 2}, **DROPPED},
    "encoder": {"data": PAIRS, "model": {"form": "encoder", "width": 12, "heads": 2}},
}


def net(spec: dict[str, Any], steps: int = 3) -> Trainer:
    return trained({"training": {"batch_size": 7}, **spec}, steps)


def operands(picture: Picture) -> list[Floats]:
    """Of the head, as far as they are computed."""
    plot = next(plot for plot in picture.plots if plot.id == "head")
    (equation,) = plot.marks
    assert isinstance(equation, Equation)
    assert all(isinstance(item, Operand) for item in equation.items)
    return [np.asarray(one.values, np.float64) for one in equation.items]  # type: ignore[union-attr]  # all operands


@pytest.mark.parametrize("part", ["batch", "test"])
@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize(("query", "key"), [(3, 1), (2, 2)])
def test_the_head_is_that_of_the_equations(name: str, part: str, query: int, key: int) -> None:
    one = net(SPECS[name])
    context, hand = Context.of(one), ByHand(one, part, 2)
    d = hand.spec.width // 2
    asked = {"part": part, "example": 2, "place": query, "key": key, "head": 2, "row": 1}
    v = {of: value.detach().numpy() for of, value in hand.v.items()}
    q, k, raw, a, o = (v[f"{of}2.2"] for of in ("q", "k", "raw", "a", "o"))
    visible = query + 1 if hand.spec.causal else hand.steps
    scores = np.where(np.arange(hand.steps) < visible, raw[query], np.nan)

    match = stage(context, "match2", **asked)
    found = operands(match)
    assert len(found) == 4, "neither shares nor values are computed yet"
    for shown, wanted in zip(found, (scores, q[query], k[key], q[query] * k[key]), strict=True):
        assert_allclose(shown[:, 0], wanted, atol=3e-5)
    fact = match.facts["attention"]
    assert fact["d"] == d
    assert fact["sum"] == pytest.approx(raw[query, key] * d**0.5, abs=3e-5)
    assert fact["score"] == pytest.approx(raw[query, key], abs=3e-5)

    picture = stage(context, "shares2", **asked)
    shares, dropped = operands(picture)[4:]
    assert_allclose(shares[:visible, 0], a[query, :visible], atol=3e-5)
    assert np.isnan(shares[visible:]).all()
    fact = picture.facts["attention"]
    assert fact["exp"] == pytest.approx(np.exp(raw[query, key]), rel=1e-4)
    assert fact["total"] == pytest.approx(np.exp(raw[query, :visible]).sum(), rel=1e-4)
    assert fact["share"] == pytest.approx(a[query, key], abs=3e-5)
    assert fact["weight"] == pytest.approx(float(dropped[key, 0]), abs=1e-7)

    *_, weights, values, output = operands(stage(context, "values2", **asked))
    assert_allclose(values, v["v2.2"], atol=3e-5)
    assert_allclose(output[:, 0], o[query], atol=3e-5)
    assert_allclose(np.nan_to_num(weights[:, 0]) @ values, o[query], atol=1e-4)
    if hand.drop is None:
        assert_allclose(weights, shares)
    else:
        assert not np.allclose(weights[:visible], shares[:visible])


def test_a_hidden_key_has_a_score_and_no_share() -> None:
    one = net(SPECS["decoder"])
    context, hand = Context.of(one), ByHand(one, "test", 2)
    asked = {"part": "test", "example": 2, "place": 2, "key": 5, "head": 1}
    fact = stage(context, "values1", **asked).facts["attention"]
    assert fact["hidden"]
    assert fact["score"] == pytest.approx(hand.v["raw1.1"][2, 5].item(), abs=3e-5)
    assert [fact[name] for name in ("exp", "share", "weight")] == [0.0, 0.0, 0.0]


def test_a_head_that_is_left_out_is_said_to_be() -> None:
    context = Context.of(net(SPECS["decoder"]))
    for head in (1, 2):
        fact = stage(context, "values1", head=head, ablate=[(1, 2)]).facts["attention"]
        assert fact["left_out"] is (head == 2)


def test_of_a_wide_head_the_numbers_around_the_chosen_one_are_given() -> None:
    data = {"kind": "delayed_recall", "samples": 20, "delay": 30}
    model = {"kind": "transformer", "width": 200, "heads": 1, "depth": 1}
    context = Context.of(net({"data": data, "model": model}, steps=0))
    picture = stage(context, "values1", row=190)
    (equation,) = next(plot.marks for plot in picture.plots if plot.id == "head")
    assert isinstance(equation, Equation)
    values, output = equation.items[-2:]
    assert isinstance(values, Operand)
    assert isinstance(output, Operand)
    assert (values.column, values.columns) == (200 - MOST, 200)
    assert values.values.shape == (31, MOST)
    assert (output.row, output.values.shape) == (0, (200, 1)), "a vector is given whole"
    assert picture.facts["attention"]["number"] == 190
