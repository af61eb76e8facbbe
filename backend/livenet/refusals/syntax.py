"""Parses JSON; errors state the location and what was expected."""

from __future__ import annotations

import json
from json import JSONDecodeError
from typing import Any

from livenet.errors import LivenetError

_EXPECTED = {
    "Expecting value": "a value was expected: an object, a list, a string in double quotes, a "
    "number, true, false or null",
    "Expecting property name enclosed in double quotes": "a field's name in double quotes was "
    "expected",
    "Expecting ',' delimiter": "a comma or a closing bracket was expected",
    "Expecting ':' delimiter": "a colon was expected",
    "Extra data": "the end was expected",
    "Illegal trailing comma": "another entry was expected after the comma",
    "Unterminated string": "a string begins whose closing quote is missing",
    "Invalid control character": 'a string holds a line break or a tab, which is written "\\n" or '
    '"\\t"',
    "Invalid \\escape": "a backslash is followed by an invalid character; a backslash itself "
    'is written "\\\\"',
    "Invalid \\uXXXX escape": "four hexadecimal digits were expected after \\u",
    "Unexpected UTF-8 BOM": "it begins with a byte order mark, which is not allowed",
}


def parsed(text: str | bytes, what: str, kind: type[LivenetError], **more: str) -> Any:
    """The value of a text. Raises ``kind`` with the message of ``unparsed``; ``more`` is its path
    and an additional hint."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        message, hint = unparsed(error, what)
        raise kind(
            message, path=more.get("path", ""), hint=f"{hint} {more.get('hint', '')}".strip()
        ) from error


def unparsed(error: BaseException | None, what: str) -> tuple[str, str]:
    """The message and the hint for an exception of ``json.loads``."""
    if isinstance(error, JSONDecodeError):
        if not error.doc.strip():
            return f"{what} is empty, which is not JSON", "Send a JSON value, such as {}."
        place = f"line {error.lineno}, column {error.colno}"
        expected = next(
            (words for begin, words in _EXPECTED.items() if error.msg.startswith(begin)),
            error.msg,
        )
        found = error.doc[error.pos : error.pos + 20]
        before = f" before {found!r}" if found else " at the end"
        return f"{what} is not JSON: {expected}, in {place}{before}", f"Look at {place}."
    if isinstance(error, UnicodeDecodeError):
        return (
            f"{what} is not JSON: byte {error.start + 1} is not {error.encoding.upper()}",
            "Send it in UTF-8.",
        )
    if isinstance(error, RecursionError):
        return f"{what} is nested too deep to be parsed", "Use fewer levels."
    if isinstance(error, ValueError):
        return (
            f"{what} has a whole number with too many digits",
            "Give a number of at most 1000 digits.",
        )
    return f"{what} is not JSON", "Send an object, in UTF-8."
