"""The sequence that a probe looks at: one of the test data, or one that a person types."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from livenet.errors import OptionError
from livenet.probes.context import Context
from livenet.spec import model as models
from livenet.spec.data import Pairs, Sequences

MOST_TYPED = 200


@dataclass(frozen=True)
class Sequence:
    """As the model reads it: inputs (1, T, …), targets (1, T) where they are known.

    ``labels`` are what stands at each time step, for people.
    """

    inputs: Tensor
    targets: Tensor | None
    labels: tuple[str, ...]

    @property
    def steps(self) -> int:
        return self.inputs.shape[1]


def sequences(context: Context) -> Sequences:
    data = context.spec.data
    assert isinstance(data, Sequences)
    return data


def causal(context: Context) -> bool:
    """Whether a time step sees only what came before it."""
    model = context.spec.model
    return not (isinstance(model, models.Transformer) and not model.causal)


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


def tokens_of(context: Context, text: str, path: str) -> list[int]:
    """A text as numbers of symbols. Raises OptionError naming what is allowed."""
    data = sequences(context)
    symbols = data.symbols_in
    if not symbols:
        raise OptionError(
            f"{context.spec.data.kind} has sequences of real numbers, which are not typed",
            path=path,
            hint="Choose a test sequence by its number: example.",
        )
    given = text if " " in symbols else "".join(text.split())
    names = ", ".join("space" if symbol == " " else symbol for symbol in symbols)
    for place, symbol in enumerate(given, start=1):
        if symbol not in symbols:
            raise OptionError(
                f"{symbol!r}, symbol {place} of what was typed, is none of this data's",
                path=path,
                hint=f"The symbols are: {names}.",
            )
    most = _most(context)
    if not 1 <= len(given) <= most:
        raise OptionError(
            f"{len(given)} symbols were typed; this run reads 1 to {most}",
            path=path,
            hint=f"The symbols are: {names}.",
        )
    return [symbols.index(symbol) for symbol in given]


def _most(context: Context) -> int:
    """Symbols that can be typed: a transformer has no more places than it was made with."""
    data = sequences(context)
    if context.spec.model.kind != "transformer":
        return MOST_TYPED
    return data.steps_read(causal(context))


def _typed(context: Context, tokens: list[int]) -> Sequence:
    data = sequences(context)
    if isinstance(data, Pairs) and causal(context) and data.separator not in tokens:
        tokens = _completed(context, data, tokens[: data.length])
    inputs = torch.tensor([tokens], device=context.device)
    return Sequence(inputs, None, _labels(data, inputs))


def _completed(context: Context, data: Pairs, source: list[int]) -> list[int]:
    """A typed source, the separator, and the model's own answer but for its last symbol."""
    tokens = [*source, data.separator]
    with torch.inference_mode():
        for _ in range(len(source) - 1):
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
