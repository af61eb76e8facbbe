"""The numbers of an example at every unit of a perceptron, for a picture of its network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from livenet.pictures import Array

MOST_UNITS = 10  # of a layer


def units(
    values: Sequence[Tensor],
    deltas: Sequence[Tensor],
    predicted: Array | None,
    chosen: dict[int, int],
) -> dict[str, Any]:
    """The fact ``network``: of each layer from 0 the ``first`` shown unit, the ``values`` h(l) of
    the shown ones (θ of the last layer), and from 1 their ``deltas``; ``predicted`` are the
    parameters of the distribution from θ, or null.

    ``values`` are (D(l),), ``deltas`` (D(l + 1),), ``predicted`` (K,). At most ``MOST_UNITS`` of a
    layer are shown, around the one in ``chosen``, by layer.
    """
    firsts = [_first(chosen.get(layer, 0), len(one)) for layer, one in enumerate(values)]
    return {
        "first": firsts,
        "values": [_shown(one, first) for one, first in zip(values, firsts, strict=True)],
        "deltas": [_shown(one, first) for one, first in zip(deltas, firsts[1:], strict=True)],
        "predicted": None if predicted is None else _shown(predicted.ravel(), firsts[-1]),
    }


def _first(at: int, size: int) -> int:
    return max(0, min(at - MOST_UNITS // 2, size - MOST_UNITS))


def _shown(values: Tensor | Array, first: int) -> list[float | None]:
    found = [float(value) for value in values[first : first + MOST_UNITS]]
    return [value if abs(value) < float("inf") else None for value in found]
