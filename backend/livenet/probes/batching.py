"""Processes many examples in batches, and checks the budget between them."""

from __future__ import annotations

from collections.abc import Iterator

from livenet.budget import Budget
from livenet.probes.context import Context, payable
from livenet.spec.cost import forward_flops

BATCH_SECONDS = 0.05  # by the cost model; a batch is not interrupted
NUMBERS = 1 << 22  # values of a batch in memory, about: 16 MB, which malloc reuses
MAX_EXAMPLES = 128  # the outputs of a convolution for them fit in a processor's cache


def batch_size(
    context: Context, passes: float = 1.0, *, kept: bool = False, most: int = MAX_EXAMPLES
) -> int:
    """The number of examples in a batch, for ``passes`` forward passes of each.

    kept: whether the values of all layers are in memory at once, not those of one only.
    """
    values = [layer.values for layer in context.spec.layers]
    held = NUMBERS // max(1, sum(values) if kept else max(values))
    paid = payable(passes * forward_flops(context.spec), BATCH_SECONDS)
    return max(1, min(most, held, paid))


def batches(budget: Budget, count: int, size: int) -> Iterator[slice]:
    """Yields 0 to count − 1 in slices of a size, until the budget ends, or has less time left than
    the previous batch took. The first slice is always yielded."""
    took, left = 0.0, budget.left
    for start in range(0, count, size):
        if start and (budget.spent or left < took):
            return
        yield slice(start, min(start + size, count))
        before, left = left, budget.left
        took = before - left
