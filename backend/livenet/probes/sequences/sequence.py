"""The sequence that a probe shows: one of the test data, or a typed one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from livenet.errors import OptionError
from livenet.probes.context import Context
from livenet.probes.incomplete import first_of
from livenet.probes.sequences.answers import answers
from livenet.probes.sequences.numbers import numbers_of, real_targets
from livenet.spec.data import Characters, Pairs, Sequences
from livenet.spec.text import UNKNOWN, code_points, seen

MAX_TYPED = 200  # symbols, or a sequence of the data if it has more
SEEN = {" ": "␣", "\n": "↵", "\t": "⇥", UNKNOWN: UNKNOWN}
"""The visible sign for a symbol that would be invisible in a picture."""
NAMED = {" ": "space", "\n": "line end", "\t": "tab", UNKNOWN: f"{UNKNOWN} (any rare character)"}


@dataclass(frozen=True)
class Sequence:
    """A sequence as the model reads it: inputs (1, T, …), targets (1, T) if they are known (for a
    typed sequence, if it has its task's form).

    ``labels`` are the symbols at each time step; ``missing``, a text that states what the budget
    left out of a typed one. ``own``: whether a model that completes pairs reads its own answer
    after the separator instead of the given one.
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
    """Whether a time step depends only on itself and earlier ones."""
    return context.spec.model.causal


def sequence(context: Context, text: str | None, example: int) -> Sequence:
    """The typed sequence, or the numbered test sequence (a training one without a test part).

    Raises OptionError if a typed symbol is unknown to the data or no number, or there are too many.
    """
    if text is not None and not sequences(context).symbols_in:
        return _typed_numbers(context, text)
    if text is not None:
        return _typed(context, tokens_of(context, text, "options.text"))
    part = "test" if len(context.parts["test"][0]) else "train"
    inputs, targets = context.parts[part]
    row = example % len(inputs)
    found = inputs[row : row + 1]
    return Sequence(found, targets[row : row + 1], labels_of(sequences(context), found))


def tokens_of(context: Context, text: str, path: str, most: int | None = None) -> list[int]:
    """A text as numbers of symbols, at most ``most`` or as many as the model reads. Raises
    OptionError, which names what is allowed."""
    data = sequences(context)
    symbols = typed_symbols(context)
    given = text if " " in symbols else "".join(text.split())
    names = ", ".join(map(_named, symbols))
    rare = UNKNOWN in symbols and isinstance(data, Characters)
    for place, symbol in enumerate(given, start=1):
        if symbol not in symbols and not rare:
            unread = symbol in data.symbols_in  # the separator, which an encoder does not read
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
    """The symbols that may be typed. A model that reads only a pair's source has no separator."""
    data = sequences(context)
    symbols = data.symbols_in
    return symbols[: data.separator] if isinstance(data, Pairs) and not causal(context) else symbols


def separator_of(context: Context) -> str:
    """The symbol between the source and the answer that a model reads; "" if there is none."""
    data = sequences(context)
    return data.symbols_in[data.separator] if isinstance(data, Pairs) and causal(context) else ""


def source_hint(sign: str) -> str:
    """The hint about the parts of a pair that may be typed, given its separator."""
    return f"Give a source alone (12), or with {sign} and a part of its answer (12{sign}1)."


def most_typed(context: Context, whole: bool = False) -> int:
    """The number of symbols that can be typed, at least a whole sequence of the data: a transformer
    has a fixed number of positions. Of a pair that a model reads from left to right it is the
    source's, unless ``whole``."""
    data = sequences(context)
    read = data.steps_read(causal(context))
    most = read if context.spec.model.kind == "transformer" else max(read, MAX_TYPED)
    return most // 2 if isinstance(data, Pairs) and causal(context) and not whole else most


def shown(symbols: tuple[str, ...]) -> tuple[str, ...]:
    """Symbols as labels: an invisible symbol is shown as a sign, or as U+ and its number."""
    return tuple(SEEN.get(symbol) or _named(symbol) for symbol in symbols)


def _named(symbol: str) -> str:
    """A symbol as written in a list."""
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
    return Sequence(inputs, targets, labels_of(data, inputs), missing, own)


def _typed_numbers(context: Context, text: str) -> Sequence:
    data = sequences(context)
    x = numbers_of(data, text, most_typed(context), "options.text")
    y = real_targets(data, x)
    inputs = torch.from_numpy(x[None]).to(context.device)
    targets = None if y is None else torch.from_numpy(y[None]).to(context.device)
    return Sequence(inputs, targets, labels_of(data, inputs))


def greedy(context: Context, seen: Sequence) -> list[str | None] | None:
    """The answer of a model to a pair's source when it reads its own symbols, the most probable at
    each step, instead of the given right ones (teacher forcing).

    A list over time: None before the separator, and after the budget has ended. None instead of a
    list if the model gives no answer.
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
    """A source with its separator, and ``count`` symbols of the model's own answer, or as many as
    half of the budget allows."""
    tokens, budget = list(given), context.budget.share(0.5)
    with torch.inference_mode():
        for _ in range(count):
            if budget.spent:
                break
            theta = context.model(torch.tensor([tokens], device=context.device))
            tokens.append(int(theta[0, -1].argmax()))
    return tokens


def labels_of(data: Sequences, inputs: Tensor) -> tuple[str, ...]:
    """Labels of the time steps of a sequence (1, T, …)."""
    if data.symbols_in:
        return tuple(data.symbols_in[token] for token in inputs[0].tolist())
    # A mark beside a number (addition) makes it a summand.
    marked = inputs[0, :, 1:].sum(1).tolist()
    values = zip(inputs[0, :, 0].tolist(), marked, strict=True)
    return tuple(f"{'+' if mark else ''}{value:.2f}" for value, mark in values)
