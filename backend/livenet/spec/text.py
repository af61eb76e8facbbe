"""Text that a person pastes or types: written one way, whatever it was written with.

Editors and systems write the same text in several ways: with a byte order mark, with CRLF or CR at
the ends of lines, with é as one character or as two. A model would tell them apart.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

UNKNOWN = "\ufffd"
"""The symbol that stands for all characters that are too rare to have one each."""
MOST_TYPED = 400  # characters
MOST_MARKS = 30  # on one letter, as of the stream-safe text format of Unicode Annex 15


def normalised(text: str) -> str:
    """Without a byte order mark, its lines ended by LF alone, in NFC (Unicode Annex 15).

    Text with more than MOST_MARKS accents on one letter is in no language, and its NFC takes time
    in their square: it keeps them as they are.
    """
    lines = re.sub("\r\n?", "\n", text.removeprefix("\ufeff"))
    if lines.isascii() or _most_marks(lines) > MOST_MARKS:
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
    """Whether a symbol leaves a trace of its own where it is listed: a space, a control character
    and an accent without its letter do not."""
    return all(unicodedata.category(one)[0] not in "CZM" for one in symbol)


def code_points(symbol: str) -> str:
    """A symbol by its numbers, such as U+200B."""
    return " ".join(f"U+{ord(one):04X}" for one in symbol)


Typed = Annotated[str, Field(max_length=MOST_TYPED), AfterValidator(normalised)]
"""What is typed into a probe's option."""
