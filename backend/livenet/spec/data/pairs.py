"""Pairs: a source, and a target of the same length.

A model that reads from left to right gets the source, a separator and then the target; one that
sees all at once gets the source alone (see ``Network.arrange``).
"""

from __future__ import annotations

from typing import ClassVar, Literal

from livenet.spec.base import knob
from livenet.spec.data.sequences import Sequences, figures


class Pairs(Sequences):
    """A source and a target of the same length."""

    pairs: ClassVar[bool] = True
    evaluated: ClassVar[int | None] = 128  # each has many symbols that are scored
    model: ClassVar[str] = "transformer"
    length: int = knob(10, ge=2, le=40, label="Length", symbol="n",
        explain="Symbols of the source.")  # fmt: skip
    symbols: int = knob(10, ge=2, le=30, label="Symbols", symbol="K", explain="Different symbols.")

    @property
    def steps(self) -> int:
        return self.length

    @property
    def symbols_in(self) -> tuple[str, ...]:
        """The symbols, and the separator between source and target."""
        return (*figures(self.symbols), "→")

    @property
    def separator(self) -> int:
        """The number of the separator."""
        return self.symbols

    @property
    def symbols_out(self) -> tuple[str, ...]:
        return figures(self.symbols)


class Copy(Pairs):
    kind: Literal["copy"] = "copy"
    label: ClassVar[str] = "Copy"
    explain: ClassVar[str] = "Repeat the sequence."
    formula: ClassVar[str] = "y_i=x_i"


class Reverse(Pairs):
    kind: Literal["reverse"] = "reverse"
    label: ClassVar[str] = "Reverse"
    explain: ClassVar[str] = "Repeat the sequence in reverse order."
    formula: ClassVar[str] = "y_i=x_{n+1-i}"


class Sort(Pairs):
    kind: Literal["sort"] = "sort"
    label: ClassVar[str] = "Sort"
    explain: ClassVar[str] = "Output the symbols in sorted order."
    formula: ClassVar[str] = "y_i=x_{(i)}"
