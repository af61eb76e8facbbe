"""How large a document may be: found out before anything is made of it.

What a document costs to read grows with its size alone; but an error for each of 20,000 entries, or
a layer for each, costs a hundred times as much. So lengths are looked at first, in one walk that
stops at the first that is too large. The bounds are those of any document; what a server allows
(``Limits``) is less, and ``check`` holds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from livenet.errors import LivenetError, SpecError
from livenet.settings import MOST_LAYERS

MOST_FIELDS = 64  # of an object: the largest section has not a quarter as many
MOST_ITEMS = MOST_LAYERS  # of a list: what a spec lists are layers, blocks and features
DEEPEST = 16  # objects and lists inside one another
MOST_PARTS = 16_384  # values in all: a thousand edits, or a spec of a thousand blocks, have half
MOST_BITS = 4096  # of a whole number; Python writes out no more than 14,000 of them

Place = tuple["Place", object] | None  # a name or an index, and where the thing it is of stands


def hold(document: object, kind: type[LivenetError] = SpecError, path: str = "") -> None:
    """Raises where any part of a document at ``path`` is larger than any part may be, is no JSON
    value, or is text that is not Unicode."""
    _hold(document, (None, path) if path else None, 0, kind, iter(range(MOST_PARTS)))


def _hold(
    given: object, place: Place, depth: int, kind: type[LivenetError], left: Iterator[int]
) -> None:
    if next(left, None) is None:
        raise kind(
            f"{_named(place)} comes after {MOST_PARTS:,} values; no document has more",
            path=_path(place),
            hint="Give fewer lists and objects, or shorter ones.",
        )
    if given is None or isinstance(given, float):
        return
    if isinstance(given, str):
        _hold_text(given, place, kind)
        return
    if isinstance(given, int):
        if given.bit_length() > MOST_BITS:
            raise kind(
                f"{_named(place)} is a whole number of {given.bit_length():,} bits; at most "
                f"{MOST_BITS:,} are read",
                path=_path(place),
                hint="Give a smaller number.",
            )
        return
    if depth == DEEPEST:
        raise kind(
            f"{_named(place)} lies inside {DEEPEST} lists and objects; nothing is nested deeper",
            path=_path(place),
            hint="Take the lists and objects around it away.",
        )
    if isinstance(given, Mapping):
        _hold_fields(given, place, depth, kind, left)
    elif isinstance(given, list | tuple):
        if len(given) > MOST_ITEMS:
            raise kind(
                f"{_named(place)} lists {len(given):,} things; a list has at most {MOST_ITEMS:,}",
                path=_path(place),
                hint="Give a shorter list.",
            )
        for index, value in enumerate(given):
            _hold(value, (place, index), depth + 1, kind, left)


def _hold_text(given: str, place: Place, kind: type[LivenetError]) -> None:
    """A JSON escape may stand for half of a surrogate pair, which no text can hold."""
    try:
        given.encode()
    except UnicodeEncodeError as error:
        half = f"U+{ord(given[error.start]):04X}"
        raise kind(
            f"{_named(place)} holds {half}, which is half a character, at place {error.start + 1}",
            path=_path(place),
            hint=f"Take {half} out, or write both halves of the character.",
        ) from error


def _hold_fields(
    given: Mapping[Any, object],
    place: Place,
    depth: int,
    kind: type[LivenetError],
    left: Iterator[int],
) -> None:
    for number, (name, value) in enumerate(given.items()):
        if not isinstance(name, str):
            raise kind(
                f"{_named(place)} has a field whose name is of type {type(name).__name__}",
                path=_path(place),
                hint="Names of fields are strings.",
            )
        _hold_text(name, (place, name), kind)
        if number == MOST_FIELDS:
            raise kind(
                f"{_named(place)} has {len(given):,} fields; nothing has more than {MOST_FIELDS}",
                path=_path((place, name)),
                hint="The catalogue lists the fields that there are.",
            )
        _hold(value, (place, name), depth + 1, kind, left)


def _path(place: Place) -> str:
    names: list[str] = []
    while place is not None:
        place, name = place
        names.append(str(name))
    return ".".join(reversed(names))


def _named(place: Place) -> str:
    return _path(place) or "The document"
