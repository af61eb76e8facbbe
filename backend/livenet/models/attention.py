"""Scaled dot-product attention in heads: A = softmax(QKᵀ/√d), each head's output A V.

d is the width of a head's queries and keys. Vaswani et al. 2017, section 3.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional

from livenet.models.linear import Linear
from livenet.models.step_random import StepRandom


@dataclass(frozen=True)
class AttentionTrace:
    """Intermediate values of a layer's heads for a batch."""

    q: Tensor  # (B, H, T, d)
    k: Tensor  # (B, H, T, d)
    v: Tensor  # (B, H, T, d)
    scores: Tensor  # (B, H, T, T): QKᵀ/√d; −∞ where a query is masked
    attention: Tensor  # (B, H, T, T): A, every row sums to 1


class Attention(nn.Module):
    """Self-attention of every place to all places (causal: to those up to itself)."""

    def __init__(self, width: int, heads: int, causal: bool) -> None:
        super().__init__()
        self.heads = heads
        self.causal = causal
        self.qkv = Linear(width, 3 * width)
        self.out = Linear(width, width)

    @property
    def d(self) -> int:
        """Width of a head's queries, keys and values."""
        return self.out.in_features // self.heads

    def forward(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        """The output of attention for the places h (B, T, D): the heads' A V, mixed by ``out``."""
        if draws is not None and draws.rho:
            trace = self.trace(h)
            mixed = draws.dropout(trace.attention) @ trace.v  # (B, H, T, d)
        else:
            q, k, v = self._split(h)
            mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        return self.merge(mixed)

    def trace(self, h: Tensor) -> AttentionTrace:
        """The intermediate values for h (B, T, D)."""
        q, k, v = self._split(h)
        scores = q @ k.transpose(-1, -2) / sqrt(self.d)  # (B, H, T, T)
        if self.causal:
            steps = h.shape[1]
            hidden = torch.ones(steps, steps, dtype=torch.bool, device=h.device).triu(1)
            scores = scores.masked_fill(hidden, -inf)
        return AttentionTrace(q, k, v, scores, scores.softmax(-1))

    def merge(self, mixed: Tensor) -> Tensor:
        """The heads' A V (B, H, T, d), concatenated, times W_out: (B, T, D)."""
        joined: Tensor = self.out(mixed.transpose(1, 2).flatten(2))
        return joined

    def _split(self, h: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Q, K and V of every head, (B, H, T, d) each, from one product."""
        parts = self.qkv(h).unflatten(2, (3, self.heads, self.d))  # (B, T, 3, H, d)
        q, k, v = parts.permute(2, 0, 3, 1, 4).unbind(0)
        return q, k, v


def entropy(attention: Tensor) -> Tensor:
    """H of each row of A (…, T, T), −Σ_j A_ij log A_ij in nats: (…, T)."""
    found: Tensor = torch.special.entr(attention).sum(-1)
    return found
