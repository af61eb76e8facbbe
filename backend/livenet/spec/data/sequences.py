"""Sequences: of symbols, each with a number, or of real numbers.

Copy, reverse and sort are pairs: a source and the target of the same length. A model that reads
from left to right gets the source, a separator and then the target; one that sees all at once gets
the source alone (see ``Network.arrange``). Of the others every step is read, and
predicted where the task says so.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from livenet.spec.base import knob
from livenet.spec.data.base import DataKind, Family, Target

MOST_TEXT = 100_000
MOST_SYMBOLS = 128


class Sequences(DataKind):
    """What every sequence task has."""

    family: ClassVar[Family] = "sequences"
    target: ClassVar[Target] = "tokens"
    model: ClassVar[str] = "rnn"
    batch_size: ClassVar[int] = 64
    evaluated: ClassVar[int | None] = 250
    pairs: ClassVar[bool] = False

    samples: int = knob(
        4000, ge=20, le=1_000_000_000, shown=(100, 10_000), step=100, scale="log",
        label="Samples", explain="Sequences in all, for training and testing together.",
    )  # fmt: skip
    test_fraction: float = knob(
        0.1, ge=0.0, le=0.9, step=0.05, unit="share",
        label="Held out for testing", explain="Share of the sequences that training never sees.",
    )  # fmt: skip
    seed: int = knob(
        0, ge=0, le=2**31 - 1, label="Data seed", explain="Another seed draws other sequences.",
    )  # fmt: skip

    @property
    def steps(self) -> int:
        """Time steps T of an example, as the data set gives it (n for pairs)."""
        raise NotImplementedError

    def steps_read(self, causal: bool) -> int:
        """Time steps of an example as a model reads it: one that goes from left to right (causal)
        reads both sides of a pair."""
        return 2 * self.steps if self.pairs and causal else self.steps

    @property
    def symbols_in(self) -> tuple[str, ...]:
        """What the tokens that may be read stand for, by number; () for real inputs."""
        raise NotImplementedError

    @property
    def symbols_out(self) -> tuple[str, ...]:
        """What the classes that may be predicted stand for, by number; () for a real target."""
        return self.symbols_in

    @property
    def channels(self) -> int:
        """Numbers read at a time step: the vocabulary's size (one-hot), or real channels."""
        return len(self.symbols_in)

    @property
    def classes(self) -> int:
        return len(self.symbols_out)

    @property
    def numbers(self) -> int:
        return self.steps


def letters(count: int) -> tuple[str, ...]:
    return tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:count])


def figures(count: int) -> tuple[str, ...]:
    return tuple("0123456789abcdefghijklmnopqrstuvwxyz"[:count])


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
    noise: float = knob(0.02, ge=0.0, le=1.0, step=0.01, label="Noise",
        symbol=r"\sigma_\mathrm{noise}",
        explain="Standard deviation of the noise on every value.")  # fmt: skip

    @property
    def steps(self) -> int:
        return self.length

    @property
    def channels(self) -> int:
        return 1


class Characters(Sequences):
    """Windows of a text; the next character is predicted at each place."""

    kind: Literal["characters"] = "characters"
    evaluated: ClassVar[int | None] = 64  # each has many symbols that are scored
    label: ClassVar[str] = "Characters"
    explain: ClassVar[str] = "The next character of a text: of a small grammar, or of your own."
    formula: ClassVar[str] = r"p(x_{t+1}\mid x_{\le t})"
    length: int = knob(32, ge=4, le=200, label="Length", symbol="T",
        explain="Characters that are seen at once.")  # fmt: skip
    text: str = knob(
        "", label="Text", explain="What is learnt; empty is sentences of a small grammar.",
    )  # fmt: skip

    @field_validator("text")
    @classmethod
    def _fits(cls, text: str, info: ValidationInfo) -> str:
        """Room for a window in both parts, and no more than a run can carry along."""
        least = 2 * (info.data.get("length", 0) + 1)
        count, symbols = len(text), len(set(text))
        if text and count < least:
            raise PydanticCustomError(
                "choice",
                f"it has {count} characters, but a window for training and one for testing "
                f"take {least}",
                {"hint": "Paste a longer text, or take a smaller length."},
            )
        if count > MOST_TEXT:
            raise PydanticCustomError(
                "choice",
                f"it has {count:,} characters; at most {MOST_TEXT:,} are learnt",
                {"hint": "Paste a part of it."},
            )
        if symbols > MOST_SYMBOLS:
            raise PydanticCustomError(
                "choice",
                f"it has {symbols} different characters; at most {MOST_SYMBOLS} are told apart",
                {"hint": "Paste a text in one alphabet."},
            )
        return text

    @property
    def steps(self) -> int:
        return self.length

    @property
    def symbols_in(self) -> tuple[str, ...]:
        from livenet.spec.data.grammar import corpus

        return tuple(sorted(set(corpus(self.text, self.seed))))


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
    explain: ClassVar[str] = "Say the sequence again."
    formula: ClassVar[str] = "y_i=x_i"


class Reverse(Pairs):
    kind: Literal["reverse"] = "reverse"
    label: ClassVar[str] = "Reverse"
    explain: ClassVar[str] = "Say the sequence backwards."
    formula: ClassVar[str] = "y_i=x_{n+1-i}"


class Sort(Pairs):
    kind: Literal["sort"] = "sort"
    label: ClassVar[str] = "Sort"
    explain: ClassVar[str] = "Say the symbols in order."
    formula: ClassVar[str] = "y_i=x_{(i)}"


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
