"""Typed sequences of real numbers: what is read, and the targets that the task would score.

Numbers are written with spaces, commas or semicolons between them. Of an addition a plus
sign before a number marks it as a summand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import nan

import numpy as np
from numpy.typing import NDArray

from livenet.errors import OptionError
from livenet.spec.data import Addition, Sequences, Waves

Reals = NDArray[np.float32]
LARGEST = 1e6
SUMMANDS = 2
_DIGITS = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
_NUMBER = re.compile(rf"()([+-]?{_DIGITS})", re.ASCII)
_MARKED = re.compile(rf"(\+?)(-?{_DIGITS})", re.ASCII)


def _read(data: Sequences, mark: str, digits: str) -> list[float]:
    """The channels of one number."""
    if isinstance(data, Addition):
        return [float(digits), 1.0 if mark else 0.0]
    return [float(digits)]


def numbers_of(data: Sequences, text: str, most: int, path: str) -> Reals:
    """The numbers of a text, (T, C). Raises OptionError if one cannot be read or is too large, or
    if there are none or more than ``most``."""
    marked = isinstance(data, Addition)
    example = "0.2 +0.5 0.7 +0.1" if marked else "0.3 0.7 -0.2"
    plus = ", and + before each summand" if marked else ""
    hint = f"Give numbers with spaces between them{plus}, such as {example}."
    words = [word for word in re.split(r"[\s,;]+", text.replace("−", "-")) if word]
    found: list[list[float]] = []
    for place, word in enumerate(words, start=1):
        match = (_MARKED if marked else _NUMBER).fullmatch(word)
        if match is None:
            raise OptionError(
                f"{word!r}, number {place} of what was typed, is not a number", path=path, hint=hint
            )
        read = _read(data, *match.groups())
        if abs(read[0]) > LARGEST:
            raise OptionError(
                f"{word}, number {place} of what was typed, is too large",
                path=path,
                hint=f"Give numbers from {-LARGEST:,.0f} to {LARGEST:,.0f}.",
            )
        found.append(read)
    if not 1 <= len(found) <= most:
        were = "number was" if len(found) == 1 else "numbers were"
        raise OptionError(
            f"{len(found)} {were} typed; this run reads 1 to {most}", path=path, hint=hint
        )
    return np.array(found, dtype=np.float32)


def _sum(x: Reals) -> Reals:
    """At the end, the sum of two marked numbers; nothing if other than two are marked."""
    y = np.full(len(x), nan, dtype=np.float32)
    if x[:, 1].sum() == SUMMANDS:
        y[-1] = (x[:, 0] * x[:, 1]).sum()
    return y


def _next(x: Reals) -> Reals:
    """The value that follows; unknown of the last one."""
    return np.append(x[1:, 0], np.float32(nan))


TARGETS: dict[type[Sequences], Callable[[Reals], Reals]] = {Addition: _sum, Waves: _next}


def real_targets(data: Sequences, x: Reals) -> Reals | None:
    """Targets (T,) of numbers (T, C), NaN where nothing is scored; None if nothing is."""
    found = TARGETS[type(data)](x)
    return None if np.isnan(found).all() else found
