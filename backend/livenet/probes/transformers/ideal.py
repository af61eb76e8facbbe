"""The ideal pattern of a task: the attention that would solve the task by itself.

Each pattern is what one head needs for the answer, in any layer; a net may solve the task without.

- copy, reverse, sort: the position of output i attends to the position of its symbol in the
  source (sort: to all positions with that symbol). An encoder's output i is at position i, a
  decoder's at position n + i, beginning with the separator.
- associative recall: the key at the end attends to the value after the same key earlier.
- delayed recall: the cue at the end attends to the first symbol.
- addition: the last position attends to the two marked numbers.

Parity, waves and characters have none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from livenet.probes.finite import finite
from livenet.spec.data import (
    Addition,
    AssociativeRecall,
    Characters,
    Copy,
    DelayedRecall,
    Pairs,
    Parity,
    Reverse,
    Sequences,
    Sort,
    Waves,
)

Cells = NDArray[np.int64]
Places = list[tuple[int, int]]


def ideal(data: Sequences, inputs: NDArray[Any], causal: bool) -> Cells | None:
    """Cells [query, key] (M, 2) of A for inputs as a model reads them, (T,) or (T, C).

    None if the task has no ideal, or the typed sequence does not have its form.
    """
    if isinstance(data, Pairs):
        return _of_pairs(data, inputs, causal)
    places = IDEALS[type(data)]
    return None if places is None else _cells(places(inputs))


def _key_and_value(inputs: NDArray[Any]) -> Places:
    """The value after the earlier occurrence of the key at the end."""
    last = len(inputs) - 1
    keys = range(0, last, 2)
    return [(last, k + 1) for k in keys if inputs[k] == inputs[last] and k + 1 < last]


def _first(inputs: NDArray[Any]) -> Places:
    return [(len(inputs) - 1, 0)]


def _marked(inputs: NDArray[Any]) -> Places:
    return [(len(inputs) - 1, int(place)) for place in np.flatnonzero(inputs[:, 1])]


IDEALS: dict[type[Sequences], Callable[[NDArray[Any]], Places] | None] = {
    AssociativeRecall: _key_and_value,
    DelayedRecall: _first,
    Addition: _marked,
    Parity: None,
    Waves: None,
    Characters: None,
}
"""The ideal keys of the last position, by task; None where the task defines none."""


def _of_pairs(data: Pairs, inputs: NDArray[Any], causal: bool) -> Cells | None:
    source, first = inputs, 0
    if causal:
        separators = np.flatnonzero(inputs == data.separator)
        if len(separators) == 0:
            return None
        first = int(separators[0])
        source = inputs[:first]
    pairs = PAIRED_PLACES[type(data)](source)
    return _cells((first + i, j) for i, j in pairs if first + i < len(inputs))


def _sorted(source: NDArray[Any]) -> Places:
    """For each target symbol, all its positions in the source."""
    n, ordered = len(source), np.sort(source)
    return [(i, j) for i in range(n) for j in range(n) if source[j] == ordered[i]]


PAIRED_PLACES: dict[type[Pairs], Callable[[NDArray[Any]], Places]] = {
    Copy: lambda source: [(i, i) for i in range(len(source))],
    Reverse: lambda source: [(i, len(source) - 1 - i) for i in range(len(source))],
    Sort: _sorted,
}
"""(i, j): symbol i of the target is symbol j of the source."""


def _cells(places: Any) -> Cells | None:
    found = np.array(list(places), dtype=np.int64).reshape(-1, 2)
    return found if len(found) else None


def mass(attention: NDArray[Any], cells: Cells | None) -> float | None:
    """The share of A (T, T) on the ideal: its sum there, averaged over the ideal's rows."""
    if cells is None:
        return None
    share = float(attention[cells[:, 0], cells[:, 1]].sum() / len(np.unique(cells[:, 0])))
    return finite(share)
