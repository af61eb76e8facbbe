"""The plain functions of the spec's choices that have one, and the names of what is compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from livenet.spec.activations import ROWS
from livenet.training.likelihoods import EXAMPLES
from livenet.training.optimizers import UPDATES

ENTRIES = ("train", "evaluate", "maps")
"""Functions of livenet.training.compiled.kernels that are called from Python."""


class Plain(NamedTuple):
    """One plain function: its signature's name, the choice that it belongs to, and itself."""

    of: str
    choice: str
    function: Callable[..., Any]


def plain_functions() -> Iterator[Plain]:
    """Of activations by kind, of objectives and optimizers by the names of their classes."""
    for row in ROWS:
        if row.scalar and row.slope:
            yield Plain("value", row.kind, row.scalar)
            yield Plain("slope", row.kind, row.slope)
    for objective, example in EXAMPLES.items():
        yield Plain("loss", objective.__name__, example)
    for optimizer, plain in UPDATES.items():
        yield Plain("update", optimizer.__name__, plain.update)


def symbol(of: str, choice: str = "") -> str:
    """The name of a function in the object code."""
    return "_".join(filter(None, ("livenet", of, choice)))


def symbols() -> list[str]:
    """All names that are callable from outside the object code."""
    entries = [symbol(name) for name in ENTRIES]
    return entries + [symbol(one.of, one.choice) for one in plain_functions()]
