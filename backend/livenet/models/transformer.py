"""The transformer: layers of attention and of a small MLP at each place, with residual connections.

With layer norm before (each f has its own norm, and the final h one more):

    h ← h + attention(norm(h))    h ← h + mlp(norm(h))    θ = W norm(h) + b

with layer norm after: h ← norm(h + f(h)), and θ = W h + b; without: h ← h + f(h).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional

from livenet.models.arrange import arrange
from livenet.models.attention import Attention, AttentionTrace, entropy
from livenet.models.linear import Linear
from livenet.models.network import Network
from livenet.models.positions import sinusoidal
from livenet.models.step_random import StepRandom
from livenet.spec import RunSpec
from livenet.spec.choice import Choice, activation
from livenet.spec.data.sequences import Sequences
from livenet.spec.model import Transformer as TransformerSpec
from livenet.spec.model.transformer import Norm

ONE_KERNEL: dict[str, Callable[[Tensor], Tensor]] = {
    "gelu": functional.gelu,
    "silu": functional.silu,
    "softplus": functional.softplus,
}
"""Activations with one kernel in torch, which takes a seventh of the time under autograd."""

MEASURED = 16  # sequences to average the entropies of a row over
MAX_HEADS = 32  # with an entropy each; for more heads, the mean of each layer


@dataclass(frozen=True)
class TransformerTrace:
    """Intermediate values of a transformer for a batch, by layer."""

    layers: tuple[AttentionTrace, ...]
    theta: Tensor  # (B, T, K)


class Mlp(nn.Module):
    """W₂ σ(W₁ h + b₁) + b₂ at every place separately."""

    def __init__(self, width: int, hidden: int, chosen: Choice) -> None:
        super().__init__()
        self.hidden = Linear(width, hidden)
        self.out = Linear(hidden, width)
        self.row, self.knobs = activation(chosen), chosen.knobs

    def forward(self, h: Tensor) -> Tensor:
        """(B, T, D) -> (B, T, D)."""
        mixed: Tensor = self.out(self.activate(self.hidden(h)))
        return mixed

    def activate(self, z: Tensor) -> Tensor:
        """σ(z) of the hidden units, (B, T, F·D)."""
        kernel = ONE_KERNEL.get(self.row.kind)
        return kernel(z) if kernel else self.row.value(z, self.knobs)


class Layer(nn.Module):
    """Attention, then the MLP; each is added to the residual stream h, with its norm if any."""

    def __init__(self, spec: TransformerSpec) -> None:
        super().__init__()
        normed = spec.norm != "none"
        self.norm: Norm = spec.norm
        self.attention_norm = nn.LayerNorm(spec.width) if normed else None
        self.attention = Attention(spec.width, spec.heads, spec.causal)
        self.mlp_norm = nn.LayerNorm(spec.width) if normed else None
        self.mlp = Mlp(spec.width, spec.feedforward * spec.width, spec.activation)

    def forward(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        """(B, T, D) -> (B, T, D)."""
        mixed = self.attention(self.attended(h), draws)
        h = self._added(h, mixed, self.attention_norm, draws)
        return self._computed(h, draws)

    def trace(self, h: Tensor) -> tuple[Tensor, AttentionTrace]:
        """The same without dropout, and the intermediate values of attention."""
        trace = self.attention.trace(self.attended(h))
        mixed = self.attention.merge(trace.attention @ trace.v)
        h = self._added(h, mixed, self.attention_norm, None)
        return self._computed(h, None), trace

    def attended(self, h: Tensor) -> Tensor:
        """The input of the queries, keys and values, (B, T, D)."""
        return self._before(h, self.attention_norm)

    def _computed(self, h: Tensor, draws: StepRandom | None) -> Tensor:
        return self._added(h, self.mlp(self._before(h, self.mlp_norm)), self.mlp_norm, draws)

    def _before(self, h: Tensor, norm: nn.LayerNorm | None) -> Tensor:
        found: Tensor = norm(h) if norm is not None and self.norm == "before" else h
        return found

    def _added(
        self, h: Tensor, change: Tensor, norm: nn.LayerNorm | None, draws: StepRandom | None
    ) -> Tensor:
        total = h + (draws.dropout(change) if draws is not None else change)
        found: Tensor = norm(total) if norm is not None and self.norm == "after" else total
        return found


class Embedding(nn.Module):
    """A vector for each symbol or place: rows of ``weight`` (N, D)."""

    def __init__(self, count: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(count, width))

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, T) -> (B, T, D)."""
        return functional.embedding(tokens, self.weight)


class Transformer(Network):
    """Symbols (or real numbers) embedded, layers, and a linear layer to θ at every place.

    Dropout applies to the embedded inputs, to A, and to the outputs of attention and MLP.
    """

    sines: Tensor

    def __init__(self, spec: RunSpec) -> None:
        super().__init__()
        model, data = spec.model, spec.data
        assert isinstance(model, TransformerSpec)
        assert isinstance(data, Sequences)
        self.spec, self.data = model, data
        steps, width = data.steps_read(model.causal), model.width
        symbols = len(data.symbols_in)
        self.embedding = Embedding(symbols, width) if symbols else Linear(data.channels, width)
        self.positions = Embedding(steps, width) if model.positions == "learned" else None
        if model.positions == "sinusoidal":
            self.register_buffer("sines", sinusoidal(steps, width), persistent=False)
        self.layers = nn.ModuleList(Layer(model) for _ in range(model.depth))
        # Cached: nn.ModuleList builds a new iterator chain at every loop over it.
        self.blocks: tuple[Layer, ...] = tuple(self.layers)  # type: ignore[arg-type]  # all Layer
        self.norm = nn.LayerNorm(width) if model.norm == "before" else None
        self.head = Linear(width, spec.outputs)

    def initialize(self, generator: torch.Generator) -> None:
        """Draws vectors of symbols and places from N(0, 1), matrices by Xavier's rule; biases are
        0, norms the identity.

        The output of each of the 2L parts is scaled by 1/√(2L), so that their sum is as large as
        one of them (Radford et al. 2019, section 2.3).
        """
        thinner = 1 / sqrt(2 * len(self.blocks))
        with torch.no_grad():
            for module in self.modules():
                if isinstance(module, Embedding):
                    module.weight.normal_(generator=generator)
                elif isinstance(module, Linear):
                    d_out, d_in = module.weight.shape
                    module.weight.normal_(0.0, sqrt(2 / (d_in + d_out)), generator=generator)
            for layer in self.blocks:
                layer.attention.out.weight.mul_(thinner)
                layer.mlp.out.weight.mul_(thinner)

    def arrange(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Pairs become one row of symbols for a decoder; all other data is unchanged."""
        return arrange(self.data, x, y, causal=self.spec.causal)

    def forward(self, inputs: Tensor, draws: StepRandom | None = None) -> Tensor:
        """θ (B, T, K) of symbols (B, T) or real numbers (B, T, C)."""
        h = self.embedded(inputs)
        if draws is not None:
            h = draws.dropout(h)
        for layer in self.blocks:
            h = layer(h, draws)
        return self._theta(h)

    def trace(self, inputs: Tensor) -> TransformerTrace:
        """The same without dropout, with every head's Q, K, V, scores and A."""
        h = self.embedded(inputs)
        traces: list[AttentionTrace] = []
        for layer in self.blocks:
            h, trace = layer.trace(h)
            traces.append(trace)
        return TransformerTrace(tuple(traces), self._theta(h))

    @torch.inference_mode()
    def measures(self, inputs: Tensor) -> dict[str, float]:
        """Entropy of each head, ``attention_entropy_{layer}_{head}`` counted from 1, in nats: the
        mean over all queries. For many heads, the mean of each layer, ``attention_entropy_{l}``.
        """
        found: dict[str, float] = {}
        few = len(self.blocks) * self.spec.heads <= MAX_HEADS
        for number, layer in enumerate(self.trace(inputs[:MEASURED]).layers, start=1):
            heads = entropy(layer.attention).mean((0, 2)).tolist()  # (H,)
            if few:
                names = (f"attention_entropy_{number}_{head + 1}" for head in range(len(heads)))
                found |= dict(zip(names, heads, strict=True))
            else:
                found[f"attention_entropy_{number}"] = sum(heads) / len(heads)
        return found

    def embedded(self, inputs: Tensor) -> Tensor:
        """h before the first layer: the sum of the vectors of symbols and places, (B, T, D)."""
        h: Tensor = self.embedding(inputs)
        steps = h.shape[1]
        if self.positions is not None:
            h = h + self.positions.weight[:steps]
        elif self.spec.positions == "sinusoidal":
            h = h + self.sines[:steps].to(h.device)
        return h

    def _theta(self, h: Tensor) -> Tensor:
        theta: Tensor = self.head(self.norm(h) if self.norm is not None else h)
        return theta
