"""Likelihoods p(y | θ): the loss is −log p, in nats, averaged over examples.

A likelihood also measures the quality of a prediction (accuracy, or R² and the mean squared error).
θ is the net's output (B, K), y the targets (B,); for sequences (B, T, K) and (B, T), where a target
that is not scored is −1 (for symbols) or NaN.

The functions named ``…_example`` are the same for one example, in plain Python, from which
livenet.training.compiled makes machine code: θ and ``delta`` are (K, B) there, and ``b`` is the
example. They write ∂(−log p)/∂θ into ``delta[:, b]``, and return −log p and the example's share of
the measure: 1 if the mode is y, or the squared error.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log, log1p, pi
from typing import Any, ClassVar, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from livenet.spec import RunSpec, objective
from livenet.spec.data import Sequences
from livenet.spec.model import Autoencoding
from livenet.training.pixels import pixels

HALF_LOG_2PI = 0.5 * log(2 * pi)
UNSCORED = -1


class Likelihood(Protocol):
    """The interface of a likelihood to the loop, the evaluation and the probes."""

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the values that ``measure`` returns, without ``train_`` or ``test_``."""

    def nll(self, theta: Tensor, y: Tensor) -> Tensor:
        """Mean of −log p(y | θ) over the batch, a scalar in nats."""
        ...

    def gradient(self, theta: Tensor, y: Tensor) -> Tensor:
        """∂/∂θ of ``nll``, (B, K): each example's share of the mean."""
        ...

    def mean(self, theta: Tensor) -> Tensor:
        """E[y | θ], in the shape of θ; for classes, the probability of each."""
        ...

    def mode(self, theta: Tensor) -> Tensor:
        """The most probable y, in the shape of the targets."""
        ...

    def sums(self, theta: Tensor, y: Tensor) -> Tensor:
        """A chunk's contribution to an evaluation, float64: [Σ −log p, count, then the sums that
        ``measure`` needs]."""
        ...

    def measure(self, sums: list[float], y: Tensor) -> dict[str, float]:
        """Measures such as accuracy, from the sums over all examples and from all targets."""
        ...


Numbers = NDArray[np.floating[Any]]
Example = Callable[[Numbers, float, int, float, Numbers], tuple[float, float]]


def bernoulli_example(
    theta: Numbers, y: float, b: int, sigma: float, delta: Numbers
) -> tuple[float, float]:
    logit = theta[0, b]
    delta[0, b] = 1 / (1 + exp(-logit)) - y
    loss = max(logit, 0) - logit * y + log1p(exp(-abs(logit)))
    return loss, 1.0 if (logit > 0) == (y > 0.5) else 0.0


def categorical_example(
    theta: Numbers, y: float, b: int, sigma: float, delta: Numbers
) -> tuple[float, float]:
    true = int(y)
    mode = 0
    for k in range(len(theta)):
        if theta[k, b] > theta[mode, b]:
            mode = k
    total = 0.0
    for k in range(len(theta)):
        delta[k, b] = exp(theta[k, b] - theta[mode, b])
        total += delta[k, b]
    loss = log(total) - (theta[true, b] - theta[mode, b])
    for k in range(len(theta)):
        delta[k, b] /= total
    delta[true, b] -= 1
    return loss, 1.0 if mode == true else 0.0


def gaussian_example(
    theta: Numbers, y: float, b: int, sigma: float, delta: Numbers
) -> tuple[float, float]:
    error = float(theta[0, b]) - y
    delta[0, b] = error / (sigma * sigma)
    return error * error / (2 * sigma * sigma) + log(sigma) + HALF_LOG_2PI, error * error


class Bernoulli:
    """y ∈ {0, 1}, θ the logit of p(y = 1): −y log λ − (1 − y) log(1 − λ), λ = σ(θ)."""

    measures: ClassVar[tuple[str, ...]] = ("accuracy",)

    def nll(self, theta: Tensor, y: Tensor) -> Tensor:
        return functional.binary_cross_entropy_with_logits(theta.squeeze(1), y)

    def gradient(self, theta: Tensor, y: Tensor) -> Tensor:
        """(λ − y)/B."""
        return (theta.sigmoid() - y.unsqueeze(1)).div_(len(y))

    def mean(self, theta: Tensor) -> Tensor:
        return theta.sigmoid()

    def mode(self, theta: Tensor) -> Tensor:
        return (theta.squeeze(1) > 0).to(theta.dtype)

    def sums(self, theta: Tensor, y: Tensor) -> Tensor:
        logit = theta.squeeze(1)
        loss = functional.binary_cross_entropy_with_logits(logit, y, reduction="sum")
        right = (self.mode(theta) == y).sum()
        return torch.stack([loss.double(), _count(y), right.double()])

    def measure(self, sums: list[float], y: Tensor) -> dict[str, float]:
        return {"accuracy": sums[2] / sums[1]}


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

    def mean(self, theta: Tensor) -> Tensor:
        return theta.softmax(1)

    def mode(self, theta: Tensor) -> Tensor:
        return theta.argmax(1)

    def sums(self, theta: Tensor, y: Tensor) -> Tensor:
        loss = functional.cross_entropy(theta, y, reduction="sum")
        right = (self.mode(theta) == y).sum()
        return torch.stack([loss.double(), _count(y), right.double()])

    def measure(self, sums: list[float], y: Tensor) -> dict[str, float]:
        return {"accuracy": sums[2] / sums[1]}


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

    def mean(self, theta: Tensor) -> Tensor:
        return theta

    def mode(self, theta: Tensor) -> Tensor:
        return theta.squeeze(1)

    def sums(self, theta: Tensor, y: Tensor) -> Tensor:
        square = (theta.squeeze(1).double() - y.double()).square().sum()
        loss = square / (2 * self.sigma**2) + len(y) * self.constant
        return torch.stack([loss, _count(y), square])

    def measure(self, sums: list[float], y: Tensor) -> dict[str, float]:
        spread = float((y.double() - y.double().mean()).square().sum())
        r2 = 1.0 - sums[2] / spread if spread > 0 else float("nan")
        return {"r2": r2, "mse": sums[2] / sums[1]}


class Tokens:
    """Symbols of a sequence: p(y | x) = Π_t p(y_t | x_≤t), each categorical; nats per symbol.

    answers: whether a sequence can be right as a whole; if so, the share of such sequences is
    measured, too.
    """

    def __init__(self, *, answers: bool) -> None:
        self.measures = ("accuracy", "sequence_accuracy") if answers else ("accuracy",)

    def nll(self, theta: Tensor, y: Tensor) -> Tensor:
        return functional.cross_entropy(theta.flatten(0, 1), y.flatten(), ignore_index=UNSCORED)

    def gradient(self, theta: Tensor, y: Tensor) -> Tensor:
        """(softmax(θ) − onehot(y))/n at the n scored places, 0 elsewhere."""
        scored = y != UNSCORED  # (B, T)
        shares = theta.softmax(2)
        shares.scatter_add_(2, y.clamp_min(0).unsqueeze(2), -torch.ones_like(shares[..., :1]))
        return shares.mul_(scored.unsqueeze(2)).div_(scored.sum())

    def mean(self, theta: Tensor) -> Tensor:
        return theta.softmax(2)

    def mode(self, theta: Tensor) -> Tensor:
        return theta.argmax(2)

    def sums(self, theta: Tensor, y: Tensor) -> Tensor:
        loss = functional.cross_entropy(
            theta.flatten(0, 1), y.flatten(), ignore_index=UNSCORED, reduction="sum"
        )
        scored = y != UNSCORED
        right = self.mode(theta) == y  # always false where nothing is scored
        whole = (right | ~scored).all(1)
        counts = torch.stack([scored.sum(), right.sum(), whole.sum()])
        return torch.cat([loss.double().unsqueeze(0), counts.double()])

    def measure(self, sums: list[float], y: Tensor) -> dict[str, float]:
        found = {"accuracy": sums[2] / sums[1], "sequence_accuracy": sums[3] / len(y)}
        return {name: found[name] for name in self.measures}


class RealSteps:
    """A real number at the scored time steps of a sequence, each Gaussian with fixed σ."""

    measures: ClassVar[tuple[str, ...]] = ("r2", "mse")

    def __init__(self, sigma: float) -> None:
        self.each = Gaussian(sigma)

    def _scored(self, theta: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """θ (n, 1) and y (n,) of the scored places."""
        scored = ~y.isnan()
        return theta[scored], y[scored]

    def nll(self, theta: Tensor, y: Tensor) -> Tensor:
        return self.each.nll(*self._scored(theta, y))

    def gradient(self, theta: Tensor, y: Tensor) -> Tensor:
        """(μ − y)/(σ²n) at the n scored places, 0 elsewhere."""
        scored = ~y.isnan()
        spread = torch.zeros_like(theta)
        spread[scored] = self.each.gradient(*self._scored(theta, y))
        return spread

    def mean(self, theta: Tensor) -> Tensor:
        return theta

    def mode(self, theta: Tensor) -> Tensor:
        return theta.squeeze(2)

    def sums(self, theta: Tensor, y: Tensor) -> Tensor:
        return self.each.sums(*self._scored(theta, y))

    def measure(self, sums: list[float], y: Tensor) -> dict[str, float]:
        return self.each.measure(sums, y[~y.isnan()])


def _count(y: Tensor) -> Tensor:
    return torch.tensor(float(len(y)), dtype=torch.float64, device=y.device)


OF_EXAMPLES: dict[type[objective.ObjectiveKind], Callable[[Any], Likelihood]] = {
    objective.Bernoulli: lambda chosen: Bernoulli(),
    objective.Categorical: lambda chosen: Categorical(),
    objective.Gaussian: lambda chosen: Gaussian(chosen.sigma),
}
"""Likelihoods of one target per example, by objective."""
EXAMPLES: dict[type[objective.ObjectiveKind], Example] = {
    objective.Bernoulli: bernoulli_example,
    objective.Categorical: categorical_example,
    objective.Gaussian: gaussian_example,
}
"""The likelihoods of one example, for compiled code. One that is missing trains on tensors."""
OF_STEPS: dict[type[objective.ObjectiveKind], Callable[[Any, Sequences], Likelihood]] = {
    objective.Categorical: lambda chosen, data: Tokens(answers=data.answers),
    objective.Gaussian: lambda chosen, data: RealSteps(chosen.sigma),
}
"""Likelihoods of targets at the time steps of a sequence."""


def likelihood(spec: RunSpec) -> Likelihood:
    """The likelihood of a spec's objective."""
    chosen = spec.objective
    if isinstance(spec.model, Autoencoding):
        return pixels(spec)
    if isinstance(spec.data, Sequences):
        return OF_STEPS[type(chosen)](chosen, spec.data)
    return OF_EXAMPLES[type(chosen)](chosen)
