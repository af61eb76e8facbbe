"""Likelihoods against scipy's log-densities and torch's losses; measures by NumPy."""

from math import log, pi
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats
from scipy.special import expit, softmax
from torch import Tensor
from torch.nn import functional

from livenet.spec import resolve
from livenet.training.likelihoods import Likelihood, likelihood

RANDOM = np.random.default_rng(0)
N = 50
THETA = torch.from_numpy(RANDOM.normal(0, 2, (N, 1)))
LOGITS = torch.from_numpy(RANDOM.normal(0, 2, (N, 4)))
REAL = torch.from_numpy(RANDOM.normal(0, 1, N))
BITS = torch.from_numpy((RANDOM.random(N) < 0.4).astype(np.float64))
CLASS = torch.from_numpy(RANDOM.integers(0, 4, N))
SIGMAS = pytest.mark.parametrize("sigma", [0.1, 1.0, 3.0])


def of(data: str, **objective: Any) -> Likelihood:
    return likelihood(resolve({"data": {"kind": data}, "objective": objective}))


def measured(one: Likelihood, theta: Tensor, y: Tensor) -> dict[str, float]:
    return one.measure(one.sums(theta, y).tolist(), y)


@SIGMAS
def test_gaussian_is_scipys(sigma: float) -> None:
    found = of("sine", sigma=sigma).nll(THETA, REAL).item()
    density = stats.norm(THETA.numpy()[:, 0], sigma).logpdf(REAL.numpy())
    assert found == pytest.approx(-density.mean())


@SIGMAS
def test_gaussian_is_the_squared_error_scaled_and_shifted(sigma: float) -> None:
    """NLL = MSE/2σ² + log σ + ½ log 2π: with σ fixed the two have the same minimum."""
    error = functional.mse_loss(THETA[:, 0], REAL).item()
    found = of("sine", sigma=sigma).nll(THETA, REAL).item()
    assert found == pytest.approx(error / (2 * sigma**2) + log(sigma) + 0.5 * log(2 * pi))


def test_bernoulli_is_scipys() -> None:
    found = of("xor").nll(THETA, BITS).item()
    share = expit(THETA.numpy()[:, 0])
    assert found == pytest.approx(-stats.bernoulli(share).logpmf(BITS.numpy()).mean())
    assert found == pytest.approx(
        functional.binary_cross_entropy(THETA[:, 0].sigmoid(), BITS).item()
    )


def test_categorical_is_scipys() -> None:
    found = of("blobs").nll(LOGITS, CLASS).item()
    shares = softmax(LOGITS.numpy(), axis=1)
    one_hot = np.eye(4)[CLASS.numpy()]
    density = [
        stats.multinomial(1, p / p.sum()).logpmf(y) for p, y in zip(shares, one_hot, strict=True)
    ]
    assert found == pytest.approx(-np.mean(density))
    assert found == pytest.approx(functional.nll_loss(LOGITS.log_softmax(1), CLASS).item())


def test_a_sure_and_wrong_logit_costs_its_size() -> None:
    assert of("xor").nll(torch.tensor([[500.0]]), torch.zeros(1)).item() == pytest.approx(500)
    logits = torch.tensor([[0.0, 800.0, 0.0, 0.0]])
    assert of("blobs").nll(logits, torch.tensor([0])).item() == pytest.approx(800)


CASES = [
    ("sine", {"sigma": 0.5}, THETA, REAL),
    ("xor", {}, THETA, BITS),
    ("blobs", {}, LOGITS, CLASS),
]


@pytest.mark.parametrize(("data", "objective", "theta", "y"), CASES)
def test_sums_over_parts_are_those_over_the_whole(
    data: str, objective: dict[str, Any], theta: Tensor, y: Tensor
) -> None:
    one = of(data, **objective)
    whole = one.sums(theta, y)
    parts = one.sums(theta[:13], y[:13]) + one.sums(theta[13:], y[13:])
    assert parts.numpy() == pytest.approx(whole.numpy())
    assert whole.dtype == torch.float64
    assert whole[0].item() / N == pytest.approx(one.nll(theta, y).item())


@pytest.mark.parametrize(("data", "objective", "theta", "y"), CASES)
def test_the_gradient_is_that_of_the_loss(
    data: str, objective: dict[str, Any], theta: Tensor, y: Tensor
) -> None:
    one = of(data, **objective)
    free = theta.clone().requires_grad_()
    (expected,) = torch.autograd.grad(one.nll(free, y), free)
    assert one.gradient(theta, y).numpy() == pytest.approx(expected.numpy())


def test_gradients_in_closed_form() -> None:
    mu, logit = THETA.numpy()[:, 0], THETA.numpy()[:, 0]
    found = of("sine", sigma=0.5).gradient(THETA, REAL)[:, 0]
    assert found.numpy() == pytest.approx((mu - REAL.numpy()) / (0.25 * N))
    found = of("xor").gradient(THETA, BITS)[:, 0]
    assert found.numpy() == pytest.approx((expit(logit) - BITS.numpy()) / N)
    found = of("blobs").gradient(LOGITS, CLASS)
    one_hot = np.eye(4)[CLASS.numpy()]
    assert found.numpy() == pytest.approx((softmax(LOGITS.numpy(), axis=1) - one_hot) / N)


@pytest.mark.parametrize(("data", "objective", "theta", "y"), CASES)
def test_measures_have_the_names_that_are_told(
    data: str, objective: dict[str, Any], theta: Tensor, y: Tensor
) -> None:
    one = of(data, **objective)
    assert tuple(measured(one, theta, y)) == one.measures


def test_accuracy() -> None:
    assert measured(of("xor"), THETA, BITS)["accuracy"] == pytest.approx(
        np.mean((THETA.numpy()[:, 0] > 0) == (BITS.numpy() == 1))
    )
    assert measured(of("blobs"), LOGITS, CLASS)["accuracy"] == pytest.approx(
        np.mean(LOGITS.numpy().argmax(1) == CLASS.numpy())
    )


@SIGMAS
def test_r2_and_mse(sigma: float) -> None:
    y, mu = REAL.numpy(), THETA.numpy()[:, 0]
    found = measured(of("sine", sigma=sigma), THETA, REAL)
    assert found["mse"] == pytest.approx(np.mean((y - mu) ** 2))
    assert found["r2"] == pytest.approx(1 - np.sum((y - mu) ** 2) / np.sum((y - y.mean()) ** 2))


def test_r2_of_the_mean_is_zero_and_of_the_truth_one() -> None:
    one = of("sine")
    assert measured(one, torch.full((N, 1), REAL.mean().item()), REAL)["r2"] == pytest.approx(0)
    assert measured(one, REAL[:, None], REAL)["r2"] == pytest.approx(1)
