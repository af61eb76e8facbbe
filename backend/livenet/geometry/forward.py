"""The network at points, and as the affine maps of its pieces."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from livenet.budget import Budget
from livenet.geometry.arrays import Bytes, Floats, Ints
from livenet.geometry.layer import InputMap, Layer
from livenet.geometry.steps import Affine, Bend, Plain, Residual, Step, plain

CHUNK = 1 << 18  # units times pieces at a time


def outputs_at(layers: Sequence[Step], input_map: InputMap, points: Floats) -> Floats:
    """(N, d) points -> (N, D_out) outputs."""
    found = _walk(plain(layers), input_map(points), [], Budget.unlimited())
    assert found is not None  # the budget is unlimited
    return found


def pieces_at(layers: Sequence[Step], input_map: InputMap, points: Floats) -> list[Bytes]:
    """(N, d) points -> for each step that cuts (N, D), the piece of each unit."""
    found = pieces_within(layers, input_map, points, Budget.unlimited())
    assert found is not None  # the budget is unlimited
    return found


def pieces_within(
    layers: Sequence[Step], input_map: InputMap, points: Floats, budget: Budget
) -> list[Bytes] | None:
    """`pieces_at`; None if the budget ends first."""
    seen: list[Bytes] = []
    return None if _walk(plain(layers), input_map(points), seen, budget) is None else seen


def _walk(steps: Sequence[Plain], h: Floats, seen: list[Bytes], budget: Budget) -> Floats | None:
    """The output of the steps, (N, D) -> (N, D'); appends the pieces to `seen`. None if the
    budget ends first."""
    for step in steps:
        left: Floats | None
        match step:
            case Affine():
                left = step.applied(h, budget)
            case Residual():
                beside = step.shortcut.applied(h, budget) if step.shortcut else h
                inside = _walk(step.body, h, seen, budget)
                left = None if beside is None or inside is None else beside + inside
            case _:
                seen.append(step.pieces_of(h))
                left = step.at(h)
        if left is None:
            return None
        h = left
    return h


@dataclass(frozen=True)
class AffineMaps:
    """x -> matrix x + offset on each of N pieces.

    Stored as rows (N, d + 1, D), the images of the d directions and then of the origin, so
    that a layer maps all of them in one product.
    """

    rows: Floats

    @property
    def matrix(self) -> Floats:
        """A, (N, D, d)."""
        return self.rows[:, :-1].swapaxes(1, 2)

    @property
    def offset(self) -> Floats:
        """c, (N, D)."""
        return self.rows[:, -1]

    def __len__(self) -> int:
        return len(self.rows)

    def __call__(self, points: Floats) -> Floats:
        """One point for each piece, (N, d) -> (N, D)."""
        linear: Floats = np.einsum("nid,ni->nd", self.rows[:, :-1], points)
        return linear + self.offset

    def __getitem__(self, which: Ints) -> "AffineMaps":
        """The maps of the chosen pieces, in that order."""
        return AffineMaps(self.rows[which])

    def into(self, layer: Layer) -> "AffineMaps":
        """The input of the layer's units: z = W h + b."""
        n, d, width = self.rows.shape
        rows = (self.rows.reshape(-1, width) @ layer.weight.T).reshape(n, d, layer.width)
        rows[:, -1] += layer.bias
        return AffineMaps(rows)

    def through(self, layer: Layer, pieces: Bytes, parent: Ints) -> "AffineMaps":
        """The layer's output on each of M finer pieces.

        pieces (M, D), the piece of each unit; parent (M,), which of the N pieces contains each.
        """
        rows = Bend(layer.activation).through(self.into(layer).rows[parent], pieces)
        if layer.residual:
            rows += self.rows[parent]
        return AffineMaps(rows)


def input_maps(input_map: InputMap) -> AffineMaps:
    """The input of the first layer, on the only piece before it."""
    return AffineMaps(np.concatenate([input_map.matrix.T, input_map.offset[None]])[None])


def affine_maps(
    layers: Sequence[Step],
    input_map: InputMap,
    pieces: Sequence[Bytes],
    parents: Sequence[Ints],
    budget: Budget | None = None,
) -> AffineMaps | None:
    """The network on pieces that get finer with each step that cuts; None if the budget ends first.

    For step l that cuts, with M_l pieces: pieces[l] (M_l, D_l), the piece of each unit; parents[l]
    (M_l,), the piece before that step that contains each (at first there is one). Returns the maps
    of the last M pieces to the outputs.
    """
    steps = plain(layers)
    if budget is None:
        budget = Budget.unlimited()
    if not parents:
        rows = _Maps([], [], budget).through(steps, input_maps(input_map).rows)
        return None if rows is None else AffineMaps(rows)
    lines = [np.arange(len(parents[-1]))]  # for each step, the piece after it of each last piece
    for parent in reversed(parents[1:]):
        lines.append(parent[lines[-1]])
    lines.reverse()
    order = np.lexsort(lines[::-1])  # pieces that separate late are adjacent
    widest = max(piece.shape[1] for piece in pieces)
    size = max(1, CHUNK // max(1, widest))
    found: Floats | None = None
    for at in range(0, len(order), size):  # all at once would need D numbers where D_out are kept
        chosen = order[at : at + size]
        few_pieces, few_parents = [], []
        before = np.zeros(1, dtype=np.int64)
        for line, piece, parent in zip(lines, pieces, parents, strict=True):
            here = np.unique(line[chosen])
            few_pieces.append(piece[here])
            few_parents.append(np.searchsorted(before, parent[here]))
            before = here
        rows = _Maps(few_pieces, few_parents, budget).through(steps, input_maps(input_map).rows)
        if rows is None:
            return None
        if found is None:
            found = np.empty((len(order), *rows.shape[1:]))
        found[before] = rows
    assert found is not None  # there is always at least one piece
    return AffineMaps(found)


class _Maps:
    """A walk of affine maps through the steps, on pieces that get finer."""

    def __init__(self, pieces: Sequence[Bytes], parents: Sequence[Ints], budget: Budget) -> None:
        self._budget = budget
        self._finer = iter(zip(pieces, parents, strict=True))
        self._beside: list[Floats] = []  # the shortcuts of the residual blocks in progress

    def through(self, steps: Sequence[Plain], rows: Floats) -> Floats | None:
        """(N, d + 1, D) -> (M, d + 1, D'); None if the budget ends first."""
        for step in steps:
            match step:
                case Affine():
                    left = self._into(step, rows)
                case Residual():
                    left = self._around(step, rows)
                case _:
                    pieces, parent = next(self._finer)
                    self._beside = [b[parent] for b in self._beside]
                    left = step.through(rows[parent], pieces)
            if left is None:
                return None
            rows = left
        return rows

    def _around(self, block: Residual, rows: Floats) -> Floats | None:
        self._beside.append(rows)
        left = self.through(block.body, rows)
        if left is None:
            return None
        beside = self._beside.pop()
        across = self._into(block.shortcut, beside) if block.shortcut else beside
        return None if across is None else left + across

    def _into(self, step: Affine, rows: Floats) -> Floats | None:
        """Affine maps through an affine step."""
        n, d, width = rows.shape
        flat = step.applied(rows.reshape(-1, width), self._budget)
        if flat is None:
            return None
        found = flat.reshape(n, d, step.width)
        found[:, :-1] -= step.apply(np.zeros((1, width)))
        return found
