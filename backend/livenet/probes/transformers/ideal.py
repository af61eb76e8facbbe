"""The ideal pattern of a task: where attention would look if it did the task by itself.

Each is what one head needs for the answer, whatever the layer; a net may do without.

- copy, reverse, sort: the place of output i looks at the place in the source where its symbol
  stands (sort: at every place with that symbol). An encoder's output i stands at place i; a
  decoder's at place n + i, the separator's being the first.
- associative recall: the key at the end looks at the value behind the same key before.
- delayed recall: the cue at the end looks at the first symbol.
- addition: the last place looks at the two marked numbers.

Parity, waves and characters have none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

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

    None where the task has no ideal, or what was typed is not of its form.
    """
    if isinstance(data, Pairs):
        return _of_pairs(data, inputs, causal)
    places = IDEALS[type(data)]
    return None if places is None else _cells(places(inputs))


def _key_and_value(inputs: NDArray[Any]) -> Places:
    """The value behind the key that stands at the end."""
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
"""Where the last place should look, by the task; None where the task does not say."""


def _of_pairs(data: Pairs, inputs: NDArray[Any], causal: bool) -> Cells | None:
    source, first = inputs, 0
    if causal:
        separators = np.flatnonzero(inputs == data.separator)
        if len(separators) == 0:
            return None
        first = int(separators[0])
        source = inputs[:first]
    looks = PAIRED_PLACES[type(data)](source)
    return _cells((first + i, j) for i, j in looks if first + i < len(inputs))


def _sorted(source: NDArray[Any]) -> Places:
    """All places of a symbol, where it stands more than once."""
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
    """The share of A (T, T) that lies on the ideal: its sum there, a mean over the rows it has."""
    if cells is None:
        return None
    share = float(attention[cells[:, 0], cells[:, 1]].sum() / len(np.unique(cells[:, 0])))
    return share if np.isfinite(share) else None
