"""Objectives: compute a model's loss and its gradient, and the measures of a row.

Most models predict a distribution of targets, and autograd differentiates −log p; the multilayer
perceptron's backward pass is written out. To add one, add a class here and its line in
``OBJECTIVES``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from livenet.models import Mlp, Network, StepRandom
from livenet.models.autoencoder import Autoencoder, Vae
from livenet.models.backprop import backward, forward
from livenet.models.cnn import Cnn
from livenet.models.rnn import Rnn
from livenet.models.transformer import Transformer
from livenet.spec import RunSpec
from livenet.training.evidence import Evidence
from livenet.training.likelihoods import Likelihood, likelihood
from livenet.training.pixels import pixels

Metrics = dict[str, float | None]
Sums = Tensor | NDArray[np.float64]


class Objective(Protocol):
    """The interface to the loop and the evaluation. x (B, …) and y (B, …) are arranged."""

    measures: tuple[str, ...]
    """Names of the values that ``measure`` returns, without ``train_`` or ``test_``; has "loss"."""

    def descend(self, spec: RunSpec, x: Tensor, y: Tensor, draws: StepRandom) -> Tensor:
        """The loss of a minibatch, a scalar in nats; writes every parameter's gradient."""
        ...

    def sums(self, x: Tensor, y: Tensor, row: int) -> Sums:
        """The contribution of a chunk that starts at ``row``, float64; without gradients."""
        ...

    def measure(self, sums: list[float], y: Tensor) -> dict[str, float]:
        """The loss and its measures, from the sums over all chunks and from all targets."""
        ...


class Prediction:
    """−log p(y | θ), differentiated by autograd."""

    def __init__(self, model: Network, likelihood: Likelihood) -> None:
        self.model = model
        self.likelihood = likelihood
        self.measures = ("loss", *likelihood.measures)

    def descend(self, spec: RunSpec, x: Tensor, y: Tensor, draws: StepRandom) -> Tensor:
        with torch.enable_grad():
            loss = self.likelihood.nll(self.model(x, draws), y)
            loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        return loss.detach()

    @torch.inference_mode()
    def sums(self, x: Tensor, y: Tensor, row: int) -> Sums:
        return self.likelihood.sums(self.model(x), y)

    def measure(self, sums: list[float], y: Tensor) -> dict[str, float]:
        return {"loss": sums[0] / sums[1], **self.likelihood.measure(sums, y)}


class WrittenOut(Prediction):
    """−log p(y | θ) of a multilayer perceptron, differentiated by its δ recurrence."""

    model: Mlp

    def descend(self, spec: RunSpec, x: Tensor, y: Tensor, draws: StepRandom) -> Tensor:
        theta, kept = forward(self.model, x, draws.masks)  # (B, K)
        loss = self.likelihood.nll(theta, y)
        backward(kept, self.likelihood.gradient(theta, y))
        return loss


def _predicted(spec: RunSpec, model: Network) -> Objective:
    return Prediction(model, likelihood(spec))


OBJECTIVES: dict[type[Network], Callable[[RunSpec, Any], Objective]] = {
    Mlp: lambda spec, model: WrittenOut(model, likelihood(spec)),
    Cnn: _predicted,
    Rnn: _predicted,
    Transformer: _predicted,
    Autoencoder: _predicted,
    Vae: lambda spec, model: Evidence(spec, model, pixels(spec)),
}


def objective(spec: RunSpec, model: Network) -> Objective:
    """The objective of a spec for its model."""
    return OBJECTIVES[type(model)](spec, model)
