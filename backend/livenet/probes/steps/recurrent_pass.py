"""All values of a recurrent network for a batch, forward and back: the numbers of its walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from livenet.models.recurrent import Recurrent, shifted
from livenet.models.rnn import Rnn
from livenet.models.step_random import StepRandom
from livenet.models.through_time import LayerGradients, layer_gradients
from livenet.probes.steps.pairs import Pair

Draws = Callable[[], StepRandom]


@dataclass(frozen=True)
class Forward:
    """What the layers read and give, by layer; (B, T, …) each."""

    inputs: list[Tensor]
    states: list[Tensor]
    masks: list[Tensor | None]
    """The factors of dropout by which the states are multiplied."""
    read: Tensor
    """What the output layer reads: the last states, with dropout."""
    theta: Tensor


@torch.no_grad()
def forward(model: Rnn, x: Tensor, draws: Draws | None) -> Forward:
    """The model's own pass over x (B, T, …), as in training if it has ``draws``."""
    inputs: list[Tensor] = []
    outputs: list[Tensor] = []

    def keep(module: nn.Module, given: tuple[Tensor, ...], output: Tensor) -> None:
        inputs.append(given[0])
        outputs.append(output)

    hooks = [one.register_forward_hook(keep) for one in (*model.cells, model.output)]
    try:
        model(x, draws() if draws else None)
    finally:
        for hook in hooks:
            hook.remove()
    *states, theta = outputs
    *each, read = inputs
    masks: list[Tensor | None] = [None] * len(states)
    again = draws() if draws else None
    if again is not None and again.rho:
        masks = [again.mask(h) for h in states]
    return Forward(each, states, masks, read, theta)


@dataclass(frozen=True)
class Backward:
    """Derivatives of each example's own loss, of which the batch's is the mean."""

    theta: Tensor
    """By θ_t, (B, T, K)."""
    layers: list[LayerGradients]


def backward(model: Rnn, kept: Forward, direct: Tensor) -> Backward:
    """From ``direct`` = ∂ℓ/∂θ (B, T, K)."""
    return Backward(direct, layer_gradients(model, kept.inputs, kept.states, kept.masks, direct))


def pairs(kept: Forward, back: Backward) -> dict[str, Pair]:
    """By parameter."""
    found: dict[str, Pair] = {}
    each = zip(back.layers, kept.inputs, kept.states, strict=True)
    for number, (one, x, h) in enumerate(each):
        name = f"layers.{number}"
        found[f"{name}.input.weight"] = Pair(one.delta, x)
        found[f"{name}.state.weight"] = Pair(one.from_state, shifted(h))
        found[f"{name}.bias"] = Pair(one.delta, None)
    found["output.weight"] = Pair(back.theta, kept.read)
    found["output.bias"] = Pair(back.theta, None)
    return found


def rows_of(layer: Recurrent, block: int) -> slice:
    """The rows of a block in W_x, W_h and b."""
    return slice(block * layer.width, (block + 1) * layer.width)
