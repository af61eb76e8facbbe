"""The walk through recurrent networks: every cell, depth, task and place."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from torch import Tensor

from livenet.errors import OptionError
from livenet.models.rnn import Rnn
from livenet.pictures import Bars, Line, Matrix, Operand, Picture
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.training import Trainer
from livenet.wire.frame import decode, document, encode
from tests.probes.helpers import everything, mark, trained
from tests.probes.steps.holding import equations, holds, stage, stages, worked, written

HALF_LOG_2PI = 0.5 * np.log(2 * np.pi)
Floats = NDArray[np.float64]
DROPPED = {"regularization": {"dropout": 0.3}}
RECALL = {"kind": "delayed_recall", "samples": 60, "delay": 5}
SPECS: dict[str, dict[str, Any]] = {
    "rnn": {"data": RECALL, "model": {"cell": "rnn", "hidden": 5, "depth": 2}, **DROPPED},
    "rnn relu": {
        "data": {"kind": "parity", "samples": 60, "length": 7},
        "model": {"cell": "rnn", "activation": "relu", "hidden": 6},
    },
    "lstm": {"data": RECALL, "model": {"cell": "lstm", "hidden": 5}},
    "lstm of reals": {
        "data": {"kind": "waves", "samples": 60, "length": 8},
        "model": {"kind": "rnn", "cell": "lstm", "hidden": 4, "depth": 2},
        **DROPPED,
    },
    "gru": {
        "data": {"kind": "addition", "samples": 60, "length": 6},
        "model": {"cell": "gru", "hidden": 5, "depth": 2},
        **DROPPED,
    },
    "gru of pairs": {
        "data": {"kind": "reverse", "samples": 60, "length": 4, "symbols": 5},
        "model": {"kind": "rnn", "cell": "gru", "hidden": 5},
    },
    "lstm of characters": {
        "data": {"kind": "characters", "samples": 60, "length": 8},
        "model": {"hidden": 5},
    },
}


def net(name: str, steps: int = 3, **sections: Any) -> Trainer:
    document = {"training": {"batch_size": 7}, **SPECS[name], **sections}
    return trained(document, steps)


def net_of(one: Trainer) -> Rnn:
    assert isinstance(one.model, Rnn)
    return one.model


@pytest.mark.parametrize("part", ["batch", "test"])
@pytest.mark.parametrize("name", SPECS)
def test_every_equation_of_every_stage_holds(name: str, part: str) -> None:
    one = net(name)
    context = Context.of(one)
    before = everything(one)
    for place in (0, 2, None):
        for layer in range(1, len(net_of(one).cells) + 1):
            for row, column in ((0, 0), (3, 2)):
                options = {"part": part, "example": 1, "place": place, "layer": layer}
                for picture in stages(context, row=row, column=column, **options):
                    assert picture.plots
                    for equation in equations(picture).values():
                        holds(equation)
                        written(equation)
    assert everything(one) == before


def read_of(one: Trainer, context: Context, part: str, example: int) -> tuple[Tensor, Tensor, Any]:
    """x (T, D_in) in float64, y (T,) and the dropout masks (T, D) of each layer."""
    model = net_of(one)
    masks: list[Any] = [None] * len(model.cells)
    if part == "batch":
        upcoming = context.upcoming()
        x, y = upcoming.x, upcoming.y
        draws, size = upcoming.draws(), (*x.shape[:2], model.cells[0].width)
        if draws.rho:
            masks = [draws.mask(torch.zeros(size))[example].double() for _ in model.cells]
    else:
        x, y = one.parts[part]
    x, y = x[example], y[example]
    x = x.double() if x.is_floating_point() else torch.eye(model.symbols).double()[x]
    return x, y, masks


class Unrolled:
    """The equations of the cells one time step at a time, in float64, with every value a leaf of
    autograd's graph."""

    def __init__(self, one: Trainer, x: Tensor, y: Tensor, masks: Any) -> None:
        model = net_of(one)
        self.p = {
            name: value.detach().double().requires_grad_()
            for name, value in one.parameters().items()
        }
        self.layers: list[list[dict[str, Tensor]]] = []
        read = list(x)
        for number, mask in enumerate(masks):
            relu = model.cells[number].activation == "relu"
            self.layers.append(self.run(number, model.cell, read, relu))
            read = [now["h"] for now in self.layers[-1]]
            if mask is not None:
                read = [h * mask[t] for t, h in enumerate(read)]
        w, b = self.p["output.weight"], self.p["output.bias"]
        self.theta = [w @ h + b for h in read]
        self.losses = [self.loss_at(theta, y[t]) for t, theta in enumerate(self.theta)]
        self.loss = torch.stack([loss for loss in self.losses if loss is not None]).mean()

    @staticmethod
    def loss_at(theta: Tensor, y: Tensor) -> Tensor | None:
        if y.is_floating_point():
            return None if bool(y.isnan()) else (theta[0] - y).square() / 2 + HALF_LOG_2PI
        return None if int(y) < 0 else -theta.log_softmax(0)[y]

    def run(self, number: int, cell: str, xs: list[Tensor], relu: bool) -> list[dict[str, Tensor]]:
        w_x, w_h, b = (
            self.p[f"layers.{number}.{name}"] for name in ("input.weight", "state.weight", "bias")
        )
        width = w_h.shape[1]
        h = c = torch.zeros(width).double()
        found = []
        for x in xs:
            a, s = w_x @ x + b, w_h @ h
            if cell == "rnn":
                z = {"h": a + s}
                h = z["h"].relu() if relu else z["h"].tanh()
                now = {"h": h}
            elif cell == "gru":
                (r, u, n), (sr, su, sn) = torch.split(a, width), torch.split(s, width)
                z = {"r": r + sr, "z": u + su}
                now = {"r": z["r"].sigmoid(), "z": z["z"].sigmoid()}
                z["n"] = n + now["r"] * sn
                now["n"] = z["n"].tanh()
                h = (1 - now["z"]) * now["n"] + now["z"] * h
                now["h"] = h
            else:
                z = dict(zip(("i", "f", "C̃", "o"), torch.split(a + s, width), strict=True))
                now = {k: v.tanh() if k == "C̃" else v.sigmoid() for k, v in z.items()}
                c = now["f"] * c + now["i"] * now["C̃"]
                h = now["o"] * c.tanh()
                now |= {"C": c, "h": h}
            found.append({**now, **{f"z_{name}": value for name, value in z.items()}})
        return found

    def by(self, value: Tensor) -> Floats:
        """∂ℓ/∂value, over all paths."""
        (found,) = torch.autograd.grad(
            self.loss, value, retain_graph=True, allow_unused=True, materialize_grads=True
        )
        return found.numpy()


def result(picture: Picture, plot: str) -> Floats:
    """An equation's result, as a vector or matrix."""
    shown = equations(picture)[plot].items[0]
    assert isinstance(shown, Operand)
    values = np.asarray(shown.values, np.float64)
    return values[:, 0] if values.shape[1] == 1 else values


IDS = {"C̃": "candidate", "C": "cell"}
CASES = [(name, part, place) for name in SPECS for part in ("batch", "test") for place in (0, 3)]


@pytest.mark.parametrize(("name", "part", "place"), CASES)
def test_the_forward_numbers_are_those_of_the_equations(name: str, part: str, place: int) -> None:
    one = net(name)
    context = Context.of(one)
    x, y, masks = read_of(one, context, part, 2)
    hand = Unrolled(one, x, y, masks)
    for layer, found in enumerate(hand.layers, start=1):
        asked = {"part": part, "example": 2, "place": place, "layer": layer, "row": 1}
        for gate, wanted in found[place].items():
            if gate.startswith("z_"):
                id, plot = IDS.get(gate[2:], gate[2:]), "z"
                id = "z" if one.spec.model.kind == "rnn" and net_of(one).cell == "rnn" else id
            else:
                id, plot = IDS.get(gate, gate), {"C": "C", "h": "h"}.get(gate, "value")
            picture = stage(context, id, **asked)
            assert_allclose(result(picture, plot), wanted.detach().numpy(), atol=2e-5)
            over = [m for p in picture.plots if p.id == "over" for m in p.marks]
            if not gate.startswith("z_"):
                line = next(m for m in over if isinstance(m, Line))
                assert_allclose(line.y, [now[gate][1].item() for now in found], atol=2e-5)
            if gate in picture.facts["gates"]:
                table = picture.facts["gates"][gate]
                assert table["value"] == pytest.approx(wanted[1].item(), abs=2e-5)
                z = found[place][f"z_{gate}"][1].item()
                assert table["z"] == pytest.approx(z, abs=2e-5)
                assert table["x"] + table["h"] + table["b"] == pytest.approx(z, abs=2e-5)
    output = stage(context, "output", part=part, example=2, place=place)
    theta = hand.theta[place].detach()
    assert_allclose(result(output, "theta"), theta.numpy(), atol=2e-5)
    if len(theta) > 1:
        assert_allclose(mark(output, Bars).values, theta.softmax(0).numpy(), atol=2e-5)


@pytest.mark.parametrize(
    ("name", "id", "gates"), [("lstm", "cell", ("f", "i")), ("gru of pairs", "h", ("r", "z"))]
)
def test_the_gates_of_a_unit_are_shown_at_every_place(
    name: str, id: str, gates: tuple[str, str]
) -> None:
    one = net(name)
    context = Context.of(one)
    (found,) = Unrolled(one, *read_of(one, context, "test", 2)).layers
    matrix = mark(stage(context, id, part="test", example=2, row=3, place=1), Matrix, "gates")
    assert matrix.row_labels == gates
    rows = np.array([[now[gate][3].item() for now in found] for gate in gates])
    assert_allclose(matrix.values, rows, atol=2e-5)
    assert matrix.outlined is not None
    assert matrix.outlined.tolist() == [[0, 1], [1, 1]]


@pytest.mark.parametrize("part", ["batch", "test"])
@pytest.mark.parametrize("name", SPECS)
def test_the_loss_is_the_mean_over_the_scored_places_of_a_product(name: str, part: str) -> None:
    one = net(name)
    context = Context.of(one)
    hand = Unrolled(one, *read_of(one, context, part, 2))
    picture = stage(context, "loss", part=part, example=2)
    losses = [None if loss is None else loss.item() for loss in hand.losses]
    scored = [loss for loss in losses if loss is not None]
    assert picture.facts["loss"] == pytest.approx(np.mean(scored), abs=2e-5)
    assert picture.facts["log_likelihood"] == pytest.approx(-np.sum(scored), abs=1e-4)
    assert result(picture, "product") == pytest.approx(np.exp(-np.sum(scored)), rel=1e-3)
    assert len(worked(picture, "product").terms) == len(scored)
    assert_allclose(mark(picture, Bars, "losses").values, [loss or 0 for loss in losses], atol=2e-5)
    place = picture.facts["place"]
    assert result(picture, "here") == pytest.approx(losses[place], abs=2e-5)


@pytest.mark.parametrize(("name", "part", "place"), CASES)
def test_the_backward_numbers_are_those_of_autograd(name: str, part: str, place: int) -> None:
    one = net(name)
    context = Context.of(one)
    hand = Unrolled(one, *read_of(one, context, part, 2))
    for layer, found in enumerate(hand.layers, start=1):
        asked: dict[str, Any] = {"part": part, "example": 2, "place": place, "layer": layer}
        asked |= {"row": 1, "column": 1}

        def close(id: str, plot: str, value: Tensor, options: Any = asked) -> None:
            wanted = hand.by(value)
            peak = max(float(np.abs(wanted).max()), 1e-6)
            found = result(stage(context, id, **options), plot).reshape(-1)
            assert_allclose(found / peak, wanted.reshape(-1) / peak, atol=1e-4)

        close("delta", "delta", hand.theta[place])
        close("back_h", "back_h", found[place]["h"])
        if place:
            close("before", "back_h", found[place - 1]["h"])
        if "C" in found[place]:
            close("back_C", "back_C", found[place]["C"])
            if place:
                close("before", "back_C", found[place - 1]["C"])
        for gate in (gate for gate in found[place] if gate.startswith("z_")):
            id = "candidate" if gate == "z_C̃" else gate[2:]
            close("back_z", f"delta_{id}", found[place][gate])
        start = f"layers.{layer - 1}."
        for parameter in ("input.weight", "state.weight", "bias"):
            wanted = hand.by(hand.p[start + parameter])
            sums = result(stage(context, "weights", **asked), f"g_{parameter.replace('.', '_')}")
            assert_allclose(sums.reshape(-1), wanted[: len(sums)].reshape(-1), atol=2e-5)


def read_here(one: Trainer, layer: int, x: Tensor, masks: Any, hand: Unrolled) -> list[Tensor]:
    """What a layer reads at every place, from 1."""
    if layer == 1:
        return list(x)
    below = [now["h"] for now in hand.layers[layer - 2]]
    mask = masks[layer - 2]
    return below if mask is None else [h * mask[t] for t, h in enumerate(below)]


def wires_by_hand(
    hand: Unrolled, layer: int, x: Tensor, now: dict[str, Tensor], before: dict[str, Tensor]
) -> dict[str, Tensor]:
    """Of all units, from the parameters and the states of the unrolled net."""
    w_x, w_h, b = (
        hand.p[f"layers.{layer - 1}.{name}"] for name in ("input.weight", "state.weight", "bias")
    )
    h, width = before["h"], w_h.shape[1]
    found = {"h_before": h, **{name: one for name, one in now.items() if name[:2] != "z_"}}
    if "C" in now:
        c = before["C"]
        found |= {"C_before": c, "kept": now["f"] * c, "added": now["i"] * now["C̃"]}
        return {**found, "tanh_C": now["C"].tanh()}
    if "r" in now:
        share, some = w_h[2 * width :] @ h, 1 - now["z"]
        found |= {"from_h": share, "reset": now["r"] * share, "open": some}
        return {**found, "added": some * now["n"], "kept": now["z"] * h}
    return {**found, "from_x": w_x @ x, "from_h": w_h @ h, "b": b, "z": now["z_h"]}


@pytest.mark.parametrize(("name", "part", "place"), CASES)
def test_the_wires_of_a_cell_have_the_numbers_of_the_equations(
    name: str, part: str, place: int
) -> None:
    one = net(name)
    context = Context.of(one)
    x, y, masks = read_of(one, context, part, 2)
    hand = Unrolled(one, x, y, masks)
    for layer, found in enumerate(hand.layers, start=1):
        nothing = {key: torch.zeros_like(value) for key, value in found[0].items()}
        before = found[place - 1] if place else nothing
        read = read_here(one, layer, x, masks, hand)[place]
        wanted = wires_by_hand(hand, layer, read, found[place], before)
        # By all values of which the loss is a function: h_0 and C_0 are not.
        states = [state for state in ("h", "C") if state in found[place]]
        values = {key: found[place][key] for key in found[place] if key[:2] == "z_"}
        values |= {state: found[place][state] for state in states}
        values |= {f"{state}_before": before[state] for state in states if place}
        by = {key: hand.by(value) for key, value in values.items()}
        peak = max(float(np.abs(one).max()) for one in by.values())
        asked: dict[str, Any] = {"part": part, "example": 2, "place": place, "layer": layer}
        for picture in stages(context, row=3, **asked):
            facts = picture.facts
            if facts["stage"] == "update":
                continue
            assert set(facts["wires"]) == set(wanted)
            for wire, value in wanted.items():
                assert facts["wires"][wire] == pytest.approx(value[3].item(), abs=2e-5), wire
            group = next(s["group"] for s in facts["stages"] if s["id"] == facts["stage"])
            assert set(facts["by_wire"]) == (set(by) if group == "backward" else set())
            for wire, shown in facts["by_wire"].items():
                assert shown == pytest.approx(by[wire][3], abs=1e-4 * peak + 1e-9), wire
            of, derivative = facts["across"]["of"], facts["across"]["derivative"]
            assert derivative == (group == "backward")
            everyone = wanted[of].detach().numpy()
            if derivative:
                everyone, tolerance = by[of], 1e-4 * peak + 1e-9
            else:
                tolerance = 2e-5
            assert_allclose(facts["across"]["values"], everyone, atol=tolerance)


OF_ALL = {
    "lstm": {"input": "h_before", "f": "f", "i": "i", "candidate": "C̃", "cell": "C", "o": "o",
             "h": "h", "output": "h", "loss": "h", "delta": "h", "back_h": "h", "back_C": "C",
             "back_z": "h", "before": "h_before", "weights": "h"},
    "gru": {"input": "h_before", "r": "r", "z": "z", "n": "n", "h": "h", "back_h": "h",
            "before": "h_before"},
    "rnn": {"input": "h_before", "z": "z", "h": "h", "output": "h", "before": "h_before"},
}  # fmt: skip


@pytest.mark.parametrize("name", OF_ALL)
def test_what_a_stage_is_about_is_shown_of_all_units(name: str) -> None:
    context = Context.of(net(name))
    for id, of in OF_ALL[name].items():
        assert stage(context, id, place=1).facts["across"]["of"] == of


@pytest.mark.parametrize("name", ["lstm", "gru", "rnn"])
def test_a_row_of_the_gates_together_is_one_of_its_unit(name: str) -> None:
    one = net(name)
    context, width = Context.of(one), net_of(one).cells[0].width
    rows = len(one.parameters()["layers.0.bias"])
    row = rows - 2
    picture = stage(context, "weights", row=row)
    assert picture.facts["unit"] == row % width == width - 2
    assert worked(picture, "g_bias").row == row
    for equation in equations(stage(context, "h", row=row)).values():
        assert equation.worked is not None
        assert equation.worked.row == width - 2


@pytest.mark.parametrize("part", ["batch", "test"])
@pytest.mark.parametrize("name", SPECS)
def test_a_weights_derivative_is_found_in_three_ways(name: str, part: str) -> None:
    context = Context.of(net(name))
    checks = stage(context, "weights", part=part, example=1, row=7, column=2).facts["checks"]
    assert [one["parameter"].split(".", 2)[2] for one in checks] == [
        "input.weight",
        "state.weight",
        "bias",
    ]
    for found in checks:
        assert found["apart"] < 1e-12
        assert found["autograd"] == pytest.approx(found["written"], rel=1e-9, abs=1e-13)
        if not found["kink"]:
            assert found["difference"] == pytest.approx(found["autograd"], rel=1e-4, abs=1e-8)


OPTIMIZERS: list[dict[str, Any]] = [
    {"kind": "sgd", "momentum": 0.9, "nesterov": True},
    {"kind": "adam"},
    {"kind": "adamw", "weight_decay": 0.1},
    {"kind": "rmsprop", "momentum": 0.5, "centered": True},
]
UPDATES = [*((name, {"kind": "adam"}) for name in SPECS), *(("lstm", one) for one in OPTIMIZERS)]


@pytest.mark.parametrize(("name", "optimizer"), UPDATES)
def test_the_shown_update_is_what_the_step_does(name: str, optimizer: dict[str, Any]) -> None:
    one, other = (net(name, optimizer=optimizer) for _ in range(2))
    context = Context.of(one)
    shown = {}
    for parameter, value in one.parameters().items():
        index = [min(2, size - 1) for size in value.shape]
        asked = dict(zip(("row", "column"), index, strict=False))
        picture = stage(context, "update", parameter=parameter, **asked)
        assert picture.facts["index"] == index
        bars = mark(picture, Bars, "each").values
        mean = next(m for m in picture.plots[0].marks if isinstance(m, Line)).y[0]
        assert bars.mean() == pytest.approx(mean, rel=1e-3, abs=1e-7)
        shown[parameter] = tuple(index), picture.facts["updated"]
    for now in (one, other):
        now.step()
    assert everything(one) == everything(other)
    for parameter, (at, updated) in shown.items():
        new = float(one.parameters()[parameter][at])
        assert updated == pytest.approx(new, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30])
@pytest.mark.parametrize("name", ["rnn", "lstm", "gru"])
def test_a_net_that_has_diverged_is_shown(name: str, value: float) -> None:
    one = net(name)
    for weight in one.parameters().values():
        weight.fill_(value)
    for picture in stages(Context.of(one), row=1):
        assert decode(encode(picture))["step"] == 3
        json.dumps(document(picture), allow_nan=False)


def test_an_option_for_other_models_is_refused() -> None:
    with pytest.raises(OptionError) as caught:
        stage(Context.of(net("lstm")), "input", head=2)
    assert caught.value.path == "options.head"
    assert caught.value.message == (
        "head is for transformers; this run's model is a recurrent network"
    )
    perceptron = Context.of(trained({"data": {"kind": "spiral", "samples": 40}}))
    with pytest.raises(OptionError, match="place is for recurrent networks and transformers"):
        run_probe(perceptron, "step_by_step", {"place": 0})
    assert run_probe(perceptron, "step_by_step", {"head": 1, "text": None}).plots


def test_the_update_is_of_the_batch_whichever_example_is_shown() -> None:
    context = Context.of(net("lstm"))
    batch = stage(context, "update", row=3, column=1)
    for options in ({"part": "test", "example": 4}, {"text": "AB?", "place": 1}):
        other = stage(context, "update", row=3, column=1, **options)
        assert other.facts["lines"] == batch.facts["lines"]
        assert_allclose(mark(other, Bars).values, mark(batch, Bars).values)


def test_a_typed_sequence_is_walked_as_it_is_read() -> None:
    one = net("lstm")
    context = Context.of(one)
    picture = stage(context, "loss", text="BAD?")
    facts = picture.facts
    assert (facts["part"], facts["row"]) == ("typed", None)
    assert (facts["input"], facts["place"], facts["steps"]) == (list("BAD?"), 3, 4)
    assert facts["target"] == [None, None, None, "B"]
    theta = one.model(torch.tensor([[1, 0, 3, 5]])).detach()[0, 3]
    assert facts["loss"] == pytest.approx(-float(theta.log_softmax(0)[1]), abs=1e-6)
    for shown in stages(context, text="BAD?", place=2, row=1):
        for equation in equations(shown).values():
            holds(equation)


def test_without_a_target_there_is_no_loss_and_no_way_back() -> None:
    context = Context.of(net("lstm"))
    first = stage(context, "input", text="BAD")
    ids = [one["id"] for one in first.facts["stages"]]
    assert ids == ["input", "f", "i", "candidate", "cell", "o", "h", "output", "update"]
    assert "no loss" in first.facts["unscored"]
    with pytest.raises(OptionError, match="no stage 'loss'"):
        stage(context, "loss", text="BAD")


def test_typed_numbers_are_walked() -> None:
    context = Context.of(net("gru"))
    picture = stage(context, "loss", text="0.25 +0.5 +0.125")
    assert picture.facts["target"] == [None, None, 0.625]
    mu = stage(context, "output", text="0.25 +0.5 +0.125")
    error = float(result(mu, "theta")[0]) - 0.625
    wanted = error**2 / 2 + HALF_LOG_2PI
    assert picture.facts["loss"] == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize(
    ("options", "path", "said", "hint"),
    [
        ({"place": 6}, "place", "place is 6; this sequence has 6 places", "0 to 5."),
        ({"place": 3, "text": "AB?"}, "place", "this sequence has 3 places", "0 to 2."),
        ({"layer": 3}, "layer", "There is no layer 3", "1 to 2."),
        ({"text": "AX"}, "text", "'X', symbol 2", "The symbols are: A, B"),
        ({"text": ""}, "text", "0 symbols were typed", "The symbols are"),
        ({"example": 7}, "example", "there are 7 examples in the next minibatch", "0 to 6."),
        ({"stage": "f"}, "stage", "There is no stage 'f'", "input, z, h"),
        ({"stage": "update", "parameter": "x"}, "parameter", "no parameter 'x'", "layers.0.bias"),
    ],
)
def test_what_is_not_there_is_refused(
    options: dict[str, Any], path: str, said: str, hint: str
) -> None:
    context = Context.of(net("rnn"))
    with pytest.raises(OptionError) as caught:
        run_probe(context, "step_by_step", options)
    assert caught.value.path == f"options.{path}"
    assert said in caught.value.message
    assert hint in caught.value.hint
