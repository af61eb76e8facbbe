"""Parses a viewer's messages; invalid ones raise an error that explains the fault."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from livenet.errors import CommandError
from livenet.refusals import parsed
from livenet.wire.messages import MAX_ACKNOWLEDGED

MAX_DEEP = 32


class Acknowledged(NamedTuple):
    """See livenet.wire.messages.Ack."""

    seqs: dict[str, int]
    received: int | None


def acknowledged(text: str | None) -> Acknowledged | None:
    """What an ``ack`` acknowledges; None for any other message and for an invalid one.

    It follows every frame, so it is parsed by hand, unlike all other messages.
    """
    if text is None or '"ack"' not in text:
        return None
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or body.get("kind") != "ack":
        return None
    seqs, received = body.get("seqs"), body.get("received")
    if len(body) != 2 + ("received" in body):
        return None
    if received is not None and (type(received) is not int or received < 0):
        return None
    if not isinstance(seqs, dict) or len(seqs) > MAX_ACKNOWLEDGED:
        return None
    for seq in seqs.values():
        if type(seq) is not int:
            return None
    return Acknowledged(seqs, received)


def document(text: str | None) -> Any:
    """The JSON value of a message. Raises CommandError."""
    if text is None:
        raise CommandError("Messages to the server are text", hint="Send JSON.")
    body = parsed(text, "The message", CommandError, hint='A message is {"kind": ...}.')
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):04x}"
        raise CommandError(
            f"The message is not valid Unicode: {half} is half a surrogate pair",
            hint="Write both halves of the character, or leave it out.",
        ) from error
    if _depth(body) > MAX_DEEP:
        raise CommandError(
            f"The message is nested deeper than {MAX_DEEP} levels", hint='Send {"kind": ...}.'
        )
    return body


def _depth(value: Any) -> int:
    """The nesting depth of a JSON value; the search ends one level past the limit."""
    level, deep = [value], 0
    while level and deep <= MAX_DEEP:
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        deep += 1
    return deep
