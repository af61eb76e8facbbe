"""Sequences of real numbers: one answer at the end, or the next value at every step."""

from __future__ import annotations

from typing import ClassVar, Literal

from livenet.spec.base import knob
from livenet.spec.data.base import Target, noise_on
from livenet.spec.data.sequences import Sequences


class RealSequences(Sequences):
    """Sequences of real numbers with a real target."""

    target: ClassVar[Target] = "real"

    @property
    def symbols_in(self) -> tuple[str, ...]:
        return ()


class Addition(RealSequences):
    kind: Literal["addition"] = "addition"
    label: ClassVar[str] = "Addition"
    explain: ClassVar[str] = "The sum of the two numbers of a list that are marked."
    formula: ClassVar[str] = r"y_T=\sum_t m_t x_t"
    length: int = knob(30, ge=2, le=200, label="Length", symbol="T", explain="Numbers in a list.")

    @property
    def steps(self) -> int:
        return self.length

    @property
    def channels(self) -> int:
        """The number, and whether it is marked."""
        return 2


class Waves(RealSequences):
    kind: Literal["waves"] = "waves"
    label: ClassVar[str] = "Sine forecasting"
    explain: ClassVar[str] = "The next value of a sum of two sine waves of random phase."
    formula: ClassVar[str] = "y_t=x_{t+1}"
    length: int = knob(40, ge=4, le=200, label="Length", symbol="T", explain="Values of a wave.")
    noise: float = noise_on("on every value", 0.02)

    @property
    def steps(self) -> int:
        return self.length

    @property
    def channels(self) -> int:
        return 1
