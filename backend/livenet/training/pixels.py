"""Likelihoods of whole images: −log p(x | θ) is summed over pixels and averaged over images.

θ and x are (B, 1, H, W). Both also measure the squared error of the mean image, averaged over
pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log, pi
from typing import Any, ClassVar, Protocol

import torch
from torch import Tensor
from torch.nn import functional

from livenet.spec import RunSpec, objective


class Pixels(Protocol):
    """A likelihood (see livenet.training.likelihoods) of images."""

    measures: ClassVar[tuple[str, ...]]

    def nll(self, theta: Tensor, y: Tensor) -> Tensor:
        """Mean over images of −log p(x | θ), a scalar in nats."""
        ...

    def gradient(self, theta: Tensor, y: Tensor) -> Tensor:
        """∂/∂θ of ``nll``, in the shape of θ."""
        ...

    def each(self, theta: Tensor, y: Tensor) -> Tensor:
        """log p(x | θ) of each image, (B,), float64."""
        ...

    def mean(self, theta: Tensor) -> Tensor:
        """E[x | θ], in the shape of θ."""
        ...

    def mode(self, theta: Tensor) -> Tensor:
        """The most probable image, in the shape of θ."""
        ...

    def sums(self, theta: Tensor, y: Tensor) -> Tensor: ...

    def measure(self, sums: list[float], y: Tensor) -> dict[str, float]: ...


class _Pixels:
    """The common part of both: an evaluation's sums are [Σ −log p, images, Σ squared errors]."""

    measures: ClassVar[tuple[str, ...]] = ("mse",)

    def each(self, theta: Tensor, y: Tensor) -> Tensor:
        raise NotImplementedError

    def mean(self, theta: Tensor) -> Tensor:
        raise NotImplementedError

    def sums(self, theta: Tensor, y: Tensor) -> Tensor:
        error = (self.mean(theta) - y).double().square().sum()
        count = torch.tensor(float(len(y)), dtype=torch.float64, device=y.device)
        return torch.stack([-self.each(theta, y).sum(), count, error])

    def measure(self, sums: list[float], y: Tensor) -> dict[str, float]:
        return {"mse": sums[2] / (sums[1] * y[:1].numel())}


class BernoulliPixels(_Pixels):
    """Black and white pixels, θ their logits: Σ x log λ + (1 − x) log(1 − λ), λ = σ(θ)."""

    def nll(self, theta: Tensor, y: Tensor) -> Tensor:
        total = functional.binary_cross_entropy_with_logits(theta, y, reduction="sum")
        return total / len(y)

    def gradient(self, theta: Tensor, y: Tensor) -> Tensor:
        """(λ − x)/B."""
        return (theta.sigmoid() - y).div_(len(y))

    def each(self, theta: Tensor, y: Tensor) -> Tensor:
        loss = functional.binary_cross_entropy_with_logits(theta, y, reduction="none")
        return -loss.double().flatten(1).sum(1)

    def mean(self, theta: Tensor) -> Tensor:
        return theta.sigmoid()

    def mode(self, theta: Tensor) -> Tensor:
        return (theta > 0).to(theta.dtype)


class GaussianPixels(_Pixels):
    """Pixels around their means θ with one fixed σ: Σ (x − θ)²/2σ² + log σ + ½ log 2π."""

    def __init__(self, sigma: float) -> None:
        self.sigma = sigma
        self.constant = log(sigma) + 0.5 * log(2 * pi)  # per pixel

    def nll(self, theta: Tensor, y: Tensor) -> Tensor:
        square = functional.mse_loss(theta, y, reduction="sum") / len(y)
        return square / (2 * self.sigma**2) + y[:1].numel() * self.constant

    def gradient(self, theta: Tensor, y: Tensor) -> Tensor:
        """(θ − x)/(σ²B)."""
        return (theta - y).div_(self.sigma**2 * len(y))

    def each(self, theta: Tensor, y: Tensor) -> Tensor:
        square = (theta - y).double().square().flatten(1).sum(1)
        return -square / (2 * self.sigma**2) - y[:1].numel() * self.constant

    def mean(self, theta: Tensor) -> Tensor:
        return theta

    def mode(self, theta: Tensor) -> Tensor:
        return theta


OF_PIXELS: dict[type[objective.ObjectiveKind], Callable[[Any], Pixels]] = {
    objective.Bernoulli: lambda chosen: BernoulliPixels(),
    objective.Gaussian: lambda chosen: GaussianPixels(chosen.sigma),
}


def pixels(spec: RunSpec) -> Pixels:
    """The likelihood of images of a spec's objective."""
    return OF_PIXELS[type(spec.objective)](spec.objective)
