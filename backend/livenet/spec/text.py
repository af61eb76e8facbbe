"""Normalises text of users, and finds characters that names and tags do not have.

Editors and systems write the same text in several ways: with a byte order mark, with CRLF or CR at
the ends of lines, with é as one character or as two. A model would treat them as different.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

UNKNOWN = "\ufffd"
"""The symbol for all characters that are too rare to have their own."""
MAX_TYPED = 6000
"""Characters of a typed text: 200 numbers of 30 characters each, with sign, exponent and space."""
MAX_MARKS = 30  # on one letter, as of the stream-safe text format of Unicode Annex 15
CONTROLS = r"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
"""As a part of a set in a regular expression: control characters, separators of lines, and what
changes the direction of the text after it (Unicode Annex 9)."""
INK = rf"[^\s{CONTROLS}\u200b-\u200f\u2060\ufeff]"
"""A visible character. Which ones \\s means differs among dialects of regular expressions."""


def normalised(text: str) -> str:
    """The text without a byte order mark, with LF line endings, in NFC (Unicode Annex 15).

    Text with more than MAX_MARKS accents on one letter is not changed to NFC, which would take
    quadratic time; no language has such text.
    """
    lines = re.sub("\r\n?", "\n", text.removeprefix("\ufeff"))
    if lines.isascii() or _most_marks(lines) > MAX_MARKS:
        return lines
    return unicodedata.normalize("NFC", lines)


def _most_marks(text: str) -> int:
    """The longest run of combining characters."""
    longest = run = 0
    for symbol in text:
        run = run + 1 if unicodedata.combining(symbol) else 0
        longest = max(longest, run)
    return longest


def seen(symbol: str) -> bool:
    """Whether a symbol is visible in a list: a space, a control character and an accent without its
    letter are not."""
    return all(unicodedata.category(one)[0] not in "CZM" for one in symbol)


def control(text: str) -> str:
    """The first of the CONTROLS in a text, by its code point; empty if it has none."""
    found = re.search(f"[{CONTROLS}]", text)
    return code_points(found[0]) if found else ""


def code_points(symbol: str) -> str:
    """A symbol by its code points, such as U+200B."""
    return " ".join(f"U+{ord(one):04X}" for one in symbol)


Typed = Annotated[str, Field(max_length=MAX_TYPED), AfterValidator(normalised)]
"""A text in a probe's option."""
