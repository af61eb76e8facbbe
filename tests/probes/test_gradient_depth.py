"""The size of gradients by depth, against the recurrence in NumPy."""

from typing import Any

import numpy as np
import pytest

from livenet.pictures import Line
from livenet.presets import PRESETS
from livenet.probes.context import Context
from livenet.probes.gradients.gradient_depth import gradient_norms
from livenet.probes.gradients.rows import GradientDepthOptions
from livenet.training import Trainer
from tests.probes.helpers import everything, mlp_of, parameters, picture_of, trained

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
    (plot,) = picture_of(one, "gradient_depth", **options).plots
    return {mark.label: mark for mark in plot.marks if isinstance(mark, Line)}


@pytest.mark.parametrize("residual", [True, False])
def test_both_lines_follow_the_recurrence(residual: bool) -> None:
    one = trained(NET | {"model": {**NET["model"], "residual": residual}}, 5)
    found = lines(one)
    for name, on in (("with identity", True), ("without", False)):
        norms = np.array(by_hand(one, on))
        assert found[name].y == pytest.approx(norms / norms[2], rel=1e-4)
    assert found["without"].x.tolist() == [1, 2, 3, 4]


def test_facts_have_the_norms_and_compare_the_first_with_the_last_hidden_one() -> None:
    one = trained(NET)
    facts = picture_of(one, "gradient_depth").facts
    for name, residual in (("with", True), ("without", False)):
        norms = by_hand(one, residual)
        assert facts["norms"][name] == pytest.approx(norms, rel=1e-4)
        assert facts["first_over_last"][name] == pytest.approx(norms[0] / norms[2], rel=1e-4)


def test_as_many_examples_as_asked_for() -> None:
    one = trained(NET)
    few, all_of_them = lines(one, examples=3), lines(one)
    assert not np.allclose(few["without"].y, all_of_them["without"].y)


def test_the_run_is_left_as_it_was() -> None:
    one = trained(NET)
    before = everything(one)
    picture_of(one, "gradient_depth")
    assert everything(one) == before
    assert all(layer.residual for layer in mlp_of(one).dense[1:-1])


def test_a_vanished_gradient_is_a_gap() -> None:
    one = trained(NET | {"model": {"hidden": [4, 4], "initializer": "zero"}}, 0)
    for parameter in one.parameters().values():
        parameter.zero_()
    found = lines(one)
    assert np.isnan(found["without"].y).all()  # over a last hidden layer of 0
    facts = picture_of(one, "gradient_depth").facts
    assert facts["norms"]["without"][:2] == [0.0, 0.0]
    assert facts["norms"]["without"][2] > 0
    assert facts["first_over_last"]["without"] is None


@pytest.mark.parametrize("blocks", [
    [{"kind": "residual", "channels": 4, "skip": False}],
    [{"kind": "conv", "channels": 4}, {"kind": "residual", "channels": 8, "skip": False}],
], ids=["from one channel", "from four to eight"])  # fmt: skip
def test_a_block_that_changes_the_channels_has_no_place_for_an_identity(blocks: Any) -> None:
    """Without a projection h cannot be added to f(h), not even by broadcasting one channel."""
    given = {"data": {"kind": "digits", "samples": 60}, "model": {"blocks": blocks}}
    assert set(picture_of(trained(given), "gradient_depth").facts["norms"]) == {"own"}
    kept = {"kind": "residual", "channels": 8}
    both = given | {"model": {"blocks": [*blocks, kept]}}
    one = trained(both)
    facts = picture_of(one, "gradient_depth").facts
    assert set(facts["norms"]) == {"with", "without"}
    # The block itself keeps its projection, so that "with" is the net as it is.
    context = Context.of(one)
    x, y = context.examples(GradientDepthOptions().examples)
    own = gradient_norms(one.model, context.likelihood, x, y)
    assert facts["norms"]["with"] == pytest.approx(own, rel=1e-4)


def test_a_net_without_a_place_for_an_identity_shows_its_own() -> None:
    one = trained({"model": {"hidden": [8, 4]}})
    assert list(lines(one)) == ["this network"]
    facts = picture_of(one, "gradient_depth").facts
    assert len(facts["norms"]["own"]) == 3
    assert lines(one)["this network"].y[1] == 1.0
    (plot,) = picture_of(one, "gradient_correlation").plots
    assert [mark.label for mark in plot.marks if isinstance(mark, Line)] == ["this network"]


def test_the_lesson_of_residual_nets() -> None:
    """Twenty layers deep, once it has learnt: with identities, depth does less to the gradient."""
    preset = PRESETS["deep"]
    one = trained(dict(preset.spec), 400)
    ratios = picture_of(one, "gradient_depth").facts["first_over_last"]
    assert abs(np.log(ratios["with"])) < abs(np.log(ratios["without"]))
