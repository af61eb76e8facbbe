"""Which change takes the place of which in a journal, said apart from the server's own rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

# Numbers of which only the last value before a step matters, of the runs that these tests make.
NUMBERS = frozenset(
    {"optimizer.lr", "regularization.l1", "regularization.l2", "regularization.dropout"}
)
Document = dict[str, Any]


def after(journal: Sequence[Document], entry: Document) -> list[Document]:
    """The documents of a journal's entries once one more change has been recorded."""
    if journal and _takes_place(entry, journal[-1]):
        return [*journal[:-1], entry]
    return [*journal, entry]


def _takes_place(entry: Document, last: Document) -> bool:
    if entry["step"] != last["step"]:
        return False
    paths = [set(one["command"].get("changes", ())) for one in (entry, last)]
    return paths[0] == paths[1] != set() and paths[0] <= NUMBERS
