"""Pooling and upsampling: which pixels make one, and where its gradient goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from livenet.pictures import Equation, Operand, Plot, Sign, Term
from livenet.probes.steps.equations import Named, explained, few, largest, number, operand
from livenet.probes.steps.operations.operation import Operation, Place, Value, numbers

Cell = tuple[int, int]


class _Resampling(Operation):
    """The base of all: without parameters, its way back is one plot."""

    def backward(self, place: Place) -> list[Plot]:
        return [] if self.source.gradient is None else [self._back(place)]

    def _back(self, place: Place) -> Plot:
        """From ∂ℓ/∂result to a pixel of ∂ℓ/∂source."""
        raise NotImplementedError


class _Windows(_Resampling):
    """The base of operations by channel from windows of k × k pixels, ``stride`` apart."""

    def __init__(self, source: Value, result: Value, kernel: int, stride: int) -> None:
        super().__init__(source, result)
        self.kernel, self.stride = kernel, stride

    def _window(self, place: Place) -> Named:
        """The pixels of the window of the place."""
        maps = self.source.tensor[place.example].detach()
        channel = place.out(len(maps))
        row, column = place.pixel(*self.result.tensor.shape[2:])
        top, left = row * self.stride, column * self.stride
        values = numbers(maps[channel, top : top + self.kernel, left : left + self.kernel])
        note = f"window at pixel {top + 1}, {left + 1}"
        return Named(self.source.symbol, values, within=(channel,), note=note)

    def _pixel(self, place: Place, u: int, v: int) -> str:
        """LaTeX of a pixel of the window."""
        shape = self.result.tensor.shape
        row, column = place.pixel(*shape[2:])
        i, j = row * self.stride + u, column * self.stride + v
        return self.source.at(f"{place.out(shape[1]) + 1},{i + 1},{j + 1}")

    def _over(self, i: int, j: int) -> list[Cell]:
        """The places whose window holds a pixel."""
        rows, columns = self.result.tensor.shape[2:]
        return [
            (a, b)
            for a in range(rows)
            if 0 <= i - a * self.stride < self.kernel
            for b in range(columns)
            if 0 <= j - b * self.stride < self.kernel
        ]


class MaxPooling(_Windows):
    """The largest of each window; the first of several that are equal, row by row."""

    def _winners(self) -> Tensor:
        """The number of each window's largest pixel in its map, (B, C, H', W')."""
        found: Tensor = functional.max_pool2d(
            self.source.tensor.detach(), self.kernel, self.stride, return_indices=True
        )[1]
        return found

    def forward(self, place: Place) -> list[Plot]:
        h, (row, column) = self.result.shown(place)
        window = self._window(place)
        channel, width = h.within[0], self.source.tensor.shape[3]
        i, j = divmod(int(self._winners()[place.example, channel, row, column]), width)
        u, v = i - row * self.stride, j - column * self.stride
        term = Term(
            self._pixel(place, u, v),
            number(window.at(u, v)),
            window.at(u, v),
            ((3, u, v),),
        )
        items = (Sign(r"\max"), operand(window, u, v))
        formula = (
            rf"{self.result.at('c,i,j')} = \max_{{u,v}}"
            rf" {self.source.at(f'c,{_moved(self.stride)}')}"
        )
        mark = explained(h, items, [term], formula=formula, at=(row, column))
        return [Plot("pool", (mark,), title="The largest of the window")]

    def _back(self, place: Place) -> Plot:
        e, (i, j) = self.source.back(place)
        after, _ = self.result.back(place)
        winners = self._winners()[place.example, e.within[0]]
        own = i * self.source.tensor.shape[3] + j
        won = [(a, b) for a, b in self._over(i, j) if int(winners[a, b]) == own]
        terms = [Term(after.entry(a, b), "", after.at(a, b), ((3, a, b),)) for a, b in won]
        text = r"\text{largest of no window}"
        terms = terms or [Term(text, "0", 0.0)]
        near = won[0] if won else (self._over(i, j) or [(0, 0)])[0]
        largest_in = "c,i,j"
        formula = (
            rf"{self.source.back_at(largest_in)} = \sum_{{ab}}"
            rf" [(i,j) \text{{ is largest in }} (a,b)]\, {self.result.back_at('c,a,b')}"
        )
        items = (Sign(r"\sum"), operand(after, *near))
        mark = explained(e, items, few(terms), formula=formula, at=(i, j))
        return Plot("e", (mark,), title="Only the largest gets the gradient")

    def pattern(self, examples: slice) -> Tensor | None:
        return self._winners()[examples].flatten()


class AveragePooling(_Windows):
    """The mean of each window."""

    def forward(self, place: Place) -> list[Plot]:
        h, at = self.result.shown(place)
        formula = (
            rf"{self.result.at('c,i,j')} = \tfrac1{{k^2}} \sum_{{u,v}}"
            rf" {self.source.at(f'c,{_moved(self.stride)}')}"
        )
        pixel = partial(self._pixel, place)
        mark = _mean(h, self._window(place), pixel, formula=formula, at=at)
        return [Plot("pool", (mark,), title="The mean of the window")]

    def _back(self, place: Place) -> Plot:
        formula = (
            rf"{self.source.back_at('c,i,j')} = \tfrac1{{k^2}}"
            rf" \sum_{{ab \text{{ over }} ij}} {self.result.back_at('c,a,b')}"
        )
        _, (i, j) = self.source.back(place)
        mark = shares(self, place, self._over(i, j), self.kernel**2, formula)
        return Plot("e", (mark,), title="Every pixel gets an equal share")


class Upsampling(_Resampling):
    """Repeats pixels: each of the result is the nearest of the source."""

    def _nearest(self) -> tuple[list[int], list[int]]:
        """The source's row of each row of the result, and its columns."""
        found = []
        for axis in (2, 3):
            size, made = self.source.tensor.shape[axis], self.result.tensor.shape[axis]
            line = torch.arange(size, dtype=torch.float32).view(1, 1, -1)
            found.append([int(i) for i in functional.interpolate(line, size=made)[0, 0]])
        return found[0], found[1]

    def forward(self, place: Place) -> list[Plot]:
        h, (row, column) = self.result.shown(place)
        before, _ = self.source.shown(place)
        down, across = self._nearest()
        i, j = down[row], across[column]
        term = Term(before.entry(i, j), "", before.at(i, j), ((2, i, j),))
        # H × W to H' × W', numbered from 1.
        inside = r"c,\lfloor (i-1) H/H' \rfloor + 1,\lfloor (j-1) W/W' \rfloor + 1"
        formula = f"{self.result.at('c,i,j')} = {self.source.at(inside)}"
        mark = explained(h, (operand(before, i, j),), [term], formula=formula, at=(row, column))
        return [Plot("upsample", (mark,), title="Repeat each pixel")]

    def _back(self, place: Place) -> Plot:
        _, (i, j) = self.source.back(place)
        down, across = self._nearest()
        copies = [
            (a, b)
            for a, row in enumerate(down)
            if row == i
            for b, column in enumerate(across)
            if column == j
        ]
        formula = (
            rf"{self.source.back_at('c,i,j')} ="
            rf" \sum_{{ab \text{{ copies of }} ij}} {self.result.back_at('c,a,b')}"
        )
        mark = shares(self, place, copies, 1, formula)
        return Plot("copies", (mark,), title="The copies' gradients add up")


class GlobalPooling(_Resampling):
    """The mean of each map: (B, C, H, W) -> (B, C)."""

    def _unit(self, place: Place) -> int:
        return place.row_of(self.result.tensor.shape[1])

    def forward(self, place: Place) -> list[Plot]:
        h, at = self.result.shown(place)
        maps, _ = self.source.shown(place, at[0])
        formula = rf"{self.result.symbol}_c = \tfrac1{{HW}} \sum_{{ij}} {self.source.at('c,i,j')}"
        mark = _mean(h, maps, maps.entry, formula=formula, at=at)
        return [Plot("pool", (mark,), title="The mean of each map")]

    def _back(self, place: Place) -> Plot:
        after, (unit, _) = self.result.back(place)
        e, at = self.source.back(place, unit)
        size = e.values.size
        value = after.at(unit, 0) / size
        entry = after.entry(unit, 0)
        term = Term(
            rf"\tfrac1{{{size}}} {entry}",
            rf"\tfrac1{{{size}}} \times {number(after.at(unit, 0))}",
            value,
            ((3, unit, 0),),
        )
        items = (Sign(rf"\tfrac1{{{size}}}"), operand(after, unit, 0))
        formula = rf"{self.source.back_at('c,i,j')} = \tfrac1{{HW}} {self.result.back_at('c')}"
        mark = explained(e, items, [term], formula=formula, at=at)
        return Plot("e", (mark,), title="Every pixel gets an equal share")


def _mean(
    h: Named,
    pixels: Named,
    entry: Callable[[int, int], str],
    *,
    formula: str,
    at: tuple[int, int],
) -> Equation:
    """An entry of h: the mean of pixels (H, W), each with its LaTeX."""
    size, width = pixels.values.size, pixels.values.shape[1]
    values = (pixels.values.astype(np.float64) / size).reshape(-1)

    def made(index: int) -> Term:
        i, j = divmod(index, width)
        return Term(
            rf"\tfrac1{{{size}}} {entry(i, j)}",
            rf"\tfrac1{{{size}}} \times {number(pixels.at(i, j))}",
            float(values[index]),
            ((3, i, j),),
        )

    near = divmod(int(np.abs(values).argmax()), width)
    items = (Sign(rf"\tfrac1{{{size}}} \sum"), operand(pixels, *near))
    return explained(h, items, largest(values, made), formula=formula, at=at)


def shares(
    operation: Operation, place: Place, cells: Sequence[Cell], size: int, formula: str
) -> Equation:
    """∂ℓ/∂ of a pixel of the source: 1/size of the sum over cells of the result's derivatives."""
    e, at = operation.source.back(place)
    after, _ = operation.result.back(place)
    share = rf"\tfrac1{{{size}}} " if size > 1 else ""
    terms = [
        Term(
            f"{share}{after.entry(a, b)}",
            rf"{share}\times {number(after.at(a, b))}" if share else "",
            after.at(a, b) / size,
            ((3, a, b),),
        )
        for a, b in cells
    ] or [Term(r"\text{in no window}", "0", 0.0)]
    near = cells[len(cells) // 2] if cells else (0, 0)
    items: list[Operand | Sign] = [Sign(rf"{share}\sum"), operand(after, *near)]
    return explained(e, items, few(terms), formula=formula, at=at)


def _moved(stride: int) -> str:
    """LaTeX of a pixel of a window, all from 1."""
    s = stride if stride > 1 else ""
    return f"{s}i+u-{stride},{s}j+v-{stride}"
