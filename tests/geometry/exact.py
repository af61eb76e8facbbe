"""The regions once more, slowly: one polygon and one line at a time, in exact fractions.

Nothing is shared with the implementation. Polygons do not know their neighbours, so that two
count as neighbours when they overlap along a line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

from livenet.geometry import Layer

Point = tuple[Fraction, Fraction]
Affine = tuple[Fraction, Fraction, Fraction]  # a x + b y + c


@dataclass(frozen=True)
class Cell:
    """A convex polygon, the piece of every unit so far, and the affine map of every value."""

    polygon: tuple[Point, ...]
    pattern: tuple[int, ...]
    values: tuple[Affine, ...]


def fraction(value: float) -> Fraction:
    return Fraction(float(value))


def at(affine: Affine, point: Point) -> Fraction:
    return affine[0] * point[0] + affine[1] * point[1] + affine[2]


def combined(weights: Sequence[Fraction], affines: Sequence[Affine], bias: Fraction) -> Affine:
    a, b, c = (
        sum((w * v[i] for w, v in zip(weights, affines, strict=True)), Fraction()) for i in range(3)
    )
    return a, b, c + bias


def halves(polygon: tuple[Point, ...], line: Affine) -> list[tuple[Point, ...]]:
    """The parts of a polygon on either side of a line; itself when the line does not cut it."""
    heights = [at(line, p) for p in polygon]
    if min(heights) >= 0 or max(heights) <= 0:
        return [polygon]
    below: list[Point] = []
    above: list[Point] = []
    turns = [*zip(polygon, heights, strict=True), (polygon[0], heights[0])]
    for (p, hp), (q, hq) in pairwise(turns):
        if hp <= 0:
            below.append(p)
        if hp >= 0:
            above.append(p)
        if hp * hq < 0:
            t = hp / (hp - hq)
            crossing = (p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]))
            below.append(crossing)
            above.append(crossing)
    return [tuple(below), tuple(above)]


def center(polygon: tuple[Point, ...]) -> Point:
    n = len(polygon)
    return sum((p[0] for p in polygon), Fraction()) / n, sum(
        (p[1] for p in polygon), Fraction()
    ) / n


def cut(cell: Cell, layer: Layer) -> list[Cell]:
    """The cells that one layer makes of one cell."""
    breaks = [fraction(b) for b in layer.activation.breaks]
    zs = [
        combined([fraction(w) for w in row], cell.values, fraction(bias))
        for row, bias in zip(layer.weight, layer.bias, strict=True)
    ]
    polygons = [cell.polygon]
    for a, b, c in zs:
        for start in breaks:
            polygons = [half for p in polygons for half in halves(p, (a, b, c - start))]
    cells = []
    for polygon in polygons:
        pieces = [sum(at(z, center(polygon)) > start for start in breaks) for z in zs]
        values = []
        for j, (piece, z) in enumerate(zip(pieces, zs, strict=True)):
            slope = fraction(layer.activation.slopes[piece])
            value = [slope * v for v in z]
            value[2] += fraction(layer.activation.intercepts[piece])
            if layer.residual:
                value = [v + h for v, h in zip(value, cell.values[j], strict=True)]
            values.append((value[0], value[1], value[2]))
        cells.append(Cell(polygon, (*cell.pattern, *pieces), tuple(values)))
    return cells


def exact_cells(layers: Sequence[Layer], window: tuple[float, ...]) -> list[list[Cell]]:
    """The cells after each hidden layer; in the last list with the outputs as their values."""
    left, right, low, high = (fraction(w) for w in window)
    one, none = Fraction(1), Fraction(0)
    whole = Cell(
        ((left, low), (right, low), (right, high), (left, high)),
        (),
        ((one, none, none), (none, one, none)),
    )
    cells = [whole]
    by_layer = []
    for layer in layers[:-1]:
        cells = [part for cell in cells for part in cut(cell, layer)]
        by_layer.append(cells)
    output = layers[-1]
    finished = []
    for cell in by_layer[-1]:
        (done,) = cut(cell, output)
        finished.append(Cell(cell.polygon, cell.pattern, done.values))
    return [*by_layer[:-1], finished]


def area(polygon: tuple[Point, ...]) -> Fraction:
    turns = pairwise([*polygon, polygon[0]])
    return sum((p[0] * q[1] - p[1] * q[0] for p, q in turns), Fraction()) / 2


def touch(a: tuple[Point, ...], b: tuple[Point, ...]) -> bool:
    """Whether two polygons overlap along more than a point."""
    return any(
        overlap(p, q, r, s) for p, q in pairwise([*a, a[0]]) for r, s in pairwise([*b, b[0]])
    )


def overlap(p: Point, q: Point, r: Point, s: Point) -> bool:
    dx, dy = q[0] - p[0], q[1] - p[1]
    if any(dx * (o[1] - p[1]) != dy * (o[0] - p[0]) for o in (r, s)):
        return False
    long = dx * dx + dy * dy
    ends = sorted(((o[0] - p[0]) * dx + (o[1] - p[1]) * dy) / long for o in (r, s))
    return max(ends[0], Fraction(0)) < min(ends[1], Fraction(1))


def exact_linear_count(cells: Sequence[Cell]) -> int:
    """How many edge-connected unions of cells with one map there are."""
    group = list(range(len(cells)))
    for i, j in combinations(range(len(cells)), 2):
        same = cells[i].values == cells[j].values
        if same and group[i] != group[j] and touch(cells[i].polygon, cells[j].polygon):
            old, new = group[j], group[i]
            group = [new if g == old else g for g in group]
    return len(set(group))
