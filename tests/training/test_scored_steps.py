"""Likelihoods of sequences, of which some places are not scored: by loops, place by place."""

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as np
import pytest
import torch
from scipy.special import log_softmax

from livenet.training.likelihoods import UNSCORED, Likelihood, RealSteps, Tokens
from tests.training.runs import trainer

RANDOM = np.random.default_rng(0)
N, T, K = 6, 5, 4
LOGITS = torch.from_numpy(RANDOM.normal(0, 2, (N, T, K)))
SYMBOLS = torch.from_numpy(RANDOM.integers(0, K, (N, T)))
SYMBOLS[RANDOM.random((N, T)) < 0.4] = UNSCORED
SYMBOLS[0] = torch.where(SYMBOLS[0] == UNSCORED, UNSCORED, LOGITS[0].argmax(1))  # all right
MEANS = torch.from_numpy(RANDOM.normal(0, 1, (N, T, 1)))
REAL = torch.from_numpy(RANDOM.normal(0, 1, (N, T)))
REAL[RANDOM.random((N, T)) < 0.4] = torch.nan
SIGMA = 0.3
BOTH = pytest.mark.parametrize(
    ("one", "theta", "y"),
    [(Tokens(answers=True), LOGITS, SYMBOLS), (RealSteps(SIGMA), MEANS, REAL)],
    ids=["symbols", "numbers"],
)


def scored(y: torch.Tensor) -> list[tuple[int, int]]:
    return [(n, t) for n, t in np.ndindex(N, T) if not (y[n, t] == UNSCORED or y[n, t].isnan())]


def losses(theta: torch.Tensor, y: torch.Tensor) -> list[float]:
    """−log p of each scored place, in nats."""
    if y is SYMBOLS:
        return [-log_softmax(theta[n, t].numpy())[y[n, t]] for n, t in scored(y)]
    constant = log(SIGMA) + 0.5 * log(2 * pi)
    errors = [float(theta[n, t, 0] - y[n, t]) for n, t in scored(y)]
    return [error**2 / (2 * SIGMA**2) + constant for error in errors]


@BOTH
def test_the_loss_is_a_mean_over_scored_places(
    one: Likelihood, theta: torch.Tensor, y: torch.Tensor
) -> None:
    wanted = losses(theta, y)
    assert 0 < len(wanted) < N * T
    assert one.nll(theta, y).item() == pytest.approx(np.mean(wanted))
    total, count, *_ = one.sums(theta, y).tolist()
    assert (total, count) == (pytest.approx(np.sum(wanted)), len(wanted))


@BOTH
def test_the_gradient_is_that_of_the_loss(
    one: Likelihood, theta: torch.Tensor, y: torch.Tensor
) -> None:
    leaf = theta.clone().requires_grad_()
    (wanted,) = torch.autograd.grad(one.nll(leaf, y), leaf)
    assert torch.allclose(one.gradient(theta.clone(), y), wanted)
    places = scored(y)
    assert not any(wanted[n, t].any() for n, t in np.ndindex(N, T) if (n, t) not in places)


def measured(one: Likelihood, theta: Any, y: Any) -> dict[str, float]:
    return one.measure(one.sums(theta, y).tolist(), y)


def test_a_sequence_is_right_where_all_its_scored_places_are() -> None:
    right = {(n, t): bool(LOGITS[n, t].argmax() == SYMBOLS[n, t]) for n, t in scored(SYMBOLS)}
    whole = [all(ok for (n, _), ok in right.items() if n == row) for row in range(N)]
    assert 0 < sum(whole) < N
    found = measured(Tokens(answers=True), LOGITS, SYMBOLS)
    assert found == {
        "accuracy": pytest.approx(np.mean(list(right.values()))),
        "sequence_accuracy": pytest.approx(np.mean(whole)),
    }


def test_a_text_has_no_sequences_that_are_right() -> None:
    """Many characters could follow: next to none is right throughout, however good the model."""
    assert set(measured(Tokens(answers=False), LOGITS, SYMBOLS)) == {"accuracy"}
    for kind, told in (("characters", False), ("copy", True), ("parity", True)):
        one = trainer({"data": {"kind": kind, "samples": 60}, "training": {"batch_size": 4}})
        assert ("test_sequence_accuracy" in one.metrics()) == told


def test_r2_is_over_scored_places() -> None:
    true = np.array([float(REAL[n, t]) for n, t in scored(REAL)])
    said = np.array([float(MEANS[n, t, 0]) for n, t in scored(REAL)])
    error = np.square(said - true)
    found = measured(RealSteps(SIGMA), MEANS, REAL)
    assert found["mse"] == pytest.approx(error.mean())
    assert found["r2"] == pytest.approx(1 - error.sum() / np.square(true - true.mean()).sum())
