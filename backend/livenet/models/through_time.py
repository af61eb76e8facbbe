"""Backpropagation through time: ∂L/∂h_t over all paths from h_t to the loss.

Autograd through a fused loop keeps only the path by the output at t. Here the recurrence is written
out: with the direct contribution d_t and δ_t = ∂L/∂z_t,

    ∂L/∂h_t = d_t + W_hᵀ δ_{t+1}    (GRU: also z_{t+1} ∂L/∂h_{t+1}, and r gates the n block of δ)

and the contribution of a layer to the one below it is W_xᵀ δ_t, times the mask of dropout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from livenet.models.recurrent import Recurrent, shifted
from livenet.models.rnn import Rnn


@dataclass(frozen=True)
class LayerGradients:
    """Derivatives of L by a layer's values, over all paths from them to the loss."""

    state: Tensor
    """By h_t, (B, T, D)."""
    delta: Tensor
    """By z_t, (B, T, g·D); of a GRU's block n by x_n + r s_n."""
    from_state: Tensor
    """By W_h h_{t-1}, (B, T, g·D): δ, with the block n of a GRU gated by r."""
    cell: Tensor | None = None
    """By C_t of an LSTM, (B, T, D)."""


@torch.no_grad()
def layer_gradients(
    model: Rnn,
    inputs: Sequence[Tensor],
    states: Sequence[Tensor],
    masks: Sequence[Tensor | None],
    direct: Tensor,
) -> list[LayerGradients]:
    """Of every layer, where ∂L/∂θ is ``direct`` (B, T, K).

    Each layer has its inputs (B, T, D_in), its states (B, T, D), and the factors of dropout by
    which its states are multiplied, if any.
    """
    above = direct @ model.output.weight  # (B, T, D)
    found: list[LayerGradients] = []
    each = list(zip(model.cells, inputs, states, masks, strict=True))
    for layer, x, h, mask in reversed(each):
        one = _back(layer, layer.gates(x, h), above if mask is None else above * mask)
        found.append(one)
        above = one.delta @ layer.input.weight  # (B, T, D_in)
    return found[::-1]


def state_gradients(model: Rnn, inputs: Tensor, direct: Tensor) -> list[Tensor]:
    """∂L/∂h_t of every layer, each (B, T, D), where ∂L/∂θ is ``direct`` (B, T, K)."""
    states = model.states(inputs)
    none = [None] * len(model.cells)
    each = layer_gradients(model, states[:-1], states[1:], none, direct)
    return [one.state for one in each]


def _back(layer: Recurrent, gates: dict[str, Tensor], direct: Tensor) -> LayerGradients:
    """From the last step back; ``direct`` (B, T, D) is by h_t as the layer's output."""
    if layer.cell == "lstm":
        return _back_lstm(layer, gates, direct)
    if layer.cell == "gru":
        return _back_gru(layer, gates, direct)
    h = gates["h"]
    slope = 1 - h * h if layer.activation == "tanh" else (h > 0).to(h.dtype)
    total, delta = torch.empty_like(h), torch.empty_like(h)
    carried = torch.zeros_like(h[:, 0])  # (B, D)
    for t in range(h.shape[1] - 1, -1, -1):
        total[:, t] = direct[:, t] + carried
        delta[:, t] = total[:, t] * slope[:, t]
        carried = delta[:, t] @ layer.state.weight
    return LayerGradients(total, delta, delta)


def _back_lstm(layer: Recurrent, gates: dict[str, Tensor], direct: Tensor) -> LayerGradients:
    i, f, candidate, c, o = (gates[name] for name in ("i", "f", "C̃", "C", "o"))
    squashed = c.tanh()
    # Derivatives that convert ∂L/∂C_t and ∂L/∂h_t to δ, for all time steps at once.
    by_cell = torch.stack(
        [candidate * i * (1 - i), shifted(c) * f * (1 - f), i * (1 - candidate * candidate)], 2
    )  # (B, T, 3, D)
    by_state = squashed * o * (1 - o)  # (B, T, D)
    into_cell = o * (1 - squashed * squashed)  # (B, T, D)
    total, cells = torch.empty_like(c), torch.empty_like(c)
    delta = c.new_empty(*c.shape[:2], 4, layer.width)  # (B, T, 4, D)
    carried, cell = torch.zeros_like(c[:, 0]), torch.zeros_like(c[:, 0])  # by h_t, by C_t
    for t in range(c.shape[1] - 1, -1, -1):
        by_h = direct[:, t] + carried
        total[:, t] = by_h
        by_c = torch.addcmul(cell, by_h, into_cell[:, t])
        cells[:, t] = by_c
        delta[:, t, :3] = by_c.unsqueeze(1) * by_cell[:, t]
        delta[:, t, 3] = by_h * by_state[:, t]
        carried = delta[:, t].flatten(1) @ layer.state.weight
        cell = by_c * f[:, t]
    flat = delta.flatten(2)
    return LayerGradients(total, flat, flat, cells)


def _back_gru(layer: Recurrent, gates: dict[str, Tensor], direct: Tensor) -> LayerGradients:
    r, z, n, h = (gates[name] for name in ("r", "z", "n", "h"))
    before = shifted(h)
    share = before @ layer.state.weight[2 * layer.width :].T  # s_n: (B, T, D)
    total = torch.empty_like(h)
    delta = h.new_empty(*h.shape[:2], 3, layer.width)  # (B, T, 3, D)
    from_state = torch.empty_like(delta)
    carried = torch.zeros_like(h[:, 0])
    for t in range(h.shape[1] - 1, -1, -1):
        by_h = direct[:, t] + carried
        total[:, t] = by_h
        by_n = by_h * (1 - z[:, t]) * (1 - n[:, t] * n[:, t])
        delta[:, t, 0] = by_n * share[:, t] * r[:, t] * (1 - r[:, t])
        delta[:, t, 1] = by_h * (before[:, t] - n[:, t]) * z[:, t] * (1 - z[:, t])
        delta[:, t, 2] = by_n
        from_state[:, t] = delta[:, t]
        from_state[:, t, 2] *= r[:, t]
        carried = from_state[:, t].flatten(1) @ layer.state.weight + by_h * z[:, t]
    return LayerGradients(total, delta.flatten(2), from_state.flatten(2))
