"""The numbers of a transformer's walk: its forward pass, and derivatives by autograd."""

from __future__ import annotations

from collections.abc import Callable, Collection

import torch
from torch import Tensor, nn
from torch.nn import functional

from livenet.models.step_random import StepRandom
from livenet.models.stream import Added, Head, Stream, stream
from livenet.models.transformer import Embedding, Transformer
from livenet.probes.steps.pairs import Pair


class Derivatives:
    """Of a loss, by the values of a forward pass, over all paths from them to it."""

    def __init__(self, kept: Stream, loss: Tensor) -> None:
        tensors = list({id(one): one for one in kept.tensors()}.values())
        found = torch.autograd.grad(
            loss, tensors, retain_graph=True, allow_unused=True, materialize_grads=True
        )
        self._found = {id(one): value for one, value in zip(tensors, found, strict=True)}
        self._kept = kept  # ids hold as long as the tensors live

    def by(self, value: Tensor) -> Tensor:
        """∂ℓ/∂value, in its shape."""
        return self._found[id(value)]


def forward(
    model: Transformer,
    x: Tensor,
    draws: Callable[[], StepRandom] | None,
    ablated: Collection[Head] = (),
) -> Stream:
    """The pass over x (B, T, …) in autograd's graph, as in training if it has ``draws``."""
    with torch.enable_grad():
        return stream(model, x, draws() if draws else None, ablated)


def by_qkv(kept: Derivatives, layer: int) -> Tensor:
    """∂ℓ/∂(Q, K and V side by side) of a layer, from 0: (B, T, 3·D)."""
    trace = kept._kept.layers[layer].trace
    parts = torch.stack([kept.by(one) for one in (trace.q, trace.k, trace.v)])  # (3, B, H, T, d)
    return parts.permute(1, 3, 0, 2, 4).flatten(2)


def pairs(model: Transformer, x: Tensor, kept: Stream, back: Derivatives) -> dict[str, Pair]:
    """By parameter: what its gradient is the sum of over the places."""
    found: dict[str, Pair] = {}
    symbols = back.by(kept.embedded)  # of a sum, also by the vectors of the symbols
    if isinstance(model.embedding, Embedding):
        one_hot = functional.one_hot(x, len(model.embedding.weight)).to(symbols)
        found["embedding.weight"] = Pair(one_hot, symbols)
    else:
        _linear(found, "embedding", symbols, x.to(symbols))
    if model.positions is not None:
        steps, count = x.shape[1], len(model.positions.weight)
        places = torch.eye(steps, count).to(symbols).expand(len(x), steps, count)
        found["positions.weight"] = Pair(places, symbols)
    for number, (layer, values) in enumerate(zip(model.blocks, kept.layers, strict=True)):
        name = f"layers.{number}"
        attention, mlp = values.attention, values.mlp
        _linear(found, f"{name}.attention.qkv", by_qkv(back, number), attention.read)
        _linear(found, f"{name}.attention.out", back.by(attention.change), values.joined)
        _linear(found, f"{name}.mlp.hidden", back.by(values.z), mlp.read)
        _linear(found, f"{name}.mlp.out", back.by(mlp.change), values.activated)
        for which, norm, added in (
            ("attention_norm", layer.attention_norm, attention),
            ("mlp_norm", layer.mlp_norm, mlp),
        ):
            if norm is not None:
                before, after = normed(added, layer.norm == "before")
                _norm(found, f"{name}.{which}", norm, before, back.by(after))
    if model.norm is not None:
        _norm(found, "norm", model.norm, kept.last, back.by(kept.read))
    _linear(found, "head", back.by(kept.theta), kept.read)
    return found


def normed(added: Added, first: bool) -> tuple[Tensor, Tensor]:
    """What a part's norm reads and gives; it stands ``first``, or after the sum."""
    return (added.before, added.read) if first else (added.total, added.after)


def _linear(found: dict[str, Pair], name: str, left: Tensor, right: Tensor) -> None:
    found[f"{name}.weight"] = Pair(left, right)
    found[f"{name}.bias"] = Pair(left, None)


def _norm(
    found: dict[str, Pair], name: str, norm: nn.LayerNorm, before: Tensor, back: Tensor
) -> None:
    unit = functional.layer_norm(before, before.shape[-1:], eps=norm.eps)
    found[f"{name}.weight"] = Pair(back * unit, None)
    found[f"{name}.bias"] = Pair(back, None)
