"""How the values of a transformer are written, and what they are for one query, key and head."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from livenet.models.stream import LayerStream, Stream
from livenet.models.transformer import Layer, Transformer
from livenet.pictures import Array
from livenet.probes.steps.equations import Named, array, derivative
from livenet.probes.steps.transformer_pass import Derivatives

SIDES = ("Q", "K", "V")


class Spot:
    """One head of one layer for one query and key of an example; layers and heads from 1."""

    def __init__(
        self,
        model: Transformer,
        kept: Stream,
        at: int,
        layer: int,
        head: int,
        query: int,
        key: int | None,
        labels: tuple[str, ...],
    ) -> None:
        self.model = model
        self.kept = kept
        self.at = at
        self.number = layer
        self.head = head
        self.query = query
        self.labels = labels
        self.layer: Layer = model.blocks[layer - 1]
        self.values: LayerStream = kept.layers[layer - 1]
        self.d = self.layer.attention.d
        self.key = int(self.shares.argmax()) if key is None else key

    # Symbols

    def stream(self, layer: int, place: str = "t") -> str:
        """The stream after a layer; 0 is before the first."""
        return f"h_{{{place}}}^{{({layer})}}"

    @property
    def middle(self) -> str:
        """The stream between attention and MLP."""
        return f"u_{{t}}^{{({self.number})}}"

    def read_symbol(self, place: str) -> str:
        """What queries, keys and values are made of."""
        return f"n_{{{place}}}" if self.first else self.stream(self.number - 1, place)

    @property
    def first(self) -> bool:
        """Whether the norms stand before the parts."""
        return self.layer.norm == "before"

    # Values at the query's place

    def named(self, symbol: str, values: Tensor, place: int | None = None) -> Named:
        """A vector (D, 1) of values (B, T, D)."""
        return Named(symbol, array(values[self.at, self.query if place is None else place]))

    def by(self, back: Derivatives, of: str, value: Tensor, place: int | None = None) -> Named:
        """∂ℓ/∂ of such a vector."""
        t = self.query if place is None else place
        return derivative(of, array(back.by(value)[self.at, t]))

    # The head

    @property
    def visible(self) -> int:
        """Keys that the query sees: all, or those up to itself."""
        return self.query + 1 if self.layer.attention.causal else len(self.labels)

    @property
    def hidden(self) -> bool:
        """Whether the mask hides the key from the query."""
        return self.key >= self.visible

    @property
    def shares(self) -> Tensor:
        """A's row of the query (T,)."""
        return self.values.trace.attention[self.at, self.head - 1, self.query].detach()

    def of_head(self, values: Tensor) -> Tensor:
        """Of values (B, H, T, …) those of the head, (T, …)."""
        return values[self.at, self.head - 1].detach()

    def rows(self, side: str) -> slice:
        """The head's rows of W_qkv for "Q", "K" or "V"."""
        start = SIDES.index(side) * self.layer.attention.heads * self.d + (self.head - 1) * self.d
        return slice(start, start + self.d)

    def weight(self, side: str) -> Named:
        return Named(
            f"W_{{{side}}}",
            array(self.layer.attention.qkv.weight[self.rows(side)]),
            matrix=True,
        )

    def bias(self, side: str) -> Named:
        return Named(f"b_{{{side}}}", array(self.layer.attention.qkv.bias[self.rows(side)]))

    def q(self) -> Named:
        return Named("q_{i}", array(self.of_head(self.values.trace.q)[self.query]))

    def matrix(self, side: str) -> Named:
        """All queries, keys or values of the head, (T, d)."""
        values = getattr(self.values.trace, side.lower())
        return Named(side, array(self.of_head(values)), matrix=True, row_labels=self.labels)

    def row(self, symbol: str, values: Tensor | Array, *, shares: bool = False) -> Named:
        """A number for each key that is visible, as a column."""
        column = array(values) if isinstance(values, Tensor) else np.asarray(values)
        return Named(
            symbol,
            column[: self.visible].reshape(-1, 1),
            row_labels=self.labels[: self.visible],
            colors="sequential" if shares else "diverging",
            peak=1.0 if shares else None,
        )

    def share_row(self) -> Named:
        """a_i, the head's attention from the query."""
        return self.row("a_{i}", self.shares, shares=True)

    def dropped_row(self) -> Named:
        """The same with dropout."""
        if self.values.mask is None:
            return self.share_row()
        mask = self.of_head(self.values.mask)[self.query]
        return self.row(r"\hat a_{i}", self.shares * mask)

    def output(self) -> Named:
        """The head's output at the query, before it is left out if it is."""
        return Named("o_{i}", array(self.of_head(self.values.values)[self.query]))

    def columns(self) -> slice:
        """The head's columns of W_out."""
        return slice((self.head - 1) * self.d, self.head * self.d)

    @property
    def ablated(self) -> bool:
        values = self.values
        return values.heads is not values.values and not torch.any(self.of_head(values.heads) != 0)
