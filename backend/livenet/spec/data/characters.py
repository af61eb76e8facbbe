"""The characters of a text: of a small grammar, or one that a person pastes."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from livenet.spec.base import knob
from livenet.spec.data.grammar import MAX_SYMBOLS, alphabet
from livenet.spec.data.sequences import Sequences
from livenet.spec.text import UNKNOWN

MAX_TEXT = 50_000  # characters; a request can contain them in any escaped form


class Characters(Sequences):
    """Windows of a text; the next character is predicted at each place."""

    kind: Literal["characters"] = "characters"
    evaluated: ClassVar[int | None] = 64  # each has many symbols that are scored
    answers: ClassVar[bool] = False
    label: ClassVar[str] = "Characters"
    explain: ClassVar[str] = "The next character of a text: of a small grammar, or of your own."
    formula: ClassVar[str] = r"p(x_{t+1}\mid x_{\le t})"
    length: int = knob(32, ge=4, le=200, label="Length", symbol="T",
        explain="Characters that are seen at once.")  # fmt: skip
    text: str = knob(
        "", label="Text",
        explain="The text to learn; if empty, sentences of a small grammar. Beyond "
        f"{MAX_SYMBOLS} different characters, the rarest share one symbol, {UNKNOWN}.",
    )  # fmt: skip

    @field_validator("text")
    @classmethod
    def _fits(cls, text: str, info: ValidationInfo) -> str:
        """Room for a window in both parts, and no more than a run can carry along."""
        least = 2 * (info.data.get("length", 0) + 1)
        count = len(text)
        if text and count < least:
            raise PydanticCustomError(
                "choice",
                f"it has {count} {'character' if count == 1 else 'characters'}, but a window for "
                f"training and one for testing take {least}",
                {"hint": "Paste a longer text, or take a smaller length."},
            )
        if count > MAX_TEXT:
            raise PydanticCustomError(
                "choice",
                f"it has {count:,} characters; at most {MAX_TEXT:,} are learnt",
                {"hint": "Paste a part of it."},
            )
        return text

    @property
    def steps(self) -> int:
        return self.length

    @property
    def symbols_in(self) -> tuple[str, ...]:
        return alphabet(self.text, self.seed)
