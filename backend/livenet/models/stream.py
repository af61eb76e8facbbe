"""A transformer's forward pass with every value kept: what each part reads, and adds to the stream.

The same operations as ``Transformer.forward``, on the same modules and with the same draws, in
autograd's graph. Heads may be left out (ablated): their outputs are 0.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from livenet.models.attention import AttentionTrace
from livenet.models.step_random import StepRandom
from livenet.models.transformer import Layer, Transformer

Head = tuple[int, int]
"""Layer and head, both from 1."""


@dataclass(frozen=True)
class Added:
    """What a part, attention or MLP, does to the residual stream, (B, T, D) each."""

    before: Tensor
    read: Tensor
    """What the part reads: ``before``, or its norm."""
    change: Tensor
    """What it gives."""
    mask: Tensor | None
    """The factors of dropout on ``change``."""
    total: Tensor
    """before + change · mask."""
    after: Tensor
    """``total``, or its norm."""


@dataclass(frozen=True)
class LayerStream:
    """All values of a layer."""

    attention: Added
    trace: AttentionTrace
    mask: Tensor | None
    """The factors of dropout on A, (B, H, T, T)."""
    values: Tensor
    """A V of each head, before any is left out, (B, H, T, d)."""
    heads: Tensor
    """The same after it."""
    joined: Tensor
    """The heads side by side, (B, T, D): what W_out reads."""
    mlp: Added
    z: Tensor
    """Of the MLP's hidden units, (B, T, F·D)."""
    activated: Tensor
    """σ(z)."""


@dataclass(frozen=True)
class Stream:
    """All values of a transformer for a batch."""

    symbols: Tensor
    """The vectors of the symbols, (B, T, D)."""
    embedded: Tensor
    """With those of the places."""
    mask: Tensor | None
    """The factors of dropout on ``embedded``."""
    layers: tuple[LayerStream, ...]
    last: Tensor
    """The stream after the last layer, (B, T, D)."""
    read: Tensor
    """What the output layer reads: ``last``, or its norm."""
    theta: Tensor
    """(B, T, K)."""

    @property
    def start(self) -> Tensor:
        """What the first layer reads."""
        return self.layers[0].attention.before

    def tensors(self) -> list[Tensor]:
        """The values from which the others are computed, and θ."""
        found = [self.embedded, self.last, self.read, self.theta]
        for one in self.layers:
            found += [one.trace.q, one.trace.k, one.trace.v, one.trace.scores, one.trace.attention]
            found += [one.values, one.heads, one.joined, one.z, one.activated]
            for part in (one.attention, one.mlp):
                found += [part.before, part.read, part.change, part.total, part.after]
        return found


def stream(
    model: Transformer,
    inputs: Tensor,
    draws: StepRandom | None = None,
    ablated: Collection[Head] = (),
) -> Stream:
    """For symbols (B, T) or real numbers (B, T, C); as in training if it has ``draws``."""
    symbols: Tensor = model.embedding(inputs)
    embedded = model.embedded(inputs)
    mask = _mask(embedded, draws)
    h = _times(embedded, mask)
    layers: list[LayerStream] = []
    for number, layer in enumerate(model.blocks, start=1):
        left_out = [head - 1 for where, head in ablated if where == number]
        layers.append(_layer(layer, h, draws, left_out))
        h = layers[-1].mlp.after
    read: Tensor = model.norm(h) if model.norm is not None else h
    theta: Tensor = model.head(read)
    return Stream(symbols, embedded, mask, tuple(layers), h, read, theta)


def _layer(layer: Layer, h: Tensor, draws: StepRandom | None, left_out: list[int]) -> LayerStream:
    attention = layer.attention
    read = layer.attended(h)
    trace = attention.trace(read)
    mask = _mask(trace.attention, draws)
    values = _times(trace.attention, mask) @ trace.v  # (B, H, T, d)
    kept = torch.ones(attention.heads, 1, 1).to(values)
    kept[left_out] = 0.0
    heads = values * kept if left_out else values
    joined = heads.transpose(1, 2).flatten(2)  # (B, T, D)
    added = _added(layer, h, read, attention.out(joined), layer.attention_norm, draws)
    h = added.after
    norm = layer.mlp_norm
    read = norm(h) if norm is not None and layer.norm == "before" else h
    z: Tensor = layer.mlp.hidden(read)
    activated = layer.mlp.activate(z)
    mlp = _added(layer, h, read, layer.mlp.out(activated), norm, draws)
    return LayerStream(added, trace, mask, values, heads, joined, mlp, z, activated)


def _added(
    layer: Layer,
    before: Tensor,
    read: Tensor,
    change: Tensor,
    norm: nn.LayerNorm | None,
    draws: StepRandom | None,
) -> Added:
    mask = _mask(change, draws)
    total = before + _times(change, mask)
    after: Tensor = norm(total) if norm is not None and layer.norm == "after" else total
    return Added(before, read, change, mask, total, after)


def _mask(h: Tensor, draws: StepRandom | None) -> Tensor | None:
    return draws.mask(h) if draws is not None and draws.rho else None


def _times(h: Tensor, mask: Tensor | None) -> Tensor:
    return h if mask is None else h * mask
