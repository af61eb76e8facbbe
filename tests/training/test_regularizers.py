"""Penalties by autograd; dropout by its expectation, and as a function of (seed, step)."""

from typing import Any

import numpy as np
import pytest
import torch

from livenet.spec.training import Regularization
from livenet.training.regularizers import add_penalty_gradient, penalty
from livenet.training.streams import stream
from tests.training.runs import flat, run, trainer

PHI = torch.empty(40).normal_(generator=stream(0, "phi"))
PHI[3] = 0.0
KNOBS = [
    Regularization(l1=0.0, l2=0.0),
    Regularization(l1=0.3, l2=0.0),
    Regularization(l1=0.0, l2=0.7),
    Regularization(l1=0.3, l2=0.7),
]
CPU = torch.device("cpu")


@pytest.mark.parametrize("knobs", KNOBS, ids=str)
def test_penalty_and_its_gradient(knobs: Regularization) -> None:
    phi = PHI.double().requires_grad_()
    value = knobs.l2 / 2 * phi.square().sum() + knobs.l1 * phi.abs().sum()
    assert penalty(knobs, PHI) == pytest.approx(value.item())
    (expected,) = torch.autograd.grad(value, phi, materialize_grads=True)
    g = torch.full((40,), 2.0)
    add_penalty_gradient(knobs, PHI, g)
    assert g.numpy() == pytest.approx(2.0 + expected.numpy(), abs=1e-6)


def test_the_sheets_gradient() -> None:
    g = torch.zeros(3)
    add_penalty_gradient(Regularization(l1=0.1, l2=0.5), torch.tensor([2.0, -2.0, 0.0]), g)
    assert g.tolist() == pytest.approx([1.1, -1.1, 0.0])


@pytest.mark.parametrize("knobs", KNOBS, ids=str)
def test_a_step_of_the_loop_shrinks_by_the_penalty(knobs: Regularization) -> None:
    """Plain SGD on the full batch: two steps differ by −η times the penalty's gradient."""
    fields: dict[str, Any] = {
        "optimizer": {"kind": "sgd", "lr": 0.1},
        "training": {"batch_size": None},
    }
    plain = trainer(**fields)
    with_it = trainer(**fields, regularization=knobs.model_dump())
    start = flat(plain)
    plain.step()
    with_it.step()
    pull = knobs.l2 * start + knobs.l1 * np.sign(start)
    assert flat(plain) - flat(with_it) == pytest.approx(0.1 * pull, abs=1e-6)


def test_rows_tell_the_penalty_apart_from_the_losses() -> None:
    rows = run(trainer(regularization={"l2": 5.0, "l1": 5.0}, optimizer={"lr": 0.0}))
    plain = run(trainer(optimizer={"lr": 0.0}))
    phi = flat(trainer())
    expected = 2.5 * np.sum(phi**2) + 5 * np.sum(np.abs(phi))
    for row, other in zip(rows, plain, strict=True):
        assert row.metrics["penalty"] == pytest.approx(expected, rel=1e-5)
        assert other.metrics["penalty"] == 0
        assert row.metrics["train_loss"] == other.metrics["train_loss"]
        assert row.metrics["test_loss"] == other.metrics["test_loss"]


def test_training_with_dropout_is_evaluated_without() -> None:
    one = trainer(regularization={"dropout": 0.5})
    before = one.metrics()
    assert before == one.metrics()
    assert before["train_loss"] == trainer().metrics()["train_loss"]
    one.step()
    plain = trainer()
    plain.step()
    assert not torch.equal(one.flat.phi, plain.flat.phi)
