"""The right answers of a typed sequence: the targets that its task would score."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from livenet.data.sequences import PAIRED, UNSCORED
from livenet.spec.data import (
    Addition,
    AssociativeRecall,
    Characters,
    DelayedRecall,
    Pairs,
    Parity,
    Sequences,
    Waves,
)

Tokens = NDArray[np.int64]


def answers(data: Sequences, tokens: Tokens, causal: bool) -> Tokens | None:
    """Targets (T,) of tokens (T,) as a model reads them, −1 where nothing is scored.

    None if nothing is scored: the typed sequence does not have the task's form (such as recall
    without a cue at its end), or the task has real numbers. In a text the last target is unknown.
    """
    found = np.full(len(tokens), UNSCORED, dtype=np.int64)
    if isinstance(data, Pairs):
        _pair(data, tokens, causal, found)
    elif write := ANSWERS[type(data)]:
        write(data, tokens, found)
    return found if (found != UNSCORED).any() else None


def _parities(data: Parity, tokens: Tokens, found: Tokens) -> None:
    found[:] = tokens.cumsum() % 2


def _successors(data: Characters, tokens: Tokens, found: Tokens) -> None:
    found[:-1] = tokens[1:]


def _recalled(data: DelayedRecall, tokens: Tokens, found: Tokens) -> None:
    """Writes the first symbol at the cue."""
    cue = data.symbols_in.index("?")
    if len(tokens) > 1 and tokens[-1] == cue and tokens[0] < data.symbols:
        found[-1] = tokens[0]


def _looked_up(data: AssociativeRecall, tokens: Tokens, found: Tokens) -> None:
    """Writes the value after the earlier occurrence of the last key: keys are numbers below ten."""
    keys, values = tokens[:-1:2], tokens[1::2]
    formed = len(tokens) % 2 == 1 and (keys < 10).all() and (values >= 10).all()
    there = values[keys == tokens[-1]] if formed else values[:0]
    if len(there) == 1:
        found[-1] = there[0] - 10


ANSWERS: dict[type[Sequences], Callable[[Any, Tokens, Tokens], None] | None] = {
    Parity: _parities,
    Characters: _successors,
    DelayedRecall: _recalled,
    AssociativeRecall: _looked_up,
    Addition: None,
    Waves: None,
}
"""The function that writes the targets, by task; those of real numbers are in ``numbers``."""


def _pair(data: Pairs, tokens: Tokens, causal: bool, found: Tokens) -> None:
    """Writes a source's target: from the separator on, or, if not causal, by position."""
    separators = np.flatnonzero(tokens == data.separator)
    if causal != (len(separators) == 1):
        return
    first = int(separators[0]) if causal else 0
    source = tokens[:first] if causal else tokens
    target = PAIRED[type(data)](source)[: len(tokens) - first]
    found[first : first + len(target)] = target
