"""The default text: sentences of a small grammar."""

from __future__ import annotations

import random
from collections import Counter
from functools import lru_cache

from livenet.spec.text import UNKNOWN

MAX_SYMBOLS = 128  # different symbols of a text
LENGTH = 40_000  # characters: with a fifth of them a GRU of 64 units overfits within 20 s

_WHO = ("the cat", "the dog", "a bird", "the old man", "a child")
_DOES = ("sees", "likes", "follows", "hears", "finds")
_WHERE = ("in the garden", "by the river", "at night", "near the house")


@lru_cache(maxsize=8)
def alphabet(text: str, seed: int) -> tuple[str, ...]:
    """The characters of the text, or of the grammar's, each once and in order; of more than
    MAX_SYMBOLS the most frequent, and UNKNOWN for the rest."""
    counts = Counter(corpus(text, seed))
    if len(counts) <= MAX_SYMBOLS:
        return tuple(sorted(counts))
    del counts[UNKNOWN]
    kept = sorted(counts, key=lambda one: (-counts[one], one))[: MAX_SYMBOLS - 1]
    return tuple(sorted([*kept, UNKNOWN]))


@lru_cache(maxsize=8)
def corpus(text: str, seed: int) -> str:
    """The text given, or sentences that the seed draws: who does what to whom, and where."""
    if text:
        return text
    draw = random.Random(seed)
    sentences: list[str] = []
    length = 0
    while length < LENGTH:
        sentence = f"{draw.choice(_WHO)} {draw.choice(_DOES)} {draw.choice(_WHO)}"
        if draw.random() < 0.5:
            sentence += f" {draw.choice(_WHERE)}"
        sentences.append(sentence + ". ")
        length += len(sentences[-1])
    return "".join(sentences)
