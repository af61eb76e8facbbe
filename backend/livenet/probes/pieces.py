"""Work over many examples, a piece at a time, between which the budget is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from livenet.budget import Budget
from livenet.probes.context import Context, payable
from livenet.spec.cost import forward_flops

PIECE_SECONDS = 0.05  # by the cost model; a piece that has begun is finished
NUMBERS = 1 << 22  # values that a piece holds at once, about: 16 MB, which malloc reuses
CHUNK = 128  # examples; what a convolution makes of so many stays in a processor's cache


def piece(context: Context, passes: float = 1.0, *, kept: bool = False, most: int = CHUNK) -> int:
    """How many examples are a piece of work, for so many forward passes of each.

    kept: whether the values of all layers are held at once, and not those of one alone.
    """
    values = [prod(layer.output) for layer in context.spec.layers]
    held = NUMBERS // max(1, sum(values) if kept else max(values))
    paid = payable(passes * forward_flops(context.spec), PIECE_SECONDS)
    return max(1, min(most, held, paid))


def pieces(budget: Budget, count: int, size: int) -> Iterator[slice]:
    """0 to count − 1 in slices of a size, until the budget ends, or has less time left than the
    piece before took. The first one always comes."""
    took, left = 0.0, budget.left
    for start in range(0, count, size):
        if start and (budget.spent or left < took):
            return
        yield slice(start, min(start + size, count))
        before, left = left, budget.left
        took = before - left
