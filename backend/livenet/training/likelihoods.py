"""Likelihoods p(y | θ): the loss is −log p, in nats, averaged over examples.

A likelihood also says how well a prediction does (accuracy, or R² and the mean squared error) and
what value of θ a map shows. θ is the net's output (B, K), y the targets (B,).
"""

from __future__ import annotations

from math import log, pi
from typing import ClassVar, Protocol

import torch
from torch import Tensor
from torch.nn import functional

from livenet.spec import RunSpec
from livenet.spec.objective import Gaussian as GaussianSpec

HALF_LOG_2PI = 0.5 * log(2 * pi)


class Likelihood(Protocol):
    """What the loop, the evaluation and the probes ask of a likelihood."""

    measures: ClassVar[tuple[str, ...]]
    """Names of what ``measure`` finds, without ``train_`` or ``test_``."""

    def nll(self, theta: Tensor, y: Tensor) -> Tensor:
        """Mean of −log p(y | θ) over the batch, a scalar in nats."""
        ...

    def gradient(self, theta: Tensor, y: Tensor) -> Tensor:
        """∂/∂θ of ``nll``, (B, K): each example's share of the mean."""
        ...

    def sums(self, theta: Tensor, y: Tensor) -> Tensor:
        """What a chunk adds to an evaluation, float64: [Σ −log p, then what ``measure`` needs]."""
        ...

    def measure(self, sums: list[float], count: int, y: Tensor) -> dict[str, float]:
        """Accuracy and the like, from the sums over all examples and all targets."""
        ...


class Bernoulli:
    """y ∈ {0, 1}, θ the logit of p(y = 1): −y log λ − (1 − y) log(1 − λ), λ = σ(θ)."""

    measures: ClassVar[tuple[str, ...]] = ("accuracy",)

    def nll(self, theta: Tensor, y: Tensor) -> Tensor:
        return functional.binary_cross_entropy_with_logits(theta.squeeze(1), y)

    def gradient(self, theta: Tensor, y: Tensor) -> Tensor:
        """(λ − y)/B."""
        return (theta.sigmoid() - y.unsqueeze(1)).div_(len(y))

    def sums(self, theta: Tensor, y: Tensor) -> Tensor:
        logit = theta.squeeze(1)
        loss = functional.binary_cross_entropy_with_logits(logit, y, reduction="sum")
        right = ((logit > 0) == (y > 0.5)).sum()
        return torch.stack([loss.double(), right.double()])

    def measure(self, sums: list[float], count: int, y: Tensor) -> dict[str, float]:
        return {"accuracy": sums[1] / count}


class Categorical:
    """y ∈ {0 … K−1}, θ the logits (B, K): −log softmax(θ)_y."""

    measures: ClassVar[tuple[str, ...]] = ("accuracy",)

    def nll(self, theta: Tensor, y: Tensor) -> Tensor:
        return functional.cross_entropy(theta, y)

    def gradient(self, theta: Tensor, y: Tensor) -> Tensor:
        """(softmax(θ) − onehot(y))/B."""
        shares = theta.softmax(1)
        shares[torch.arange(len(y), device=y.device), y] -= 1.0
        return shares.div_(len(y))

    def sums(self, theta: Tensor, y: Tensor) -> Tensor:
        loss = functional.cross_entropy(theta, y, reduction="sum")
        right = (theta.argmax(1) == y).sum()
        return torch.stack([loss.double(), right.double()])

    def measure(self, sums: list[float], count: int, y: Tensor) -> dict[str, float]:
        return {"accuracy": sums[1] / count}


class Gaussian:
    """y real, θ its mean μ, σ fixed: (y − μ)²/2σ² + log σ + ½ log 2π."""

    measures: ClassVar[tuple[str, ...]] = ("r2", "mse")

    def __init__(self, sigma: float) -> None:
        self.sigma = sigma
        self.constant = log(sigma) + HALF_LOG_2PI

    def nll(self, theta: Tensor, y: Tensor) -> Tensor:
        error = theta.squeeze(1) - y
        return error.square().mean() / (2 * self.sigma**2) + self.constant

    def gradient(self, theta: Tensor, y: Tensor) -> Tensor:
        """(μ − y)/(σ²B)."""
        return (theta - y.unsqueeze(1)).div_(self.sigma**2 * len(y))

    def sums(self, theta: Tensor, y: Tensor) -> Tensor:
        square = (theta.squeeze(1).double() - y.double()).square().sum()
        loss = square / (2 * self.sigma**2) + len(y) * self.constant
        return torch.stack([loss, square])

    def measure(self, sums: list[float], count: int, y: Tensor) -> dict[str, float]:
        spread = float((y.double() - y.double().mean()).square().sum())
        r2 = 1.0 - sums[1] / spread if spread > 0 else float("nan")
        return {"r2": r2, "mse": sums[1] / count}


def likelihood(spec: RunSpec) -> Likelihood:
    """The likelihood that a spec's objective names."""
    goal = spec.objective
    if isinstance(goal, GaussianSpec):
        return Gaussian(goal.sigma)
    return Categorical() if goal.kind == "categorical" else Bernoulli()
