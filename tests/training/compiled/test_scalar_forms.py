"""The plain functions of one number, against the tensor forms in double precision; and that every
kind of the spec has one or says that it has none."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import torch

from livenet.spec import objective as objectives
from livenet.spec import optimizer as optimizers
from livenet.spec import resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.training.compiled.registries import symbols
from livenet.training.likelihoods import EXAMPLES, OF_EXAMPLES
from livenet.training.optimizers import OPTIMIZERS, UPDATES, optimizer
from livenet.training.streams import stream
from tests.training.runs import OPTIMIZERS as DOCUMENTS
from tests.training.runs import names

Z = torch.linspace(-30, 30, 1201, dtype=torch.float64)
SCALARS = [row for row in ACTIVATIONS.values() if row.scalar]


def test_every_kind_has_a_scalar_form_or_says_that_it_has_none() -> None:
    for row in ACTIVATIONS.values():
        assert (row.scalar is None) == (row.slope is None), row.kind
        assert row.scalar is None or len(row.knobs) <= 1, f"{row.kind}: a scalar has one knob"
        assert row.scalar is None or row.elementwise, row.kind
    assert {kind for kind in objectives.KINDS if kind.compiled} == EXAMPLES.keys()
    assert EXAMPLES.keys() <= OF_EXAMPLES.keys()
    assert {kind for kind in optimizers.KINDS if kind.compiled} == UPDATES.keys()
    assert UPDATES.keys() <= OPTIMIZERS.keys()


def test_every_compiled_function_has_a_name_of_its_own() -> None:
    names = symbols()
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("row", SCALARS, ids=lambda row: row.kind)
def test_activations(row: Any) -> None:
    for share in (0.0, 0.3, 1.0):
        knobs = {
            name: one.low + share * (one.high - one.low) if one.low > 0 or share else one.default
            for name, one in row.knobs.items()
        }
        knob = next(iter(knobs.values()), 0.0)
        h = row.value(Z, knobs)
        slopes = row.back(torch.ones_like(Z), Z, h, knobs)
        found = [row.scalar(float(z), knob) for z in Z]
        assert found == pytest.approx(h.tolist(), rel=1e-9, abs=1e-12)
        found = [row.slope(float(z), float(value), knob) for z, value in zip(Z, h, strict=True)]
        assert found == pytest.approx(slopes.tolist(), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)
def test_likelihoods(kind: Any) -> None:
    classes = 3 if kind is objectives.Categorical else 1
    chosen = kind(sigma=0.3) if kind is objectives.Gaussian else kind()
    reference = OF_EXAMPLES[kind](chosen)
    theta = torch.empty(40, classes, dtype=torch.float64).normal_(generator=stream(0, "t")) * 6
    y = torch.arange(40) % max(2, classes)
    targets = y if kind.numbered else y.double()
    columns = np.ascontiguousarray(theta.numpy().T)
    delta = np.zeros_like(columns)
    found = [EXAMPLES[kind](columns, float(y[b]), b, 0.3, delta) for b in range(40)]
    sums = reference.sums(theta, targets)
    assert sum(loss for loss, _ in found) == pytest.approx(float(sums[0]), rel=1e-12)
    assert sum(measure for _, measure in found) == pytest.approx(float(sums[2]), rel=1e-12)
    gradient = reference.gradient(theta, targets).numpy().T * 40
    np.testing.assert_allclose(delta, gradient, rtol=1e-9, atol=1e-12)


def extreme_logits() -> list[tuple[float, float]]:
    return list(product((-1e4, -100.0, 0.0, 100.0, 600.0), (0.0, 1.0)))


def test_sure_predictions_have_finite_losses() -> None:
    delta = np.zeros((1, 1))
    for logit, y in extreme_logits():
        if abs(logit) > 700:  # exp overflows in plain Python, and is infinite in machine code
            continue
        loss, _ = EXAMPLES[objectives.Bernoulli](np.array([[logit]]), y, 0, 1.0, delta)
        wanted = logit * (1 - y) if logit > 0 else -logit * y
        assert loss == pytest.approx(max(wanted, 0.0), abs=0.7)
        assert np.isfinite(delta).all()


@pytest.mark.parametrize("document", DOCUMENTS, ids=names)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_optimizers_on_identical_gradients(document: dict[str, Any], dtype: Any) -> None:
    """The state and φ of sixty updates, beside those of tensors."""
    knobs = resolve({"optimizer": document}).optimizer
    draws = stream(0, "gradients")
    phi = torch.empty(48, dtype=torch.float64).normal_(generator=draws)
    phi = phi.to(torch.float32 if dtype is np.float32 else torch.float64)
    beside = phi.clone()
    tensors, other = optimizer(knobs, phi), optimizer(knobs, beside)
    plain = UPDATES[type(knobs)]
    numbers = np.array(plain.numbers(knobs))
    for t in range(1, 61):
        g = torch.empty(48, dtype=torch.float64).normal_(generator=draws).to(phi.dtype)
        g[0] = 0.0
        tensors.update(knobs, phi, g, knobs.lr, t)
        plain.update(beside.numpy(), g.numpy(), other.block.numpy(), numbers, knobs.lr, t)
    tolerance = 3e-6 if dtype is np.float32 else 1e-13
    difference = (phi - beside).double().norm() / phi.double().norm()
    assert float(difference) < tolerance
    for name, value in tensors.state.items():
        off = (value - other.state[name]).double().norm() / value.double().norm().clamp(min=1e-9)
        assert float(off) < tolerance, name
