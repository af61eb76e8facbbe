"""Limits the size of a document, before it is validated.

The cost of parsing JSON grows with the size of the text, but an error or a layer for each of 20,000
entries costs a hundred times as much. So sizes are checked first, in one walk that stops at the
first one that is too large. These limits are for any document; those of a server (``Limits``) are
lower, and ``check`` enforces them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from livenet.errors import LivenetError, SpecError
from livenet.settings import MAX_LAYERS

MAX_FIELDS = 64  # of an object; the largest section has fewer than a quarter of that
MAX_ITEMS = MAX_LAYERS  # of a list: layers, blocks or features
DEEPEST = 16  # nested objects and lists
MAX_PARTS = (
    16_384  # values in total; a thousand edits, or a spec of a thousand blocks, have half of that
)
MAX_BITS = 4096  # of a whole number; Python formats at most 14,000

Place = tuple["Place", object] | None  # the parent's place, and a name or an index


def check_size(document: object, kind: type[LivenetError] = SpecError, path: str = "") -> None:
    """Raises ``kind`` if any part of a document at ``path`` is too large, is not a JSON value, or
    is text that is not valid Unicode."""
    _hold(document, (None, path) if path else None, 0, kind, iter(range(MAX_PARTS)))


def _hold(
    given: object, place: Place, depth: int, kind: type[LivenetError], left: Iterator[int]
) -> None:
    if next(left, None) is None:
        raise kind(
            f"{_named(place)} comes after {MAX_PARTS:,} values, the most in a document",
            path=_path(place),
            hint="Give fewer lists and objects, or shorter ones.",
        )
    if given is None or isinstance(given, float):
        return
    if isinstance(given, str):
        _hold_text(given, place, kind)
        return
    if isinstance(given, int):
        if given.bit_length() > MAX_BITS:
            raise kind(
                f"{_named(place)} is a whole number of {given.bit_length():,} bits; at most "
                f"{MAX_BITS:,} are allowed",
                path=_path(place),
                hint="Give a smaller number.",
            )
        return
    if depth == DEEPEST:
        raise kind(
            f"{_named(place)} is nested in {DEEPEST} lists and objects, which is the limit",
            path=_path(place),
            hint="Remove the lists and objects around it.",
        )
    if isinstance(given, Mapping):
        _hold_fields(given, place, depth, kind, left)
    elif isinstance(given, list | tuple):
        if len(given) > MAX_ITEMS:
            raise kind(
                f"{_named(place)} has {len(given):,} entries; a list has at most {MAX_ITEMS:,}",
                path=_path(place),
                hint="Give a shorter list.",
            )
        for index, value in enumerate(given):
            _hold(value, (place, index), depth + 1, kind, left)


def _hold_text(given: str, place: Place, kind: type[LivenetError]) -> None:
    """Raises for half of a surrogate pair, which a JSON escape can encode."""
    try:
        given.encode()
    except UnicodeEncodeError as error:
        half = f"U+{ord(given[error.start]):04X}"
        raise kind(
            f"{_named(place)} has half of a surrogate pair, {half}, at position {error.start + 1}",
            path=_path(place),
            hint=f"Remove {half}, or write both halves of the character.",
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
        if number == MAX_FIELDS:
            raise kind(
                f"{_named(place)} has {len(given):,} fields; an object has at most {MAX_FIELDS}",
                path=_path((place, name)),
                hint="The catalogue lists the fields.",
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
