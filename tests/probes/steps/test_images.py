"""The walk through convolutional networks: against NumPy, float64 autograd and differences."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from livenet.budget import Budget
from livenet.errors import OptionError
from livenet.pictures import Matrix, Operand
from livenet.probes.context import Context
from livenet.probes.steps.images import CnnWalk
from livenet.probes.steps.losses import gradients, losses_of
from livenet.probes.steps.operations.operation import Value
from livenet.probes.steps.rows import StepByStepOptions
from livenet.training import Trainer
from tests.budgets import Ticking
from tests.models.every import EVERY, Document
from tests.probes.helpers import everything, mark
from tests.probes.steps.cnn_by_hand import ByHand, Floats
from tests.probes.steps.holding import (
    all_hold,
    equations,
    near,
    result_of,
    run_of,
    stage,
    stages,
    worked,
)
from tests.training.runs import OPTIMIZERS, names, steps

DIGITS = EVERY["cnn"]["data"]
DROPOUT = {"dropout": 0.25}


def _model(activation: Any, blocks: list[Document], **sections: Any) -> Document:
    return {"data": DIGITS, "model": {"activation": activation, "blocks": blocks}, **sections}


RUNS: dict[str, Document] = {
    **{name: run for name, run in EVERY.items() if name.startswith("cnn")},
    "dropped": {**EVERY["cnn of every block"], "regularization": DROPOUT},
    "soft": _model(
        "softmax",
        [
            {"kind": "conv", "channels": 3, "kernel": 4, "padding": 2, "stride": 2},
            {"kind": "max_pool", "kernel": 2, "stride": 1},
            {"kind": "dense", "units": 5},
        ],
        regularization=DROPOUT,
    ),
    "plain branch": _model(
        "gelu",
        [
            {"kind": "residual", "channels": 3, "skip": False, "norm": "batch"},
            {"kind": "avg_pool", "kernel": 3, "stride": 2},
            {"kind": "global_pool"},
            {"kind": "dense", "units": 6},
            {"kind": "batch_norm"},
            {"kind": "dense", "units": 5},
            {"kind": "layer_norm"},
        ],
    ),
    "wide": _model(
        {"kind": "leaky_relu", "alpha": 0.3},
        [
            {"kind": "residual", "channels": 30, "depth": 1},
            {"kind": "conv", "channels": 40, "kernel": 9},
        ],
    ),
    "normed maps": _model(
        "tanh", [{"kind": "conv", "channels": 2}, {"kind": "layer_norm"}, {"kind": "flatten"}]
    ),
    "without biases": {
        "data": DIGITS,
        "model": {"bias": False, "blocks": [{"kind": "conv", "channels": 2, "stride": 3}]},
    },
}
ENTRIES: list[dict[str, Any]] = [
    {"example": 2},
    {"example": 5, "row": 3, "column": 4, "channel": 1, "input": 1},
    {"part": "test", "example": 1, "row": 6, "column": 5, "channel": 2, "input": 3},
    {"part": "train", "example": 4, "row": 99, "column": 99, "channel": 99, "input": 99},
]


@pytest.mark.parametrize("name", RUNS)
def test_every_worked_entry_is_the_networks_number(name: str) -> None:
    """At step 0, where a blank background makes many exact zeros; later ones are below."""
    context = Context.of(run_of(RUNS[name]))
    for options in ENTRIES[1:3]:
        for picture in stages(context, **options):
            all_hold(picture)


@pytest.mark.parametrize("name", ["cnn", "cnn of every block"])
@pytest.mark.parametrize("example", [0, 5])
def test_without_an_entry_maps_begin_at_the_brightest_pixel(name: str, example: int) -> None:
    one = run_of(RUNS[name])
    context = Context.of(one)
    image = context.upcoming().x[example, 0].numpy()
    down, across = np.unravel_index(image.argmax(), image.shape)
    height, width = image.shape
    assert image[0, 0] < image[down, across]
    for picture in stages(context, example=example):
        assert picture.facts.get("pixel", image.max()) == image.max()
        for equation in equations(picture).values():
            worked, of = equation.worked, equation.items[0]
            assert isinstance(of, Operand)
            if worked is None or not of.pixels or picture.facts["stage"] == "update":
                continue
            assert worked.row == (down + 0.5) * of.rows // height
            assert worked.column == (across + 0.5) * of.columns // width
    first = stage(context, "input", example=example, row=0, column=0)
    assert first.facts["pixel"] == image[0, 0], "a chosen entry is the chosen one"


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("options", ENTRIES[1:3], ids=["batch", "test"])
def test_the_forward_pass_against_numpy(name: str, options: dict[str, Any]) -> None:
    one = run_of(RUNS[name], 2)
    context = Context.of(one)
    batch = options.get("part") is None
    upcoming = context.upcoming()
    draws = upcoming.draws()
    row, at = options["example"], options["example"] if batch else 0
    x = upcoming.x if batch else one.parts["test"][0][row : row + 1]

    def mask(shape: tuple[int, ...]) -> Floats:
        # NumPy's axes are in the order of torch's: masks are by index, whatever the strides.
        return draws.mask(torch.zeros(shape)).numpy().astype(np.float64)

    dropout = one.spec.regularization.dropout > 0 and batch
    by_hand = ByHand(one.spec, one.weights(), x.numpy(), batch, mask if dropout else None)
    seen = 0
    for picture in stages(context, **options):
        for plot, equation in equations(picture).items():
            expected = by_hand.values.get((picture.facts["stage"], plot))
            if expected is None:
                continue
            result, own = result_of(equation), expected[at]
            if own.ndim == 3 and plot == "h" and name == "soft":  # over the channels at a pixel
                i, j = (
                    min(options[side], size - 1)
                    for side, size in zip(("row", "column"), own.shape[1:], strict=True)
                )
                own = own[:, i, j]
            if own.ndim == 3:
                own = own[min(options["channel"], len(own) - 1)]
            own = own.reshape(len(own), -1)
            assert (result.rows, result.columns) == own.shape
            part = own[result.row :, result.column :][
                : len(result.values), : result.values.shape[1]
            ]
            assert_allclose(result.values, part, rtol=2e-4, atol=2e-5)
            seen += 1
    assert seen == len(by_hand.values)


@pytest.mark.parametrize("name", RUNS)
def test_the_recorded_pass_is_the_models(name: str) -> None:
    context = Context.of(run_of(RUNS[name], 2))
    for options in ENTRIES[1:3]:
        walk = CnnWalk(context, StepByStepOptions(**options))
        theta = walk.layers[-1].operations[-1].result.tensor
        draws = walk.upcoming.draws() if walk.example.training else None
        with torch.no_grad():
            assert torch.equal(theta, walk.model(walk.example.x, draws))


@pytest.mark.parametrize("name", RUNS)
def test_derivatives_by_parameters_three_ways(name: str) -> None:
    context = Context.of(run_of(RUNS[name], 2))
    checked, smooth = set(), 0
    for options in ENTRIES:
        for picture in stages(context, **options):
            all_hold(picture)
            for check in picture.facts.get("checks", []):
                near(check["written"], check["autograd"], 1e-9)
                assert check["apart"] < 1e-9
                checked.add(check["parameter"])
                if not check["kink"]:
                    near(check["difference"], check["autograd"], 1e-5)
                    smooth += 1
    parameters = {name for name, _ in context.model.named_parameters()}
    assert checked == parameters
    assert smooth > len(parameters)


@pytest.mark.parametrize("name", RUNS)
def test_the_derivative_by_a_pixel_is_a_difference(name: str) -> None:
    """All of the way back, to the very image, in float64."""
    one = run_of(RUNS[name], 2)
    context = Context.of(one)
    options = {"example": 3, "row": 4, "column": 3}
    walk = CnnWalk(context, StepByStepOptions(**options))
    first = walk.layers[0].back
    found = worked(stage(context, first, **options), _last(walk, first))
    width, ends, patterns = 1e-6, [], []
    model = walk.model.double()
    for sign in (1, -1):
        x = walk.example.x.double().clone()
        x[3, 0, 4, 3] += sign * width
        with torch.no_grad():
            theta = model(x, walk.upcoming.draws())[3:4]
        ends.append(float(context.likelihood.nll(theta, walk.example.y[3:4])))
        patterns.append(walk.pattern(model, x))
    above, below = patterns
    if above is not None and below is not None and not torch.equal(above, below):
        return  # it crosses a kink
    near(found.value, (ends[0] - ends[1]) / (2 * width), 2e-4)


def _last(walk: CnnWalk, back: str) -> str:
    """The plot that shows ∂ℓ/∂x."""
    return list(equations(stage(walk.context, back, example=3, row=4, column=3)))[-1]


@pytest.mark.parametrize("name", ["cnn", "cnn of every block", "cnn that pools first", "wide"])
@pytest.mark.parametrize("entry", [(0, 0), (1, 1)])
def test_the_outlined_pixels_are_those_that_reach_the_entry(
    name: str, entry: tuple[int, int]
) -> None:
    """A pixel that is changed a lot changes the unit, in one of its channels, or is outside."""
    context = Context.of(run_of(RUNS[name], 2))
    walk = CnnWalk(context, StepByStepOptions(part="test"))
    seen = 0
    for layer in walk.layers:
        picture = stage(context, layer.id, part="test", row=entry[0], column=entry[1])
        if any(plot.id == "under" for plot in picture.plots) and layer is walk.layers[0]:
            continue  # the input of the convolution is the image
        outlined = mark(picture, Matrix, "image").outlined
        if outlined is None:
            continue
        seen += 1
        found = np.zeros(walk.example.x.shape[2:], bool)
        for pixel in np.ndindex(*found.shape):
            found[pixel] = _changes(walk, layer.id, entry, pixel)
        rows, columns = np.nonzero(found)
        top, left = outlined.min(0)
        bottom, right = outlined.max(0)
        assert (top, bottom) == (rows.min(), rows.max())
        assert (left, right) == (columns.min(), columns.max())
        assert {(i, j) for i, j in outlined.tolist()} <= set(zip(rows, columns, strict=True))
    assert seen > 0


def _changes(walk: CnnWalk, layer: str, entry: tuple[int, int], pixel: tuple[int, int]) -> bool:
    """Whether an entry depends on a pixel."""
    at, ends = walk.example.at, []
    for value in (-50.0, 0.0, 50.0):
        x = walk.example.x.clone()
        x[at, 0, *pixel] += value
        with torch.no_grad():
            recorded = walk.recorded(walk.model, Value("x", x), None)
        (found,) = (one for one in recorded.layers if one.id == layer)
        ends.append(found.operations[-1].result.tensor[at][:, entry[0], entry[1]])
    return not torch.equal(ends[0], ends[1]) or not torch.equal(ends[2], ends[1])


def test_a_max_pool_passes_the_gradient_to_the_largest_alone() -> None:
    context = Context.of(run_of(RUNS["cnn"], 2))
    walk = CnnWalk(context, StepByStepOptions(example=1))
    pool = walk.layers[1].operations[0]
    h, e = pool.source.tensor[1].detach().numpy(), pool.source.differentiated[1].numpy()
    after = pool.result.differentiated[1].numpy()
    expected = np.zeros_like(h)
    for c, i, j in np.ndindex(*after.shape):
        window = h[c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        u, v = np.unravel_index(window.argmax(), (2, 2))
        expected[c, 2 * i + u, 2 * j + v] += after[c, i, j]
    assert_allclose(e, expected, rtol=1e-6)
    for row, column in np.ndindex(8, 8):
        own = worked(stage(context, "delta2", example=1, row=row, column=column), "e")
        assert_allclose(sum(term.value for term in own.terms), expected[0, row, column], rtol=1e-6)


def test_a_batch_norm_brings_the_other_examples_in() -> None:
    """The derivative of one example's loss has a share that goes through the others."""
    context = Context.of(run_of(RUNS["cnn of every block"], 2))
    texts = [term.symbols for term in worked(stage(context, "delta1", example=1), "gW").terms]
    assert r"\text{through other examples}" in texts
    alone = stage(context, "delta1", part="test", example=1)
    assert r"\text{through other examples}" not in [t.symbols for t in worked(alone, "gW").terms]


FEW = _model(
    "relu",
    [{"kind": "conv", "channels": 3}, {"kind": "batch_norm"}, {"kind": "max_pool", "kernel": 4}],
)


@pytest.mark.parametrize(
    ("run", "optimizer"),
    [*((FEW, one) for one in OPTIMIZERS), (RUNS["cnn of every block"], {"kind": "adam"})],
    ids=[*map(names, OPTIMIZERS), "every block"],
)
def test_the_update_is_the_next_step(run: Document, optimizer: Document) -> None:
    document = {**run, "optimizer": optimizer}
    document["regularization"] = {"l2": 0.01, "l1": 0.001, "dropout": 0.2}
    one = run_of(document, 3)
    context = Context.of(one)
    chosen = {"row": 1, "column": 2}
    shown = {}
    for name in one.parameters():
        picture = stage(context, "update", parameter=name, **chosen)
        all_hold(picture)
    shown = {
        name: stage(context, "update", parameter=name, **chosen).facts for name in one.parameters()
    }
    one.step()
    after = one.weights()
    for name, facts in shown.items():
        assert_allclose(facts["updated"], after[name][tuple(facts["index"])], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", RUNS)
def test_each_examples_derivative(name: str) -> None:
    """Against autograd in float64, example by example; their mean is the minibatch's gradient."""
    context = Context.of(run_of(RUNS[name], 2))
    upcoming = context.upcoming()
    found = gradients(context, upcoming)
    walk = CnnWalk(context, StepByStepOptions())
    model = walk.model.double()
    losses = losses_of(model)
    x, y = upcoming.x.double(), upcoming.y
    with torch.enable_grad():
        own = losses(context, model, x, y, upcoming.draws(), 0)
        weights = list(model.parameters())
        wanted = [torch.autograd.grad(one, weights, retain_graph=True) for one in own]
    for at, (parameter, weight) in enumerate(model.named_parameters()):
        index = tuple(size - 1 for size in weight.shape)
        each = found.each(parameter, index)
        assert_allclose(
            float(each.mean()), float(found.mean[parameter][index]), atol=2e-6, rtol=1e-4
        )
        expected = [float(one[at][index]) for one in wanted]
        assert_allclose(each, expected, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", ["cnn of every block", "dropped"])
def test_a_look_changes_nothing(name: str) -> None:
    seen, unseen = (run_of(RUNS[name], 2) for _ in range(2))
    before = everything(seen)
    for options in ENTRIES:
        for _ in stages(Context.of(seen), **options):
            pass
    assert everything(seen) == before
    assert not seen.model.pending
    assert everything(steps(seen, 3)) == everything(steps(unseen, 3))


def test_a_kink_is_told() -> None:
    """The bias is set so that one z is 0: ±h then lie on two pieces of a ReLU."""
    one = run_of(RUNS["cnn"], 2)
    options: dict[str, Any] = {"example": 3, "channel": 0}
    assert not any(found["kink"] for found in _bias_checks(one, options))
    z = CnnWalk(Context.of(one), StepByStepOptions(**options)).layers[0].operations[0].result
    old = float(one.parameters()["layers.0.bias"][0])
    one.edit("layers.0.bias", (0,), old - float(z.tensor.detach()[3, 0, 4, 3]))
    assert [found["kink"] for found in _bias_checks(one, options)] == [True]
    assert not any(found["kink"] for found in _bias_checks(one, {**options, "example": 4}))


def _bias_checks(one: Trainer, options: dict[str, Any]) -> list[Any]:
    facts = stage(Context.of(one), "delta1", **options).facts
    return [found for found in facts["checks"] if found["parameter"] == "layers.0.bias"]


def test_a_budget_ends_the_checks() -> None:
    one = run_of(RUNS["cnn"])
    whole = stage(Context.of(one), "delta1").facts["checks"]
    facts = stage(Context.of(one, budget=Budget(0, Ticking())), "delta1").facts
    assert facts["checks"] == whole[:1]
    assert "The first 1 of 2 checks" in facts["incomplete"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"stage": "nothing"}, "input, layer1"),
        ({"example": 7}, "0 to 6"),
        ({"part": "test", "example": 99}, "0 to 14"),
        ({"stage": "update", "parameter": "layers.9"}, "layers.0.weight"),
        ({"channel": -1}, "0"),
    ],
)
def test_wrong_options_are_refused(options: Document, says: str) -> None:
    context = Context.of(run_of(RUNS["cnn"]))
    with pytest.raises(OptionError) as error:
        stage(context, options.pop("stage", None), **options)
    assert says in (error.value.hint or "")


def test_a_diverged_network_is_shown() -> None:
    one = run_of(RUNS["cnn of every block"], 1)
    one.flat.phi.fill_(float("nan"))
    for picture in stages(Context.of(one)):
        assert picture.plots
