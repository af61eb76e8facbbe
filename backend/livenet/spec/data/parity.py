"""Parity: one bit of memory, which every one that is read turns over."""

from __future__ import annotations

from typing import ClassVar, Literal

from livenet.spec.base import knob
from livenet.spec.data.sequences import Sequences


class Parity(Sequences):
    kind: Literal["parity"] = "parity"
    label: ClassVar[str] = "Parity"
    explain: ClassVar[str] = "After every bit, whether the ones so far are even or odd in number."
    formula: ClassVar[str] = r"y_t=\sum_{s\le t}x_s \bmod 2"
    length: int = knob(12, ge=2, le=200, label="Length", symbol="T", explain="Bits of a sequence.")

    @property
    def steps(self) -> int:
        return self.length

    @property
    def symbols_in(self) -> tuple[str, ...]:
        return ("0", "1")

    @property
    def symbols_out(self) -> tuple[str, ...]:
        return ("even", "odd")
