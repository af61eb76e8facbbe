"""Backpropagation through a multilayer perceptron, layer by layer.

Forward keeps every layer's input, z and σ(z). Backward is the recurrence, with δ(l) = ∂L/∂z(l):

    ∂L/∂W(l) = δ(l)ᵀ h(l-1)    ∂L/∂b(l) = Σ δ(l)    ∂L/∂h(l-1) = δ(l) W(l)

A residual layer adds the ∂L/∂h(l) of its identity, and a dropped unit contributes nothing. Autograd
gives the same gradients, which a test checks; the written recurrence is faster on small nets, and
its δ can be shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from livenet.models.mlp import Dense, Mlp

Mask = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class LayerTrace:
    """Values of a layer's forward step that its backward step needs, each (B, D)."""

    layer: Dense
    input: Tensor
    z: Tensor
    value: Tensor
    mask: Tensor | None


class LayerGradient(NamedTuple):
    """Gradients of a layer, each (B, D): δ = ∂L/∂z, and ∂L/∂σ(z)."""

    delta: Tensor
    value: Tensor


def forward(model: Mlp, h: Tensor, mask: Mask | None = None) -> tuple[Tensor, list[LayerTrace]]:
    """θ (B, K) of h(0) (B, D(0)), and the values that ``backward`` needs.

    ``mask`` draws the factors (0, or 1/(1 − ρ)) of a layer's units, if there is dropout.
    """
    kept: list[LayerTrace] = []
    for layer in model.dense[:-1]:
        z = layer.z(h)
        value = layer.sigma(z)
        output = h + value if layer.residual else value
        factors = mask(output) if mask else None
        kept.append(LayerTrace(layer, h, z, value, factors))
        h = output if factors is None else output * factors
    theta = model.dense[-1].z(h)
    kept.append(LayerTrace(model.dense[-1], h, theta, theta, None))
    return theta, kept


def backward(kept: list[LayerTrace], delta: Tensor) -> list[LayerGradient]:
    """Writes the gradient of every parameter into its ``grad``; ``delta`` is ∂L/∂θ (B, K).

    Returns the gradients of each layer's values, from the last layer to the first.
    """
    found: list[LayerGradient] = []
    value = delta  # ∂L/∂σ(z(l)) of the current layer
    carried = delta  # ∂L/∂h(l) of the current layer
    for place in range(len(kept) - 1, -1, -1):
        layer = kept[place].layer
        weight, bias = layer.weight, layer.bias
        assert weight.grad is not None
        torch.mm(delta.t(), kept[place].input, out=weight.grad)  # (D(l), D(l-1))
        if bias is not None:
            assert bias.grad is not None
            torch.sum(delta, 0, out=bias.grad)  # (D(l),)
        found.append(LayerGradient(delta, value))
        if place == 0:
            break
        into = delta.mm(weight)  # ∂L/∂h(l-1): (B, D(l-1))
        if layer.residual:
            into += carried
        below = kept[place - 1]
        if below.mask is not None:
            into *= below.mask
        carried = value = into
        row = below.layer.row
        delta = row.back(into, below.z, below.value, below.layer.knobs) if row else into
    return found
