"""Recall: a symbol, or the value of a key, that was read some time ago."""

from __future__ import annotations

from typing import ClassVar, Literal

from livenet.spec.base import knob
from livenet.spec.data.sequences import Sequences, figures, letters


class DelayedRecall(Sequences):
    """A symbol first, then blanks or distractors, then a cue: which symbol was it?"""

    kind: Literal["delayed_recall"] = "delayed_recall"
    label: ClassVar[str] = "Delayed recall"
    explain: ClassVar[str] = "Remember the first symbol until the cue at the end asks for it."
    formula: ClassVar[str] = "y_T=x_1"
    delay: int = knob(20, ge=1, le=200, label="Delay", symbol="T-1", unit="steps",
        explain="Steps between the symbol and the answer.")  # fmt: skip
    symbols: int = knob(4, ge=2, le=10, label="Symbols", symbol="K", explain="Different symbols.")
    distractors: bool = knob(
        True, label="Distractors", explain="Other symbols come in between, instead of blanks.",
    )  # fmt: skip

    @property
    def steps(self) -> int:
        return self.delay + 1

    @property
    def symbols_in(self) -> tuple[str, ...]:
        """The symbols, which distractors are of as well, the blank and the cue."""
        return (*letters(self.symbols), "·", "?")

    @property
    def symbols_out(self) -> tuple[str, ...]:
        return letters(self.symbols)


class AssociativeRecall(Sequences):
    """Keys with their values, then one of the keys: which value belongs to it?"""

    kind: Literal["associative_recall"] = "associative_recall"
    label: ClassVar[str] = "Associative recall"
    explain: ClassVar[str] = "Pairs of a key and a value, then a key: the value that was with it."
    formula: ClassVar[str] = r"k_1v_1\dots k_Nv_N\,k_i\to v_i"
    model: ClassVar[str] = "transformer"
    count: int = knob(5, ge=2, le=10, label="Pairs", symbol="N", explain="Keys with a value.")
    symbols: int = knob(10, ge=2, le=10, label="Values", symbol="K", explain="Different values.")

    @property
    def steps(self) -> int:
        return 2 * self.count + 1

    @property
    def symbols_in(self) -> tuple[str, ...]:
        """Ten keys, and the values."""
        return (*letters(10), *figures(self.symbols))

    @property
    def symbols_out(self) -> tuple[str, ...]:
        return figures(self.symbols)
