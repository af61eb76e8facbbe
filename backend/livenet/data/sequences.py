"""Sequences. Each function draws a set with its parts, as ``Dataset`` describes it.

No sequence is in both parts: where chance (or a small space, such as all bits of a short length)
gives the same one twice, all its copies go to one part. The exception is recall without
distractors, which has one sequence a symbol: none could be left out.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from livenet.data.dataset import Dataset, dataset
from livenet.spec import data as spec
from livenet.spec.data.grammar import corpus
from livenet.spec.text import UNKNOWN

Tokens = NDArray[np.int64]
Draw = np.random.Generator

UNSCORED = -1
PERIODS = (16.0, 7.0)  # time steps of a wave; they never line up within a sequence
AMPLITUDES = (0.7, 0.5)


def _last(y: Tokens, steps: int) -> Tokens:
    """Targets (N, T) of which only the last time step's, y (N,), is scored."""
    targets = np.full((len(y), steps), UNSCORED)
    targets[:, -1] = y
    return targets


def _parted(s: spec.Sequences, x: Tokens, y: Tokens, draw: Draw) -> Dataset:
    """Both parts of drawn examples x (N, T), y (N, T); copies of a sequence stay together."""
    groups = _groups(x)
    count = groups.max() + 1
    train, test = s.train_count, s.samples - s.train_count
    if count == len(x) or count == 1 or test == 0:
        order = draw.permutation(len(x))
        return Dataset(x[order[:train]], y[order[:train]], x[order[train:]], y[order[train:]])
    held_out = min(count - 1, max(1, round(count * test / len(x))))
    tested = draw.permutation(count)[:held_out]
    of_test = np.isin(groups, tested)
    # Which of the two has too few examples repeats them.
    order = draw.permutation(len(x))
    for_train = np.resize(order[~of_test[order]], train)
    for_test = np.resize(order[of_test[order]], test)
    return Dataset(x[for_train], y[for_train], x[for_test], y[for_test])


def _groups(x: Tokens) -> NDArray[np.intp]:
    """For each row of x (N, T) the number of its sequence: equal rows have equal numbers."""
    rows = np.ascontiguousarray(x).view(np.dtype((np.void, x.dtype.itemsize * x.shape[1])))
    return np.unique(rows.ravel(), return_inverse=True)[1].reshape(-1)


@dataset(spec.DelayedRecall)
def delayed_recall(s: spec.DelayedRecall, draw: Draw) -> Dataset:
    """x: the symbol, delay − 1 blanks or others, the cue; y: the first symbol, at the cue."""
    symbol = draw.permutation(np.arange(s.samples) % s.symbols)
    blank, cue = s.symbols, s.symbols + 1
    between = (s.samples, s.delay - 1)
    middle = draw.integers(s.symbols, size=between) if s.distractors else np.full(between, blank)
    x = np.column_stack([symbol, middle, np.full(s.samples, cue)])  # (N, T)
    y = _last(symbol, s.steps)
    if s.distractors and s.delay > 1:
        return _parted(s, x, y, draw)
    cut = s.train_count
    return Dataset(x[:cut], y[:cut], x[cut:], y[cut:])


@dataset(spec.Parity)
def parity(s: spec.Parity, draw: Draw) -> Dataset:
    """x: random bits; y_t: the sum of the bits up to t, modulo 2."""
    x = draw.integers(2, size=(s.samples, s.length))
    return _parted(s, x, x.cumsum(axis=1) % 2, draw)


@dataset(spec.Addition)
def addition(s: spec.Addition, draw: Draw) -> Dataset:
    """x_t: a number from [0, 1) and a mark, set once in each half; y_T: the two's sum."""
    half = s.length // 2
    numbers = draw.random((s.samples, s.length))
    marks = np.zeros_like(numbers)
    row = np.arange(s.samples)
    marks[row, draw.integers(half, size=s.samples)] = 1.0
    marks[row, draw.integers(half, s.length, size=s.samples)] = 1.0
    y = np.full((s.samples, s.length), np.nan)
    y[:, -1] = (numbers * marks).sum(axis=1)
    return _cut(s, np.stack([numbers, marks], axis=2), y)


@dataset(spec.Waves)
def waves(s: spec.Waves, draw: Draw) -> Dataset:
    """Two sines of random phase and a little noise; y_t is x_{t+1}."""
    t = np.arange(s.length + 1)
    phases = draw.uniform(0.0, 2 * np.pi, (s.samples, 2))
    wave = s.noise * draw.standard_normal((s.samples, s.length + 1))
    for number, (period, amplitude) in enumerate(zip(PERIODS, AMPLITUDES, strict=True)):
        wave += amplitude * np.sin(2 * np.pi * t / period + phases[:, number, None])
    return _cut(s, wave[:, :-1, None], wave[:, 1:])


def _cut(s: spec.Sequences, x: NDArray[np.float64], y: NDArray[np.float64]) -> Dataset:
    inputs, targets, cut = x.astype(np.float32), y.astype(np.float32), s.train_count
    return Dataset(inputs[:cut], targets[:cut], inputs[cut:], targets[cut:])


@dataset(spec.Characters)
def characters(s: spec.Characters, draw: Draw) -> Dataset:
    """Windows of the text's beginning for training and of its end for testing; y_t is x_{t+1}."""
    text = corpus(s.text, s.seed)
    number = {symbol: index for index, symbol in enumerate(s.symbols_in)}
    rare = number.get(UNKNOWN, -1)  # all other symbols
    tokens = np.array([number.get(symbol, rare) for symbol in text])
    train, test = s.train_count, s.samples - s.train_count
    # Each part has at least one window; the spec checks that the text is long enough for both.
    least = s.length + 1
    cut = len(tokens) - round(len(tokens) * s.test_fraction) if test else len(tokens)
    cut = min(max(cut, least), len(tokens) - (least if test else 0))
    own, held_out = tokens[:cut], tokens[cut:]
    train_x, train_y = _windows(own, s.length, train, draw)
    test_x, test_y = _windows(held_out, s.length, test, draw)
    return Dataset(train_x, train_y, test_x, test_y)


def _windows(tokens: Tokens, length: int, count: int, draw: Draw) -> tuple[Tokens, Tokens]:
    """``count`` windows of ``length`` tokens, and of the tokens after each; (count, T) both."""
    if count == 0:
        return np.zeros((0, length), np.int64), np.zeros((0, length), np.int64)
    starts = draw.integers(len(tokens) - length, size=count)
    places = starts[:, None] + np.arange(length)
    return tokens[places], tokens[places + 1]


PAIRED: dict[type[spec.Pairs], Callable[[Tokens], Tokens]] = {
    spec.Copy: np.copy,
    spec.Reverse: lambda x: x[..., ::-1].copy(),
    spec.Sort: lambda x: np.sort(x, axis=-1),
}
"""The target of a source (…, n)."""


@dataset(spec.Copy)
@dataset(spec.Reverse)
@dataset(spec.Sort)
def pairs(s: spec.Pairs, draw: Draw) -> Dataset:
    """x: a random source (N, n); y: its target."""
    x = draw.integers(s.symbols, size=(s.samples, s.length))
    return _parted(s, x, PAIRED[type(s)](x), draw)


@dataset(spec.AssociativeRecall)
def associative_recall(s: spec.AssociativeRecall, draw: Draw) -> Dataset:
    """x: N different keys, each followed by its value, then one of the keys; y: its value."""
    keys = draw.permuted(np.tile(np.arange(10), (s.samples, 1)), axis=1)[:, : s.count]
    values = draw.integers(s.symbols, size=(s.samples, s.count))
    queried = draw.integers(s.count, size=s.samples)
    row = np.arange(s.samples)
    listed = np.stack([keys, 10 + values], axis=2).reshape(s.samples, 2 * s.count)
    x = np.column_stack([listed, keys[row, queried]])  # (N, 2·count + 1)
    return _parted(s, x, _last(values[row, queried], s.steps), draw)
