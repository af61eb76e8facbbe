"""The sequence that a probe looks at: one of the test data, or one that a person types."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from livenet.errors import OptionError
from livenet.probes.context import Context
from livenet.probes.incomplete import first_of
from livenet.probes.sequences.answers import answers
from livenet.spec.data import Characters, Pairs, Sequences
from livenet.spec.text import UNKNOWN, code_points, seen

MOST_TYPED = 200
SEEN = {" ": "␣", "\n": "↵", "\t": "⇥", UNKNOWN: UNKNOWN}
"""What stands in a picture for a symbol that leaves no trace there."""
NAMED = {" ": "space", "\n": "line end", "\t": "tab", UNKNOWN: f"{UNKNOWN} (any rare character)"}


@dataclass(frozen=True)
class Sequence:
    """As the model reads it: inputs (1, T, …), targets (1, T) where they are known (of a typed
    sequence, where it is of its task's form).

    ``labels`` are what stands at each time step, symbol by symbol; ``missing``, in words, what the
    budget left out of a typed one. ``own``: whether a model that completes pairs reads its own
    answer after the separator, and not the one that it was given.
    """

    inputs: Tensor
    targets: Tensor | None
    labels: tuple[str, ...]
    missing: str = ""
    own: bool = False

    @property
    def steps(self) -> int:
        return self.inputs.shape[1]


def sequences(context: Context) -> Sequences:
    data = context.spec.data
    assert isinstance(data, Sequences)
    return data


def causal(context: Context) -> bool:
    """Whether a time step sees only what came before it."""
    return context.spec.model.causal


def sequence(context: Context, text: str | None, example: int) -> Sequence:
    """The typed sequence, or the test sequence of a number (of training where there is no test).

    Raises OptionError where a typed symbol is none of the data's, or there are too many.
    """
    if text is not None:
        return _typed(context, tokens_of(context, text, "options.text"))
    part = "test" if len(context.parts["test"][0]) else "train"
    inputs, targets = context.parts[part]
    row = example % len(inputs)
    found = inputs[row : row + 1]
    return Sequence(found, targets[row : row + 1], _labels(sequences(context), found))


def tokens_of(context: Context, text: str, path: str, most: int | None = None) -> list[int]:
    """A text as numbers of symbols, ``most`` of them or as many as the model reads. Raises
    OptionError naming what is allowed."""
    data = sequences(context)
    symbols = typed_symbols(context)
    if not symbols:
        raise OptionError(
            f"{context.spec.data.kind} has sequences of real numbers, which are not typed",
            path=path,
            hint="Choose a test sequence by its number: example.",
        )
    given = text if " " in symbols else "".join(text.split())
    names = ", ".join(map(_named, symbols))
    rare = UNKNOWN in symbols and isinstance(data, Characters)
    for place, symbol in enumerate(given, start=1):
        if symbol not in symbols and not rare:
            unread = symbol in data.symbols_in  # the separator, by an encoder
            why = "not read by this model" if unread else "none of this data's"
            alone = "An encoder reads a source alone. " if unread else ""
            raise OptionError(
                f"{symbol!r}, symbol {place} of what was typed, is {why}",
                path=path,
                hint=f"{alone}The symbols are: {names}.",
            )
    sign = separator_of(context)
    whole = bool(sign) and sign in given
    most = most or most_typed(context, whole)
    if not 1 <= len(given) <= most:
        raise OptionError(
            f"{len(given)} {'symbol was' if len(given) == 1 else 'symbols were'} typed; this run "
            f"reads 1 to {most}",
            path=path,
            hint=f"The symbols are: {names}.",
        )
    if whole and given[0] == sign:
        raise OptionError(
            f"There is no source before {sign}",
            path=path,
            hint=source_hint(sign),
        )
    return [symbols.index(symbol if symbol in symbols else UNKNOWN) for symbol in given]


def typed_symbols(context: Context) -> tuple[str, ...]:
    """What may be typed. A model that reads a pair's source alone never sees its separator."""
    data = sequences(context)
    symbols = data.symbols_in
    return symbols[: data.separator] if isinstance(data, Pairs) and not causal(context) else symbols


def separator_of(context: Context) -> str:
    """What stands between the source and the answer that a model reads; "" where nothing does."""
    data = sequences(context)
    return data.symbols_in[data.separator] if isinstance(data, Pairs) and causal(context) else ""


def source_hint(sign: str) -> str:
    """What of a pair may be typed, where a separator stands for its two sides."""
    return f"Give a source alone (12), or with {sign} and a part of its answer (12{sign}1)."


def most_typed(context: Context, whole: bool = False) -> int:
    """Symbols that can be typed: a transformer has no more places than it was made with. Of a pair
    that a model reads from left to right they are the source's, unless it is given ``whole``."""
    data = sequences(context)
    read = data.steps_read(causal(context))
    most = read if context.spec.model.kind == "transformer" else MOST_TYPED
    return most // 2 if isinstance(data, Pairs) and causal(context) and not whole else most


def shown(symbols: tuple[str, ...]) -> tuple[str, ...]:
    """Symbols as labels: what leaves no trace is a sign, or U+ and its number."""
    return tuple(SEEN.get(symbol) or _named(symbol) for symbol in symbols)


def _named(symbol: str) -> str:
    """A symbol in a list of them."""
    return NAMED.get(symbol) or (symbol if seen(symbol) else code_points(symbol))


def _typed(context: Context, tokens: list[int]) -> Sequence:
    data, left_to_right = sequences(context), causal(context)
    missing, own = "", False
    if isinstance(data, Pairs) and left_to_right and data.separator not in tokens:
        own, source = True, tokens
        tokens = _completed(context, [*source, data.separator], len(source) - 1)
        done, wanted = len(tokens) - len(source), len(source)
        missing = first_of(context, done, wanted, "symbols of the answer", "Type fewer symbols.")
    inputs = torch.tensor([tokens], device=context.device)
    found = answers(data, np.array(tokens), left_to_right)
    targets = None if found is None else torch.from_numpy(found[None]).to(context.device)
    return Sequence(inputs, targets, _labels(data, inputs), missing, own)


def greedy(context: Context, seen: Sequence) -> list[str | None] | None:
    """The answer that a model gives to a pair's source when it reads its own symbols, the likeliest
    at each step, in place of the right ones that it is given (teacher forcing).

    A list over time: None before the separator, and where the budget has ended; None in all where
    nothing is answered.
    """
    data = sequences(context)
    if not isinstance(data, Pairs) or not causal(context):
        return None
    tokens: list[int] = seen.inputs[0].tolist()
    if data.separator not in tokens:
        return None
    first = tokens.index(data.separator)
    answer = _completed(context, tokens[: first + 1], len(tokens) - first)[first + 1 :]
    found: list[str | None] = [None] * len(tokens)
    found[first : first + len(answer)] = [data.symbols_in[token] for token in answer]
    return found


def _completed(context: Context, given: list[int], count: int) -> list[int]:
    """A source with its separator, and so many symbols of the model's own answer to it: as many as
    half of the budget allows."""
    tokens, budget = list(given), context.budget.share(0.5)
    with torch.inference_mode():
        for _ in range(count):
            if budget.spent:
                break
            theta = context.model(torch.tensor([tokens], device=context.device))
            tokens.append(int(theta[0, -1].argmax()))
    return tokens


def _labels(data: Sequences, inputs: Tensor) -> tuple[str, ...]:
    if data.symbols_in:
        return tuple(data.symbols_in[token] for token in inputs[0].tolist())
    # A mark beside a number (addition) makes it a summand.
    marked = inputs[0, :, 1:].sum(1).tolist()
    values = zip(inputs[0, :, 0].tolist(), marked, strict=True)
    return tuple(f"{'+' if mark else ''}{value:.2f}" for value, mark in values)
