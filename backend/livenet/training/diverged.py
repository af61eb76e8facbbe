"""Explains why a run diverged: which layer overflowed first, and what to try."""

from __future__ import annotations

from math import isfinite

import torch
from torch import Tensor

from livenet.errors import Diverged
from livenet.models import Mlp, Network


def diverged(model: Network, x: Tensor, loss: float, step: int, eta: float) -> Diverged:
    """The error for a batch of arranged inputs (B, …) with a non-finite loss or gradient.

    ``step`` counts finished steps, ``eta`` is the learning rate of the next step.
    """
    what = "loss" if not isfinite(loss) else "gradient"
    return Diverged(
        f"The {what} is no longer a finite number after step {step:,}: {_where(model, x, loss)}. "
        f"The learning rate was {eta:,g}.",
        path="optimizer.lr",
        hint="Go back to an earlier step and take a much smaller learning rate, or start again "
        "with another initialization.",
    )


def _where(model: Network, x: Tensor, loss: float) -> str:
    """The first overflow, in the order of the computation."""
    for name, value in model.named_parameters():
        if not torch.isfinite(value).all():
            return f"{name} itself holds numbers that are not finite"
    return _in_layers(model, x, loss) if isinstance(model, Mlp) else _in_gradients(model, loss)


def _in_gradients(model: Network, loss: float) -> str:
    if not isfinite(loss):
        return "a number overflowed on the way from the inputs to the loss"
    named = reversed(list(model.named_parameters()))
    for name, value in named:
        if value.grad is not None and not torch.isfinite(value.grad).all():
            return f"the gradient of {name} was the first to overflow"
    return "no single number overflowed, but the norm of the gradient did"


def _in_layers(model: Mlp, h: Tensor, loss: float) -> str:
    layers = model.trace(h)
    for number, layer in enumerate(layers, start=1):
        if not torch.isfinite(layer.z).all() or not torch.isfinite(layer.h).all():
            return f"the {_name(number, len(layers))} was the first to overflow"
    for number in range(len(layers), 0, -1):
        gradient = model.dense[number - 1].weight.grad
        if gradient is not None and not torch.isfinite(gradient).all():
            return f"the gradient of the {_name(number, len(layers))} was the first to overflow"
    if isfinite(loss):
        return "no single number overflowed, but the norm of the gradient did"
    return "the likelihood overflowed on the net's output"


def _name(number: int, count: int) -> str:
    return "output layer" if number == count else f"hidden layer {number}"
