"""A dense layer, and reshaping: maps as a vector, or a vector as maps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from livenet.pictures import Equation, Plot, Sign, Term
from livenet.probes.steps.equations import (
    Named,
    array,
    derivative,
    explained,
    matrix_product,
    operand,
    product,
    table,
)
from livenet.probes.steps.operations.operation import Operation, Place, Value, Written
from livenet.probes.steps.operations.sums import by_bias, elsewhere

Symbol = tuple[str, str]


class Dense(Operation):
    """z = W h + b of vectors (B, D). ``weight`` and ``bias`` are (name, symbol) and the parameter;
    None without biases."""

    def __init__(
        self,
        source: Value,
        result: Value,
        weight: tuple[Symbol, Tensor],
        bias: tuple[Symbol, Tensor] | None,
    ) -> None:
        super().__init__(source, result)
        (self.name, symbol), self.weight = weight
        self.w = Named(symbol, array(self.weight), matrix=True)
        self.b = Named(bias[0][1], array(bias[1])) if bias else None
        self.bias = bias[1] if bias else None
        self.bias_name = bias[0][0] if bias else ""

    def forward(self, place: Place) -> list[Plot]:
        z, at = self.result.shown(place)
        h, _ = self.source.shown(place)
        plus = f" + {self.b.symbol}" if self.b else ""
        formula = f"{z.symbol} = {self.w.symbol} {h.symbol}{plus}"
        mark = matrix_product(z, self.w, h, self.b, at=at, formula=formula)
        return [Plot("z", (mark,), title="Weigh and add")]

    def _entry(self, place: Place) -> tuple[int, int]:
        rows, columns = self.w.shape
        return min(place.row, rows - 1), min(place.column, columns - 1)

    def _terms(self, place: Place) -> Tensor:
        """δ_j h_i of every example, (B, 1), in double precision."""
        row, column = self._entry(place)
        delta = self.result.differentiated[:, row : row + 1].double()
        return delta * self.source.tensor.detach()[:, column : column + 1].double()

    def written(self, place: Place) -> list[Written]:
        row, column = self._entry(place)
        delta = self.result.differentiated.double()
        by_weight = delta.T @ self.source.tensor.detach().double()
        found = [Written(self.name, (row, column), by_weight)]
        if self.bias is not None:
            found.append(Written(self.bias_name, (row,), delta.sum(0)))
        return found

    def backward(self, place: Place) -> list[Plot]:
        mark = self._by_weight(place)
        plots = [Plot("gW", (mark,), title="How the loss depends on each weight")]
        if self.b is not None and self.bias is not None:
            assert self.bias.grad is not None
            own = derivative(self.b.symbol, array(self.bias.grad))
            formula = f"{own.symbol} = {self.result.slope_symbol}"
            row, _ = self._entry(place)
            mark = by_bias(own, row, self.result, place, formula)
            plots.append(Plot("gb", (mark,), title="How it depends on each bias"))
        if self.source.gradient is not None:
            e, (row, _) = self.source.back(place)
            delta, _ = self.result.back(place)
            w = self.w.transpose
            formula = f"{self.source.slope_symbol} = {w.latex} {self.result.slope_symbol}"
            mark = matrix_product(e, w, delta, at=(row, 0), formula=formula)
            plots.append(Plot("e", (mark,), title="Back through the weights"))
        return plots

    def _by_weight(self, place: Place) -> Equation:
        at = self._entry(place)
        assert self.weight.grad is not None
        own = derivative(self.w.symbol, array(self.weight.grad), matrix=True)
        delta, _ = self.result.back(place)
        h = self.source.shown(place)[0].transpose
        formula = f"{own.symbol} = {self.result.slope_symbol} {h.latex}"
        rest = elsewhere(self._terms(place), place)
        if not rest:
            return table(own, delta, h, at=at, formula=formula)
        row, column = at
        term = Term(
            rf"{delta.entry(row, 0)}\, {h.entry(0, column)}",
            product((delta.at(row, 0), h.at(0, column))),
            delta.at(row, 0) * h.at(0, column),
            ((3, row, 0), (5, 0, column)),
        )
        items = (
            Sign(r"\sum"), operand(delta, row, 0), Sign(r"\cdot"), operand(h, 0, column),
        )  # fmt: skip
        formula = rf"{own.symbol} = \sum_{{n \in B}} {self.result.slope_symbol}_n {h.latex}_n"
        return explained(own, items, (term, *rest), formula=formula, at=at)


class Reshape(Operation):
    """The same numbers in another shape, row by row and channel by channel."""

    def forward(self, place: Place) -> list[Plot]:
        formula = rf"{self.result.symbol} = \operatorname{{reshape}}({self.source.symbol})"
        to, start = self._shapes()
        mark = _copied(place, (to, self.result.shown), (start, self.source.shown), formula)
        return [Plot("reshape", (mark,), title="The same numbers in another shape")]

    def backward(self, place: Place) -> list[Plot]:
        if self.source.gradient is None:
            return []
        left, right = self.source.slope_symbol, self.result.slope_symbol
        formula = rf"{left} = \operatorname{{reshape}}({right})"
        to, start = self._shapes()
        mark = _copied(place, (start, self.source.back), (to, self.result.back), formula)
        return [Plot("reshaped", (mark,), title="The same derivatives in the shape before")]

    def _shapes(self) -> tuple[torch.Size, torch.Size]:
        """Of an example's result and source."""
        return self.result.tensor.shape[1:], self.source.tensor.shape[1:]


Shown = Callable[[Place, int | None], tuple[Named, tuple[int, int]]]


def _copied(
    place: Place, result: tuple[torch.Size, Shown], source: tuple[torch.Size, Shown], formula: str
) -> Equation:
    """An entry of the result is that of the source at the same place in memory."""
    (to, shown), (start, before) = result, source
    named, at = shown(place, None)
    index = (*named.within, *at)[: len(to)]
    found = np.unravel_index(int(np.ravel_multi_index(index, to)), start)
    there = tuple(int(i) for i in found)
    maps = len(there) == 3
    other, _ = before(place, there[0] if maps else None)
    row, column = there[1:] if maps else (there[0], 0)
    term = Term(other.entry(row, column), "", other.at(row, column), ((2, row, column),))
    items = (operand(other, row, column),)
    return explained(named, items, [term], formula=formula, at=at)
