"""Texts that a model generates from its own predictions."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from livenet.data.sequences import PAIRED
from livenet.errors import OptionError
from livenet.models.rnn import Rnn
from livenet.pictures import Axis, Bars, Line, Picture, Plot, grid
from livenet.probes.context import REQUEST_SECONDS, Context, payable
from livenet.probes.incomplete import first_of, incomplete
from livenet.probes.sequences.rows import ContinuationsOptions
from livenet.probes.sequences.sequence import (
    MAX_TYPED,
    sequence,
    sequences,
    shown,
    source_hint,
    tokens_of,
)
from livenet.probes.sequences.tokens import alphabet
from livenet.spec.cost import forward_flops
from livenet.spec.data import Pairs, Waves

LIKELIEST = 10  # symbols with a drawn probability


def continuations(context: Context, options: ContinuationsOptions) -> Picture:
    """Characters and pairs: plot ``next`` (probabilities after the prompt, at the temperature);
    facts ``prompt`` and ``texts``. Of a pair the prompt is a source with its separator, the texts
    are answers of its length, and ``right`` is the right one. Sine waves: plot ``forecast``, the
    second half of a test wave generated from the model's own predictions; fact ``mse`` of that
    half. All: ``symbols``, ``most`` and ``sequences`` (of pairs ``separator`` and ``most_whole``)
    as in ``tokens``.

    The draws depend on the seed alone, so that a text changes from step to step only through
    training. Raises ProbeUnfit if a model's predictions do not have the form of its inputs.
    """
    data = sequences(context)
    if isinstance(data, Waves) and isinstance(context.model, Rnn):
        return _forecast(context, context.model, options)
    return _texts(context, options)


def _texts(context: Context, options: ContinuationsOptions) -> Picture:
    data = sequences(context)
    beginning = _beginning(context, options)
    tokens, right = beginning.tokens, beginning.right
    requested = options.length if right is None else len(right)
    prompt = torch.tensor([tokens] * options.count, device=context.device)  # (N, t)
    draw = np.random.default_rng(options.seed)
    written: list[list[int]] = [[] for _ in range(options.count)]
    reader = _reader(context, prompt)
    with torch.inference_mode():
        first = theta = next(reader)
        length = min(requested, _writable(context, options.count))
        for _ in range(length):
            if written[0] and context.budget.spent:
                break
            chosen = _drawn(_shares(theta, options.temperature), draw)  # (N,)
            for row, token in zip(written, chosen.tolist(), strict=True):
                row.append(token)
            theta = reader.send(torch.from_numpy(chosen).to(context.device))
    names = data.symbols_in
    shares = _shares(first, options.temperature)[0]
    order = np.argsort(-shares, kind="stable")[:LIKELIEST]
    labels = shown(tuple(names[k] for k in order))
    plot = Plot(
        "next",
        (Bars(grid(shares[order]), labels, horizontal=True),),
        title="The next symbol",
        note="after the prompt, likeliest first",
        x=Axis("probability", 0.0, 1.0),
    )
    facts = {
        "prompt": "".join(names[token] for token in tokens),
        "texts": ["".join(names[token] for token in row) for row in written],
        "temperature": options.temperature,
        **({} if right is None else {"right": "".join(names[token] for token in right)}),
        **alphabet(context),
        **({"most": MAX_TYPED} if right is None else {}),
        **incomplete(first_of(context, len(written[0]), length, "symbols", "Ask for fewer.")),
    }
    return Picture(context.step, (plot,), facts)


@dataclass(frozen=True)
class _Beginning:
    """The tokens that are read first; of a pair, also the right answer after them."""

    tokens: list[int]
    right: list[int] | None = None


def _beginning(context: Context, options: ContinuationsOptions) -> _Beginning:
    """The typed prompt, or the first half of a test sequence. The source of a pair is followed by
    its separator; a typed separator may be followed by the beginning of an answer."""
    data = sequences(context)
    if isinstance(data, Pairs):
        if options.prompt is None:
            source = sequence(context, None, options.example).inputs[0, : data.length].tolist()
        else:
            source = tokens_of(context, options.prompt, "options.prompt")
        return _asked(data, source)
    if options.prompt is None:
        half = sequence(context, None, options.example).inputs[0, : data.steps // 2]
        return _Beginning(half.tolist())
    return _Beginning(tokens_of(context, options.prompt, "options.prompt", MAX_TYPED))


def _asked(data: Pairs, typed: list[int]) -> _Beginning:
    """A source, its separator, and the rest of the answer. Raises OptionError if a second separator
    or a whole answer leaves no rest."""
    tokens = typed if data.separator in typed else [*typed, data.separator]
    first = tokens.index(data.separator)
    source, begun = tokens[:first], tokens[first + 1 :]
    if data.separator in begun or len(begun) >= len(source):
        names = data.symbols_in
        raise OptionError(
            f"{''.join(names[token] for token in typed)!r} leaves no symbol to answer",
            path="options.prompt",
            hint=source_hint(names[data.separator]),
        )
    right = PAIRED[type(data)](np.array(source)).tolist()
    return _Beginning(tokens, right[len(begun) :])


def _writable(context: Context, count: int) -> int:
    """The number of symbols that fit in the time: for each, a transformer reads all before it."""
    steps = sequences(context).steps_read(True) if isinstance(context.model, Rnn) else 1
    return payable(count * forward_flops(context.spec) / steps, REQUEST_SECONDS)


def _shares(theta: Tensor, temperature: float) -> NDArray[np.float64]:
    """softmax(θ/τ) of logits (N, K); at τ = 0 all on the most probable symbol."""
    logits = theta.double().cpu().numpy()
    if temperature == 0:
        return np.asarray(logits == logits.max(1, keepdims=True), dtype=np.float64)
    scaled = (logits - logits.max(1, keepdims=True)) / temperature
    shares = np.exp(scaled)
    return np.asarray(shares / shares.sum(1, keepdims=True))


def _drawn(shares: NDArray[np.float64], draw: np.random.Generator) -> NDArray[np.int64]:
    """One symbol per row: the first with a cumulated share above a uniform draw."""
    edges = shares.cumsum(1)
    passed = edges > draw.random((len(shares), 1)) * edges[:, -1:]
    return np.asarray(passed.argmax(1), dtype=np.int64)


def _reader(context: Context, prompt: Tensor) -> Generator[Tensor, Tensor, None]:
    """Yields logits (N, K) after the prompt (N, t), then after every symbol (N,) sent to it."""
    model = context.model
    if isinstance(model, Rnn):
        theta, states = model.go_on(prompt, None)
        while True:
            token = yield theta[:, -1]
            theta, states = model.go_on(token.unsqueeze(1), states)
    read, most = prompt, sequences(context).steps_read(True)
    while True:
        token = yield model(read[:, -most:])[:, -1]
        read = torch.cat([read, token.unsqueeze(1)], 1)


def _forecast(context: Context, model: Rnn, options: ContinuationsOptions) -> Picture:
    wave = sequence(context, None, options.example)
    steps = wave.steps
    given = max(1, steps // 2)
    with torch.inference_mode():
        theta, states = model.go_on(wave.inputs[:, :given], None)
        found = [float(theta[0, -1, 0])]  # the forecast of x_{given + 1}
        for _ in range(steps - given):
            theta, states = model.go_on(theta[:, -1:], states)
            found.append(float(theta[0, -1, 0]))
    assert wave.targets is not None
    true = np.append(wave.inputs[0, :1, 0].cpu().numpy(), wave.targets[0].cpu().numpy())  # (T + 1,)
    t = np.arange(1, steps + 2, dtype=np.float32)
    peak = 1.1 * float(max(np.abs(true).max(), np.abs(np.nan_to_num(found)).max()))
    plot = Plot(
        "forecast",
        (
            Line(t, grid(true), color="second", label="true", dashed=True),
            Line(t[:given], grid(true[:given]), color="ink", label="read"),
            Line(t[given:], grid(np.array(found)), color="accent", label="forecast", width=2.5),
        ),
        title="Forecast from its own predictions",
        note=f"after {given} values",
        x=Axis("t", 1.0, float(steps + 1), whole=True),
        y=Axis("x", -peak, peak),
    )
    error = float(np.square(np.array(found) - true[given:]).mean())
    facts = {"mse": error, "given": given, **alphabet(context)}
    return Picture(context.step, (plot,), facts)
