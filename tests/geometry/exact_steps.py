"""The cells of networks of steps, slowly: exact fractions, one polygon at a time, see exact.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from livenet.geometry import RELU, Bend, MaxPool, Residual, Step, dense
from livenet.geometry.arrays import Floats
from livenet.geometry.steps import Plain
from tests.geometry.exact import Affine, Cell, Point, at, center, combined, fraction, halves


@dataclass(frozen=True)
class Linear:
    weight: Floats
    bias: Floats


@dataclass(frozen=True)
class Relu:
    pass


@dataclass(frozen=True)
class Pool:
    windows: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Block:
    body: "tuple[Linear | Relu | Pool, ...]"


Part = Linear | Relu | Pool | Block


def as_step(part: Part) -> Plain:
    """The same for the geometry."""
    match part:
        case Linear():
            return dense(part.weight, part.bias)
        case Relu():
            return Bend(RELU)
        case Pool():
            longest = max(map(len, part.windows))
            rows = [(*window, *([-1] * (longest - len(window)))) for window in part.windows]
            return MaxPool(np.array(rows))
        case Block():
            return Residual(tuple(as_step(inner) for inner in part.body))


def cells_of(parts: Sequence[Part], window: tuple[float, ...]) -> list[Cell]:
    """All cells with an inside, with the network's outputs as their values."""
    left, right, low, high = (fraction(w) for w in window)
    one, none = Fraction(1), Fraction(0)
    whole = Cell(
        ((left, low), (right, low), (right, high), (left, high)),
        (),
        ((one, none, none), (none, one, none)),
    )
    return walked(parts, [whole])


def walked(parts: Sequence[Part], cells: list[Cell]) -> list[Cell]:
    for part in parts:
        cells = [after for cell in cells for after in one_step(part, cell)]
    return cells


def one_step(part: Part, cell: Cell) -> list[Cell]:
    match part:
        case Linear():
            rows = zip(part.weight, part.bias, strict=True)
            values = [
                combined([fraction(w) for w in row], cell.values, fraction(b)) for row, b in rows
            ]
            return [Cell(cell.polygon, cell.pattern, tuple(values))]
        case Relu():
            return bent(cell)
        case Pool():
            cells = [Cell(cell.polygon, cell.pattern, ())]
            for units in part.windows:
                cells = [c for before in cells for c in pooled(before, cell.values, units)]
            return cells
        case Block():
            found = []
            for after in walked(part.body, [cell]):
                sums = tuple(
                    (a[0] + b[0], a[1] + b[1], a[2] + b[2])
                    for a, b in zip(after.values, cell.values, strict=True)
                )
                found.append(Cell(after.polygon, after.pattern, sums))
            return found


def bent(cell: Cell) -> list[Cell]:
    polygons = [cell.polygon]
    for value in cell.values:
        polygons = [half for p in polygons for half in halves(p, value)]
    zero = (Fraction(), Fraction(), Fraction())
    found = []
    for polygon in polygons:
        on = [at(value, center(polygon)) > 0 for value in cell.values]
        values = tuple(v if up else zero for v, up in zip(cell.values, on, strict=True))
        found.append(Cell(polygon, (*cell.pattern, *map(int, on)), values))
    return found


def pooled(cell: Cell, values: Sequence[Affine], units: Sequence[int]) -> list[Cell]:
    """Where each of the units is the largest: half a plane for each other, one after the other."""
    found = []
    for place, unit in enumerate(units):
        polygon: tuple[Point, ...] | None = cell.polygon
        for other, rival in enumerate(units):
            apart = tuple(a - b for a, b in zip(values[unit], values[rival], strict=True))
            if polygon is not None and other != place:
                polygon = where_positive(polygon, (apart[0], apart[1], apart[2]), other > place)
        if polygon is not None:
            found.append(Cell(polygon, (*cell.pattern, place), (*cell.values, values[unit])))
    return found


def where_positive(
    polygon: tuple[Point, ...], line: Affine, ties: bool
) -> tuple[Point, ...] | None:
    """The part above a line, if it has an inside; a line that is 0 everywhere counts as `ties`."""
    heights = [at(line, p) for p in polygon]
    if not any(heights):
        return polygon if ties else None
    parts = halves(polygon, line)
    part = max(parts, key=lambda p: at(line, center(p)))
    return part if at(line, center(part)) > 0 else None


def steps_of(parts: Sequence[Part]) -> list[Step]:
    return [as_step(part) for part in parts]
