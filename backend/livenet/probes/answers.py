"""The right answers of a sequence that a person types: what its task would score it on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from livenet.data.sequences import PAIRED, UNSCORED
from livenet.spec.data import (
    AssociativeRecall,
    Characters,
    DelayedRecall,
    Pairs,
    Parity,
    Sequences,
)

Tokens = NDArray[np.int64]


def answers(data: Sequences, tokens: Tokens, causal: bool) -> Tokens | None:
    """Targets (T,) of tokens (T,) as a model reads them, −1 where nothing is scored.

    None where nothing is: what was typed is not of the task's form (recall without a cue at its
    end, say), or the task is of real numbers. Of a text the last symbol's successor is unknown.
    """
    found = np.full(len(tokens), UNSCORED, dtype=np.int64)
    if isinstance(data, Parity):
        found[:] = tokens.cumsum() % 2
    elif isinstance(data, Characters):
        found[:-1] = tokens[1:]
    elif isinstance(data, DelayedRecall):
        found[-1] = _recalled(data, tokens)
    elif isinstance(data, AssociativeRecall):
        found[-1] = _looked_up(tokens)
    elif isinstance(data, Pairs):
        _pair(data, tokens, causal, found)
    return found if (found != UNSCORED).any() else None


def _recalled(data: DelayedRecall, tokens: Tokens) -> int:
    """The first symbol, where the cue asks for it."""
    cue = data.symbols_in.index("?")
    asked = len(tokens) > 1 and tokens[-1] == cue and tokens[0] < data.symbols
    return int(tokens[0]) if asked else UNSCORED


def _looked_up(tokens: Tokens) -> int:
    """The value behind the key that stands at the end: the ten keys come before the values."""
    keys, values = tokens[:-1:2], tokens[1::2]
    formed = len(tokens) % 2 == 1 and (keys < 10).all() and (values >= 10).all()
    found = values[keys == tokens[-1]] if formed else values[:0]
    return int(found[0]) - 10 if len(found) == 1 else UNSCORED


def _pair(data: Pairs, tokens: Tokens, causal: bool, found: Tokens) -> None:
    """The target of a source: from the separator on, or, read all at once, place by place."""
    separators = np.flatnonzero(tokens == data.separator)
    if causal != (len(separators) == 1):
        return
    first = int(separators[0]) if causal else 0
    source = tokens[:first] if causal else tokens
    target = PAIRED[type(data)](source)[: len(tokens) - first]
    found[first : first + len(target)] = target
