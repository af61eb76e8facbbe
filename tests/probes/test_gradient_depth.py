"""The size of gradients by depth, against the recurrence in NumPy."""

from typing import Any

import numpy as np
import pytest

from livenet.errors import ProbeUnfit
from livenet.pictures import Line
from livenet.training import Trainer
from tests.probes.looking import everything, mlp_of, parameters, seen, trained

NET: dict[str, Any] = {
    "data": {"kind": "sine", "samples": 40},
    "model": {"hidden": [5, 5, 5], "residual": True},
}


def by_hand(one: Trainer, residual: bool) -> list[float]:
    """Mean ‖∂ℓ/∂h(l)‖ of a tanh net on the line, Gaussian with σ = 1."""
    p = parameters(one)
    h = [one.parts["test"][0].double().numpy()]
    slopes = []
    for number in range(3):
        value = np.tanh(h[-1] @ p[f"layers.{number}.weight"].T + p[f"layers.{number}.bias"])
        slopes.append(1 - value**2)
        h.append(value + h[-1] if residual and number else value)
    mu = h[-1] @ p["layers.3.weight"].T + p["layers.3.bias"]
    g = mu - one.parts["test"][1].double().numpy()[:, None]  # ∂ℓ/∂θ
    found = [g]
    g = g @ p["layers.3.weight"]
    for number in (2, 1, 0):
        found.append(g)
        back = (g * slopes[number]) @ p[f"layers.{number}.weight"]
        g = back + g if residual and number else back
    return [float(np.linalg.norm(one, axis=1).mean()) for one in reversed(found)]


def lines(one: Trainer, **options: Any) -> dict[str, Line]:
    (plot,) = seen(one, "gradient_depth", **options).plots
    return {mark.label: mark for mark in plot.marks if isinstance(mark, Line)}


@pytest.mark.parametrize("residual", [True, False])
def test_both_lines_follow_the_recurrence(residual: bool) -> None:
    one = trained(NET | {"model": {**NET["model"], "residual": residual}}, 5)
    found = lines(one)
    assert found["with identity"].y == pytest.approx(by_hand(one, True), rel=1e-4)
    assert found["without"].y == pytest.approx(by_hand(one, False), rel=1e-4)
    assert found["without"].x.tolist() == [1, 2, 3, 4]


def test_facts_compare_the_first_layer_with_the_last_hidden_one() -> None:
    one = trained(NET)
    facts = seen(one, "gradient_depth").facts["first_over_last"]
    for name, residual in (("with", True), ("without", False)):
        norms = by_hand(one, residual)
        assert facts[name] == pytest.approx(norms[0] / norms[2], rel=1e-4)


def test_as_many_examples_as_asked_for() -> None:
    one = trained(NET)
    few, all_of_them = lines(one, examples=3), lines(one)
    assert not np.allclose(few["without"].y, all_of_them["without"].y)


def test_the_run_is_left_as_it_was() -> None:
    one = trained(NET)
    before = everything(one)
    seen(one, "gradient_depth")
    assert everything(one) == before
    assert all(layer.residual for layer in mlp_of(one).dense[1:-1])


def test_a_vanished_gradient_is_a_gap() -> None:
    one = trained(NET | {"model": {"hidden": [4, 4], "initializer": "zero"}}, 0)
    for parameter in one.parameters().values():
        parameter.zero_()
    found = lines(one)
    assert np.isnan(found["without"].y[:2]).all()
    assert np.isfinite(found["without"].y[2])


def test_no_place_for_an_identity() -> None:
    with pytest.raises(ProbeUnfit, match="no place") as caught:
        seen(trained({"model": {"hidden": [4, 3]}}), "gradient_depth")
    assert "same width" in caught.value.hint
