"""The base class of sequence tasks: examples of T time steps, of symbols or of real numbers.

Symbols are numbers. Every step is read, and predicted if the task requires it.
"""

from __future__ import annotations

from typing import ClassVar

from livenet.spec.data.base import (
    DataKind,
    Family,
    Target,
    held_out_of,
    samples_of,
    seed_of,
)


class Sequences(DataKind):
    """The base class of sequence tasks."""

    family: ClassVar[Family] = "sequences"
    target: ClassVar[Target] = "tokens"
    model: ClassVar[str] = "rnn"
    batch_size: ClassVar[int] = 64
    evaluated: ClassVar[int | None] = 250
    pairs: ClassVar[bool] = False
    answers: ClassVar[bool] = True
    """Whether the prediction has one right answer, so that a whole sequence can be right."""

    samples: int = samples_of("Sequences", 4000)
    test_fraction: float = held_out_of("sequences", 0.1)
    seed: int = seed_of("other sequences")

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
        """The symbols of input tokens, by number; () for real inputs."""
        raise NotImplementedError

    @property
    def symbols_out(self) -> tuple[str, ...]:
        """The symbols of target classes, by number; () for a real target."""
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
    """The first so many of A, B, C, ..."""
    return tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:count])


def figures(count: int) -> tuple[str, ...]:
    """The first so many of 0 to 9, and then a, b, c, ..."""
    return tuple("0123456789abcdefghijklmnopqrstuvwxyz"[:count])
