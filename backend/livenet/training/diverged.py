"""Why a run diverged, in plain words: which layer first, and what to try."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from livenet.errors import Diverged
from livenet.training.optimizers import scheduled

if TYPE_CHECKING:
    from livenet.training.trainer import Trainer


def diverged(trainer: Trainer, h: Tensor, loss: float) -> Diverged:
    """The explanation for a batch h(0) (B, D(0)) whose loss or gradient is not finite."""
    eta = scheduled(trainer.spec.optimizer, trainer.step_count)
    what = "loss" if not isfinite(loss) else "gradient"
    return Diverged(
        f"The {what} is no longer a finite number after step {trainer.step_count:,}: "
        f"{_where(trainer, h)}. The learning rate was {eta:g}.",
        path="optimizer.lr",
        hint="Go back to an earlier step and take a learning rate ten times smaller, or start "
        "again with another initialization.",
    )


def _where(trainer: Trainer, h: Tensor) -> str:
    """The first layer, in the order of the computation, in which a number overflowed."""
    for name, value in trainer.parameters().items():
        if not torch.isfinite(value).all():
            return f"{name} itself holds numbers that are not finite"
    layers = trainer.model.trace(h)
    for number, layer in enumerate(layers, start=1):
        if not torch.isfinite(layer.z).all() or not torch.isfinite(layer.h).all():
            return f"the {_name(number, len(layers))} was the first to overflow"
    for number in range(len(layers), 0, -1):
        gradient = trainer.model.dense[number - 1].weight.grad
        if gradient is not None and not torch.isfinite(gradient).all():
            return f"the gradient of the {_name(number, len(layers))} was the first to overflow"
    return "the likelihood overflowed on the net's output"


def _name(number: int, count: int) -> str:
    return "output layer" if number == count else f"hidden layer {number}"
