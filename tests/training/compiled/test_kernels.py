"""The machine code against a second implementation: autograd and NumPy."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from livenet.errors import Diverged
from livenet.models import Mlp, StepRandom
from livenet.spec import RunSpec, resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.spec.arithmetic import MOST_PARAMETERS, arithmetic
from livenet.training import Row, Trainer
from livenet.training.likelihoods import likelihood
from livenet.training.streams import stream
from tests.training.runs import OPTIMIZERS, SMALL, names, run, same, steps, trainer

numba = pytest.importorskip("numba", reason="needs Numba")
from livenet.machine_code.objects import object_code  # noqa: E402  # after the check for Numba
from livenet.training.compiled.code import Code  # noqa: E402
from livenet.training.compiled.layout import (  # noqa: E402
    DONE,
    LOSS,
    NUMBERS,
    RESULTS,
    STOPPED,
    Layout,
    Room,
    address,
)
from livenet.training.compiled.philox import philox_block  # noqa: E402

SCALARS = [kind for kind, row in ACTIVATIONS.items() if row.scalar]
DATA = [
    {"kind": "spiral", "samples": 60},
    {"kind": "blobs", "samples": 60, "count": 3},
    {"kind": "sine", "samples": 60},
]


@st.composite
def specs(draw: st.DrawFn) -> RunSpec:
    """Perceptrons of any depth, mix of activations, objective and penalty, that are compiled."""
    hidden = draw(st.lists(st.integers(1, 9), max_size=4))
    chosen = draw(st.lists(st.sampled_from(SCALARS), min_size=len(hidden), max_size=len(hidden)))
    data = draw(st.sampled_from(DATA))
    dropout = draw(st.sampled_from([0.0, 0.0, 0.3, 0.9]))
    # Without a bias a unit whose inputs are all dropped is at the kink of its activation, z = 0.
    bias = dropout > 0 or draw(st.booleans())
    document: dict[str, Any] = {
        "seed": draw(st.integers(0, 1000)),
        "data": data,
        "model": {"hidden": hidden, "activation": chosen, "bias": bias},
        "regularization": {"dropout": dropout},
        "training": {"batch_size": draw(st.integers(1, 30))},
    }
    if data["kind"] != "blobs" and draw(st.booleans()):
        document["objective"] = {"kind": "gaussian", "sigma": 0.5}
    inputs = 1 if data["kind"] == "sine" else 2
    if any(a == b for a, b in zip([inputs, *hidden], hidden, strict=False)):
        document["model"]["residual"] = draw(st.booleans())
    try:
        return resolve(document)
    except Exception:  # noqa: BLE001  # a combination that a spec refuses
        del document["objective"]
        return resolve(document)


def started(spec: RunSpec) -> Trainer:
    """A trainer with random biases, too."""
    one = Trainer(spec)
    for parameter in one.parameters().values():
        noise = torch.empty_like(parameter).normal_(generator=stream(spec.seed, "start"))
        parameter.data.add_(0.3 * noise)
    return one


@cache
def code(real: Any) -> Code:
    return Code(object_code("double" if real is np.float64 else "single"), real)


def gradient(one: Trainer, rows: torch.Tensor, step: int, real: Any) -> tuple[float, np.ndarray]:
    """The loss and ∂L/∂φ in machine code of a precision, by a step of length 0."""
    assert isinstance(one.model, Mlp)
    made = code(real)
    layout = Layout.of(one.model, one.flat, made)
    phi, order = one.flat.phi.numpy().astype(real), rows.numpy()
    g, state, etas = np.zeros_like(phi), np.zeros_like(phi), np.zeros(1)
    x, y = (part.numpy().astype(real) for part in one.parts["train"])
    key, numbers, results = np.array([one._key, 0], np.uint64), np.zeros(NUMBERS), np.zeros(RESULTS)
    kind = type(one.spec.objective)
    made.train(
        *layout.arguments, address(phi), address(g), len(phi), address(state), 1,
        address(x), address(y), *x.shape, address(order), 1, 0, len(order),
        address(etas), 1, step,
        made.address("loss", kind.__name__), getattr(one.spec.objective, "sigma", 1.0),
        0.0, 0.0, one.spec.regularization.dropout, address(key),
        made.address("update", "Sgd"), address(numbers),
        *Room(layout.rows, real).arguments, address(results),
    )  # fmt: skip
    assert results[STOPPED] == DONE
    return float(results[LOSS]), g


def by_autograd(one: Trainer, rows: torch.Tensor, step: int) -> tuple[float, np.ndarray]:
    """The loss and ∂L/∂φ in double precision, by autograd through the tensor form."""
    model = one.model.double()
    try:
        parameters = list(model.parameters())
        for parameter in parameters:
            parameter.grad = None
        draws = StepRandom(one._key, step, one.spec.regularization.dropout)
        x, y = one.parts["train"]
        targets = y[rows] if one.spec.objective.numbered else y[rows].double()
        loss = likelihood(one.spec).nll(model(x[rows].double(), draws), targets)
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        found = np.zeros(len(one.flat.phi))
        for name, parameter in model.named_parameters():
            start, shape = one.flat.places[name]
            assert parameter.grad is not None
            found[start : start + shape.numel()] = parameter.grad.numpy().ravel()
        return float(loss.detach()), found
    finally:
        model.float()


def off(found: Any, exact: Any) -> float:
    size = float(np.linalg.norm(exact))
    return float(np.linalg.norm(found - exact)) / size if size else float(np.linalg.norm(found))


RESIDUAL = resolve(
    {
        "model": {"hidden": [5, 5, 5], "residual": True},
        "regularization": {"dropout": 0.3},
        "training": {"batch_size": 70},  # three blocks of examples
    }
)


@given(spec=specs(), step=st.integers(0, 10**9))
@example(spec=RESIDUAL, step=5)  # two residual layers in a row are rare among the generated
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_gradients_are_autograds_in_double_precision(spec: RunSpec, step: int) -> None:
    one = started(spec)
    rows = one.batches.peek(spec.batch_size)
    loss, found = gradient(one, rows, step, np.float64)
    wanted, exact = by_autograd(one, rows, step)
    assert loss == pytest.approx(wanted, rel=1e-12, abs=1e-12)
    assert off(found, exact) < 1e-12


@given(spec=specs(), step=st.integers(0, 10**9))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_single_precision_is_as_good_as_tensors(spec: RunSpec, step: int) -> None:
    """The error against double precision is at most 4 times that of the tensor form."""
    one = started(spec)
    rows = one.batches.peek(spec.batch_size)
    _, found = gradient(one, rows, step, np.float32)
    x, y = one.parts["train"]
    draws = StepRandom(one._key, step, spec.regularization.dropout)
    tensors = Trainer(spec.model_copy(update={"arithmetic": "torch"}))
    with torch.no_grad():
        tensors.flat.phi.copy_(one.flat.phi)
        tensors.flat.gradient.zero_()
        tensors.objective.descend(spec, x[rows], y[rows], draws)
    _, exact = by_autograd(one, rows, step)
    unit = float(np.finfo(np.float32).eps)
    assert off(found, exact) <= 4 * max(off(tensors.flat.gradient.numpy(), exact), unit)


def _words_of(key: Any, block: Any, draw: Any, step: Any) -> Any:
    words = np.empty(4, np.uint64)
    philox_block(key, block, draw, step, words)
    return words


words_of = numba.njit(_words_of)


@given(*[st.integers(0, 2**63 - 1)] * 2, st.integers(0, 100), st.integers(0, 10**12))
@settings(max_examples=50, deadline=None)
def test_philox_is_numpys(key: int, block: int, draw: int, step: int) -> None:
    found = words_of(
        np.array([key, 0], np.uint64), np.uint64(block + 1), np.uint64(draw), np.uint64(step)
    )
    wanted = np.random.Philox(key=[key, 0], counter=[block, draw, step, 0]).random_raw(4)
    assert found.tolist() == wanted.tolist()


def numbers(row: Row) -> dict[str, float]:
    return {name: value for name, value in row.metrics.items() if value is not None}


@pytest.mark.parametrize("document", OPTIMIZERS, ids=names)
def test_both_arithmetics_train_alike(document: dict[str, Any]) -> None:
    """Thirty steps of both, with everything that changes a gradient, differ by rounding alone."""
    sections: dict[str, Any] = {
        "optimizer": document | {"schedule": {"kind": "cosine", "steps": 40}},
        "regularization": {"dropout": 0.2, "l1": 0.01, "l2": 0.02},
    }
    one, other = (trainer(arithmetic=kind, **sections) for kind in ("compiled", "torch"))
    assert (one.arithmetic, other.arithmetic) == ("compiled", "torch")
    rows = run(one), run(other)
    for mine, theirs in zip(*rows, strict=True):
        assert (mine.step, mine.epoch) == (theirs.step, theirs.epoch)
        assert numbers(mine) == pytest.approx(numbers(theirs), rel=2e-4, abs=2e-5)


@pytest.mark.parametrize("most", [1, 2, 7, 1000])
def test_how_many_steps_a_call_does_changes_no_bit(most: int) -> None:
    sections: dict[str, Any] = {"regularization": {"dropout": 0.2}, "arithmetic": "compiled"}
    one, other = trainer(**sections), trainer(**sections)
    for each, step in ((one, 1), (other, most)):
        while not each.finished:
            each.advance(step)
    assert same(one.snapshot(), other.snapshot())


def test_a_call_ends_at_rows_and_the_end_and_goes_on_through_epochs() -> None:
    # 30 training points in batches of 7: an epoch has 5 steps.
    one = trainer(arithmetic="compiled", training=SMALL["training"] | {"series_every": 12})
    ends = []
    while not one.finished:
        one.advance(1000)
        ends.append((one.step_count, one.epoch))
    assert ends == [(12, 2 + 14 / 30), (24, 4 + 28 / 30), (30, 6.0)]


@pytest.mark.parametrize("kind", ["compiled", "torch"])
def test_a_step_that_is_not_finite_is_refused_with_the_state_untouched(kind: str) -> None:
    one = trainer(
        arithmetic=kind,
        model={"hidden": [4, 4], "activation": "relu"},
        data={"kind": "sine", "samples": 40},
        optimizer={"kind": "sgd", "lr": 1e6, "momentum": 0.5},
    )
    with pytest.raises(Diverged, match="no longer a finite number"):
        steps(one, 200)
    assert one.step_count > 0
    before = one.snapshot()
    with pytest.raises(Diverged, match=f"after step {one.step_count}"):
        one.step()
    assert same(one.snapshot(), before)
    assert np.isfinite(before.phi).all()


@pytest.mark.parametrize(
    ("sections", "wanted"),
    [
        ({}, "compiled"),
        ({"arithmetic": "torch"}, "torch"),
        ({"model": {"hidden": [8], "activation": "softmax"}}, "torch"),
        ({"model": {"hidden": [64, 64]}}, "compiled"),
        ({"model": {"hidden": [200, 200]}}, "torch"),
        ({"model": {"kind": "cnn"}}, "torch"),
    ],
)
def test_chosen_by_the_spec_alone(sections: dict[str, Any], wanted: str) -> None:
    spec = resolve(sections)
    assert arithmetic(spec) == wanted
    assert wanted == "torch" or spec.parameter_count <= MOST_PARAMETERS
    assert Trainer(spec).arithmetic == wanted
