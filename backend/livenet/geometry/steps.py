"""The steps of a network, besides the dense layers of layer.py.

A step maps the values h of D units to those of the next. Between two cuts everything is affine,
so an affine step needs no matrix: it is a function, and may be a convolution, an average pooling,
or a batch norm in evaluation mode.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from livenet.budget import Budget
from livenet.geometry.arrays import Bools, Bytes, Floats, Ints
from livenet.geometry.layer import Layer
from livenet.geometry.piecewise import PiecewiseLinear

MAX_WINDOW = 64  # units: the set of the largest is one word
PIECE = 500_000_000  # operations: some 50 ms
LEAST_ROWS = 8  # in a piece of work


@dataclass(frozen=True)
class Affine:
    """h = A h' + c as a function: (N, inputs) float64 -> (N, width).

    sizes: (inputs,) -> (width,), |A| s + |c| for the largest absolute values s of the inputs. It
    separates rounding from crossing: 1e-11 of it counts as 0. operations: the approximate number
    for one row, by default that of a matrix.
    """

    inputs: int
    width: int
    apply: Callable[[Floats], Floats]
    sizes: Callable[[Floats], Floats]
    operations: int | None = None

    @property
    def rows(self) -> int:
        """The number of rows in a piece of work, between two checks of a budget."""
        return max(LEAST_ROWS, PIECE // max(1, self.operations or 2 * self.inputs * self.width))

    def applied(self, h: Floats, budget: Budget) -> Floats | None:
        """``apply``, a piece of work at a time; None if the budget ends first."""
        if len(h) <= self.rows:
            return None if budget.spent else self.apply(h)
        found = np.empty((len(h), self.width))
        for at in range(0, len(h), self.rows):
            if budget.spent:
                return None
            found[at : at + self.rows] = self.apply(h[at : at + self.rows])
        return found

    def leaving(self, width: int) -> int:
        """The number of outputs for ``width`` inputs. Raises ValueError if they do not fit."""
        return _fitting(self.inputs, width, self.width)


@dataclass(frozen=True)
class Bend:
    """h = σ(z), unit by unit."""

    activation: PiecewiseLinear

    @property
    def pieces(self) -> int:
        """The number of pieces of a unit."""
        return len(self.activation.breaks) + 1

    @property
    def cuts(self) -> int:
        """The number of hyperplanes of a unit."""
        return len(self.activation.breaks)

    def leaving(self, width: int) -> int:
        return width

    def pieces_of(self, z: Floats) -> Bytes:
        """The piece that each unit is on, (N, D)."""
        return self.activation.pieces(z)

    def at(self, z: Floats) -> Floats:
        return self.activation(z)

    def through(self, rows: Floats, pieces: Bytes) -> Floats:
        """Affine maps through the step: (N, d + 1, D) with the piece of each unit (N, D)."""
        rows = rows * np.array(self.activation.slopes)[pieces][:, None, :]
        if any(self.activation.intercepts):
            rows[:, -1] += np.array(self.activation.intercepts)[pieces]
        return rows


@dataclass(frozen=True)
class MaxPool:
    """h_w = max of the units in window w. windows (W, K), K at most 64: the units of each; −1 pads
    a window with fewer.

    A window's piece is the place of its largest unit in the window; of several equal ones the
    first, which is torch's convention too.

    Raises:
        ValueError: when the windows are not a table, or one is empty or has more than 64 units.
    """

    windows: Ints

    def __post_init__(self) -> None:
        windows = np.asarray(self.windows, dtype=np.int64)
        if windows.ndim != 2 or not len(windows):
            raise ValueError(f"windows are a table (W, K) of units, given shape {windows.shape}")
        if not 1 <= windows.shape[1] <= MAX_WINDOW:
            raise ValueError(
                f"a window has 1 to {MAX_WINDOW} units to take the largest of, "
                f"given {windows.shape[1]}"
            )
        if (windows < 0).all(axis=1).any():
            raise ValueError("a window is empty, so it has no largest unit")
        object.__setattr__(self, "windows", windows)

    @property
    def width(self) -> int:
        """W."""
        return len(self.windows)

    @property
    def pieces(self) -> int:
        """The largest number of pieces of a window."""
        return int(self.windows.shape[1])

    @property
    def cuts(self) -> int:
        """The largest number of hyperplanes of a window: one for every pair of its units."""
        return self.pieces * (self.pieces - 1) // 2

    @cached_property
    def places(self) -> Ints:
        """(W, K): each place of a window, and for a gap the place of the window's first unit."""
        first = (self.windows >= 0).argmax(axis=1)[:, None]
        return np.where(self.windows < 0, first, np.arange(self.pieces))

    @cached_property
    def filled(self) -> Ints:
        """The windows with each gap filled by the window's first unit: never larger than it."""
        return np.take_along_axis(self.windows, self.places, axis=1)

    def first_of(self, on_top: Bools, windows: Ints) -> Bytes:
        """The place of the first of the units on top, (N, W', K) of some filled windows (W',) ->
        (N, W')."""
        found: Bytes = self.places[windows, on_top.argmax(axis=2)].astype(np.uint8)
        return found

    def leaving(self, width: int) -> int:
        if self.windows.max() >= width:
            raise ValueError(
                f"pools unit {self.windows.max()}, but {width} arrive, 0 to {width - 1}"
            )
        return self.width

    def pieces_of(self, h: Floats) -> Bytes:
        """Which unit of each window is the largest, (N, W)."""
        values = h[:, self.filled]  # (N, W, K)
        on_top = values == values.max(axis=2, keepdims=True)
        return self.first_of(on_top, np.arange(self.width))

    def at(self, h: Floats) -> Floats:
        best = h[:, self.filled[:, 0]]
        for place in range(1, self.pieces):
            np.maximum(best, h[:, self.filled[:, place]], out=best)
        return best

    def through(self, rows: Floats, pieces: Bytes) -> Floats:
        """Affine maps through the step: (N, d + 1, D) -> (N, d + 1, W)."""
        units = self.filled[np.arange(self.width), pieces]  # (N, W)
        return np.take_along_axis(rows, units[:, None, :], axis=2)


@dataclass(frozen=True)
class Residual:
    """h = P h' + f(h'): f is some steps one after the other, P the identity or an affine step."""

    body: tuple[Plain, ...]
    shortcut: Affine | None = None

    def leaving(self, width: int) -> int:
        after = width
        for step in self.body:
            after = step.leaving(after)
        beside = self.shortcut.leaving(width) if self.shortcut else width
        if after != beside:
            raise ValueError(
                f"adds the {after} units that leave a residual block to {beside} beside it; "
                "they must be as many"
            )
        return after


Step: TypeAlias = Layer | Affine | Bend | MaxPool | Residual
Cutting: TypeAlias = Bend | MaxPool
Plain: TypeAlias = Affine | Bend | MaxPool | Residual  # a Layer is some of them


def dense(weight: Floats, bias: Floats) -> Affine:
    """h = W h' + b: weight (D, D_in), bias (D,)."""
    size = np.abs(weight)
    return Affine(
        weight.shape[1],
        weight.shape[0],
        lambda h: h @ weight.T + bias,
        lambda s: size @ s + np.abs(bias),
    )


def plain(steps: Sequence[Step]) -> tuple[Plain, ...]:
    """The steps with every layer taken apart. The activation of a layer that comes last has no
    breaks and becomes part of its affine map."""
    found: list[Plain] = []
    for number, step in enumerate(steps, start=1):
        if not isinstance(step, Layer):
            found.append(step)
            continue
        parts = _output(step) if number == len(steps) else _hidden(step)
        found.extend([Residual(parts)] if step.residual else parts)
    return tuple(found)


def _hidden(layer: Layer) -> tuple[Plain, ...]:
    return dense(layer.weight, layer.bias), Bend(layer.activation)


def _output(layer: Layer) -> tuple[Plain, ...]:
    slope, intercept = layer.activation.slopes[0], layer.activation.intercepts[0]
    return (dense(slope * layer.weight, slope * layer.bias + intercept),)


def cutting(steps: Sequence[Plain]) -> tuple[Cutting, ...]:
    """The steps that cut, in the order in which they do."""
    found: list[Cutting] = []
    for step in steps:
        if isinstance(step, Residual):
            found.extend(cutting(step.body))
        elif not isinstance(step, Affine):
            found.append(step)
    return tuple(found)


def _fitting(inputs: int, arriving: int, leaving: int) -> int:
    if inputs != arriving:
        raise ValueError(f"takes {inputs} inputs, but {arriving} arrive")
    return leaving
