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

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livenet.spec.data import (
    Addition,
    AssociativeRecall,
    Copy,
    DelayedRecall,
    Pairs,
    Reverse,
    Sequences,
    Sort,
)

Cells = NDArray[np.int64]


def ideal(data: Sequences, inputs: NDArray[Any], causal: bool) -> Cells | None:
    """Cells [query, key] (M, 2) of A for inputs as a model reads them, (T,) or (T, C).

    None where the task has no ideal, or what was typed is not of its form.
    """
    last = len(inputs) - 1
    if isinstance(data, Pairs):
        return _of_pairs(data, inputs, causal)
    if isinstance(data, AssociativeRecall):
        keys = range(0, last, 2)
        values = [key + 1 for key in keys if inputs[key] == inputs[last] and key + 1 < last]
        return _cells((last, value) for value in values)
    if isinstance(data, DelayedRecall):
        return _cells([(last, 0)])
    if isinstance(data, Addition):
        return _cells((last, place) for place in np.flatnonzero(inputs[:, 1]))
    return None


def _of_pairs(data: Pairs, inputs: NDArray[Any], causal: bool) -> Cells | None:
    source, first = inputs, 0
    if causal:
        separators = np.flatnonzero(inputs == data.separator)
        if len(separators) == 0:
            return None
        first = int(separators[0])
        source = inputs[:first]
    n = len(source)
    if isinstance(data, Copy):
        looks = [(i, i) for i in range(n)]
    elif isinstance(data, Reverse):
        looks = [(i, n - 1 - i) for i in range(n)]
    elif isinstance(data, Sort):
        ordered = np.sort(source)
        looks = [(i, j) for i in range(n) for j in range(n) if source[j] == ordered[i]]
    else:
        return None
    return _cells((first + i, j) for i, j in looks if first + i < len(inputs))


def _cells(places: Any) -> Cells | None:
    found = np.array(list(places), dtype=np.int64).reshape(-1, 2)
    return found if len(found) else None


def mass(attention: NDArray[Any], cells: Cells | None) -> float | None:
    """The share of A (T, T) that lies on the ideal: its sum there, a mean over the rows it has."""
    if cells is None:
        return None
    share = float(attention[cells[:, 0], cells[:, 1]].sum() / len(np.unique(cells[:, 0])))
    return share if np.isfinite(share) else None
