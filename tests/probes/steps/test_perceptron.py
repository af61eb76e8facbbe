"""The walk through a multilayer perceptron: against NumPy, autograd and the next step."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy.special import expit, logsumexp, softmax

from livenet.errors import OptionError
from livenet.pictures import Operand, Picture
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.spec.activations import ACTIVATIONS
from livenet.training import Trainer
from tests.models.by_hand import DERIVATIVES, VALUES, features
from tests.probes.helpers import mlp_of, trained
from tests.probes.steps.holding import equations, holds, stage, stages, worked
from tests.spec.perceptron import perceptron

Floats = NDArray[np.float64]
NETS: dict[str, dict[str, Any]] = {
    "tanh": {"model": {"hidden": [4, 3]}},
    "relu, residual": {"model": {"hidden": [5, 5, 3], "activation": "relu", "residual": True}},
    "softmax within": {
        "data": {"kind": "blobs", "samples": 60, "count": 3},
        "model": {"hidden": [4, 4], "activation": "softmax"},
    },
    "mixed": {
        "data": {"kind": "sine", "samples": 60},
        "model": {"hidden": [3, 4], "activation": ["sine", {"kind": "elu", "alpha": 0.5}]},
        "objective": {"kind": "gaussian", "sigma": 0.5},
    },
    "without biases": {"model": {"hidden": [3], "bias": False}},
    "no hidden layer": {"model": {"hidden": []}},
    "features": {"model": {"hidden": [3], "features": ["x1", "x1_squared", "sin_x2"]}},
}
PARTS = ("batch", "train", "test")


def made(name: str, steps: int = 3, **more: object) -> Trainer:
    return trained({"arithmetic": "torch", **NETS[name], **more}, steps)


def operands(picture: Picture, plot: str) -> list[Floats]:
    items = equations(picture)[plot].items
    return [item.values.astype(np.float64) for item in items if isinstance(item, Operand)]


def result(picture: Picture, plot: str) -> Floats:
    return operands(picture, plot)[0][:, 0]


@pytest.mark.parametrize("steps", [0, 4])
@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("name", NETS)
def test_every_equation_holds(name: str, dropout: float, steps: int) -> None:
    one = made(name, steps, regularization={"dropout": dropout, "l2": 0.01, "l1": 0.001})
    context = Context.of(one)
    for part in PARTS:
        for row, column in ((0, 0), (2, 1)):
            for picture in stages(context, part=part, example=1, row=row, column=column):
                for equation in equations(picture).values():
                    holds(equation)


@pytest.mark.parametrize(("units", "sent"), [(64, 64), (200, 200), (512, 512)])
def test_all_that_a_sum_runs_over_is_sent(units: int, sent: int) -> None:
    """The page moves through it; other rows and columns come with another entry."""
    one = trained({"model": {"hidden": [units, 30]}}, 1)
    context = Context.of(one)
    for row in (0, 29):
        equation = equations(stage(context, "layer2", row=row))["z2"]
        _, w, h, _ = (item for item in equation.items if isinstance(item, Operand))
        assert (w.column, w.values.shape[1]) == (0, sent)
        assert (h.row, h.values.shape) == (0, (sent, 1))
        exact = mlp_of(one).dense[1].weight.detach().numpy()
        rows = slice(w.row, w.row + len(w.values))
        np.testing.assert_array_equal(w.values, exact[rows].astype(np.float32))
        assert rows.start <= row < rows.stop
        assert w.values.size <= 24 * 512, "a picture stays small"


@dataclass
class ByHand:
    """One example's pass in NumPy and float64, layer by layer from 1; [0] is unused but for h."""

    h: list[Floats]
    z: list[Floats]
    theta: Floats
    loss: float
    delta: list[Floats]


def by_hand(one: Trainer, x: Any, y: Any, masks: list[Floats]) -> ByHand:
    """``masks`` are the factors of each hidden layer's units."""
    spec, weights = one.spec, one.weights()
    chosen = perceptron(spec).activations
    last = len(chosen) + 1
    w = [np.asarray(weights[f"layers.{i}.weight"], np.float64) for i in range(last)]
    b = [np.asarray(weights.get(f"layers.{i}.bias", np.zeros(len(w[i]))), np.float64)
         for i in range(last)]  # fmt: skip
    residual = [perceptron(spec).residual and i < last - 1 and w[i].shape[0] == w[i].shape[1]
                for i in range(last)]  # fmt: skip
    h, z, values = [features(spec, x[None])[0]], [], []
    for i in range(last - 1):
        z.append(w[i] @ h[-1] + b[i])
        values.append(VALUES[chosen[i].kind](z[-1], chosen[i].knobs))
        h.append((values[-1] + h[-1] if residual[i] else values[-1]) * masks[i])
    theta = w[-1] @ h[-1] + b[-1]
    loss, delta = _loss(spec.objective, theta, y)
    deltas = [delta]
    carried = None
    for i in range(last - 2, -1, -1):
        into = w[i + 1].T @ deltas[0]
        if residual[i + 1] and carried is not None:
            into = into + carried
        carried = into * masks[i]
        if chosen[i].kind == "softmax":
            s = values[i]
            deltas.insert(0, (np.diag(s) - np.outer(s, s)) @ carried)
        else:
            deltas.insert(0, carried * DERIVATIVES[chosen[i].kind](z[i], chosen[i].knobs))
    return ByHand(h, z, theta, loss, deltas)


def _loss(objective: Any, theta: Floats, y: float) -> tuple[float, Floats]:
    match objective.kind:
        case "bernoulli":
            p = expit(theta)
            return float(-np.log(p[0] if y else 1 - p[0])), p - y
        case "categorical":
            truth = np.eye(len(theta))[int(y)]
            return float(logsumexp(theta) - theta[int(y)]), softmax(theta) - truth
        case _:
            s = objective.sigma
            error = theta - y
            return float(error[0] ** 2 / (2 * s * s) + log(s) + log(2 * pi) / 2), error / s**2


@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", NETS)
def test_numbers_are_those_of_numpy(name: str, part: str, dropout: float) -> None:
    one = made(name, regularization={"dropout": dropout})
    context = Context.of(one)
    facts = stage(context, "input", part=part, example=2).facts
    data = one.data.test_x if part == "test" else one.data.train_x
    targets = one.data.test_y if part == "test" else one.data.train_y
    hidden = [len(layer.weight) for layer in mlp_of(one).dense[:-1]]
    masks = [np.ones(width) for width in hidden]
    if part == "batch" and dropout:
        draw = one.draws().mask
        size = len(facts["batch"])
        masks = [draw(torch.ones(size, width))[2].double().numpy() for width in hidden]
    row = facts["row"]
    assert row == (facts["batch"][2] if part == "batch" else 2)
    expected = by_hand(one, data[row], float(targets[row]), masks)
    assert_allclose(facts["x"], data[row])
    assert facts["y"] == targets[row]

    def seen(name: str) -> Picture:
        return stage(context, name, part=part, example=2)

    close: dict[str, Any] = {"rtol": 2e-5, "atol": 2e-6}
    assert_allclose(result(seen("input"), "h0"), expected.h[0], **close)
    for layer in range(1, len(hidden) + 1):
        picture = seen(f"layer{layer}")
        assert_allclose(result(picture, f"z{layer}"), expected.z[layer - 1], **close)
        final = [plot for plot in equations(picture) if equations(picture)[plot].items][-1]
        assert_allclose(result(picture, final), expected.h[layer], **close)
    assert_allclose(result(seen("output"), "theta"), expected.theta, **close)
    assert_allclose(result(seen("loss"), "loss")[0], expected.loss, **close)
    for layer, delta in enumerate(expected.delta, start=1):
        picture = seen(f"delta{layer}")
        assert_allclose(result(picture, f"delta{layer}"), delta, **close)
        outer = np.outer(delta, expected.h[layer - 1])
        assert_allclose(operands(picture, f"gW{layer}")[0], outer, **close)
        for check in picture.facts["checks"]:
            whole = outer if check["parameter"].endswith("weight") else delta
            assert check["entries"] == whole.size
            assert_allclose(check["written"], whole[tuple(check["index"])], **close)


@pytest.mark.parametrize("name", NETS)
def test_three_ways_agree(name: str) -> None:
    context = Context.of(made(name, regularization={"dropout": 0.2}))
    for picture in stages(context, row=1, column=1):
        for check in picture.facts.get("checks", []):
            assert check["apart"] < 1e-12
            assert not check["kink"]
            assert_allclose(check["written"], check["autograd"], rtol=1e-9, atol=1e-14)
            assert_allclose(check["difference"], check["autograd"], rtol=1e-4, atol=1e-8)


def test_kink_within_the_difference_is_said() -> None:
    one = trained({"data": {"kind": "sine", "samples": 20},
                   "model": {"hidden": [2], "activation": "relu"}}, 0)  # fmt: skip
    x, _ = one.parts["train"]
    first, second = one.parameters()["layers.0.weight"], one.parameters()["layers.0.bias"]
    first.fill_(1.0)
    second[0] = -float(x[0, 0]) + 1e-9  # z is 0 but for rounding: ±1e-5 crosses the kink
    second[1] = 5.0
    context = Context.of(one)
    close, far = (
        stage(context, "delta1", part="train", example=0, row=row).facts["checks"] for row in (0, 1)
    )
    assert [check["kink"] for check in close] == [True, True]
    assert [check["kink"] for check in far] == [False, False]


def test_every_activation_has_its_curve_and_formula() -> None:
    for kind in ACTIVATIONS:
        one = trained({"model": {"hidden": [3], "activation": kind}, "arithmetic": "torch"})
        picture = stage(Context.of(one), "layer1", row=1)
        line = worked(picture, "h1")
        z, h = result(picture, "z1")[1], line.value
        if kind == "softmax":
            assert "curve" not in [plot.id for plot in picture.plots]
            continue
        curve = next(plot for plot in picture.plots if plot.id == "curve")
        marks: Any = curve.marks
        drawn, tangent, point = marks
        assert_allclose([point.x[0], point.y[0]], [z, h], rtol=1e-6)
        knobs = {name: knob.default for name, knob in ACTIVATIONS[kind].knobs.items()}
        x = np.asarray(drawn.x, np.float64)
        assert_allclose(drawn.y, VALUES[kind](x, knobs), rtol=1e-4, atol=1e-5)
        rise = np.diff(tangent.y) / np.diff(tangent.x)
        expected = DERIVATIVES[kind](np.array([z]), knobs)
        assert_allclose(rise, expected, rtol=1e-3, atol=1e-4)
        assert line.terms[0].numbers != line.terms[0].symbols


def test_run_goes_on_as_if_nobody_had_looked() -> None:
    one, other = (made("tanh", regularization={"dropout": 0.2}) for _ in range(2))
    for _ in range(3):
        list(stages(Context.of(one)))
        one.step()
        other.step()
    assert (one.flat.phi == other.flat.phi).all()


@pytest.mark.parametrize(
    ("options", "path", "said"),
    [
        ({"example": 10}, "options.example", "0 to 9."),
        ({"part": "test", "example": 9999}, "options.example", "0 to"),
        ({"stage": "first"}, "options.stage", "input, layer1, layer2, output, loss, delta3"),
        ({"stage": "update", "parameter": "W"}, "options.parameter", "layers.0.weight"),
    ],
)
def test_wrong_options(options: dict[str, Any], path: str, said: str) -> None:
    with pytest.raises(OptionError) as refused:
        run_probe(Context.of(made("tanh")), "step_by_step", options)
    assert refused.value.path == path
    assert said in str(refused.value.hint)


def test_wide_layers_are_shown_around_the_entry() -> None:
    one = trained({"model": {"hidden": [70, 50]}, "arithmetic": "torch"})
    picture = stage(Context.of(one), "layer2", row=33)
    for equation in equations(picture).values():
        holds(equation)
    line = worked(picture, "z2")
    assert len(line.terms) == 65  # the 63 largest, the others together, and the bias
    assert line.terms[-2].symbols == r"\text{7 others}"
    shown = equations(picture)["z2"].items[0]
    assert isinstance(shown, Operand)
    assert shown.row <= 33 < shown.row + len(shown.values)
    assert shown.rows == 50
