"""What a model writes when it reads its own words."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from livenet.errors import ProbeUnfit
from livenet.models.rnn import Rnn
from livenet.pictures import Axis, Bars, Line, Picture, Plot, grid
from livenet.probes.context import DEAR_SECONDS, Context, payable
from livenet.probes.incomplete import first_of, incomplete
from livenet.probes.rows.sequences import ContinuationsOptions
from livenet.probes.sequence import MOST_TYPED, causal, sequence, sequences, shown, tokens_of
from livenet.probes.tokens import alphabet
from livenet.spec.cost import forward_flops
from livenet.spec.data import Characters, Waves

LIKELIEST = 10  # symbols whose probability is drawn


def continuations(context: Context, options: ContinuationsOptions) -> Picture:
    """Characters: plot ``next`` (probabilities after the prompt, at the temperature); facts
    ``prompt`` and ``texts``. Sine waves: plot ``forecast``, the second half of a test wave read
    from the model's own predictions; fact ``mse`` of that half. Both: ``symbols``, ``most`` and
    ``sequences`` as of ``tokens``.

    The draws are a function of the seed alone, so that from step to step a text changes by what the
    model has learnt. Raises ProbeUnfit where a model's predictions are not what it reads next.
    """
    data = sequences(context)
    if isinstance(data, Waves) and isinstance(context.model, Rnn):
        return _forecast(context, context.model, options)
    if not isinstance(data, Characters) or not causal(context):
        raise ProbeUnfit(
            "continuations fits models that read what they predict: recurrent networks and decoder "
            f"transformers on characters, recurrent ones on waves; this run has "
            f"{context.spec.data.kind}",
            path="probe",
            hint="Use tokens, or data of kind 'characters'.",
        )
    return _texts(context, options)


def _texts(context: Context, options: ContinuationsOptions) -> Picture:
    data = sequences(context)
    if options.prompt is None:
        tokens = sequence(context, None, options.example).inputs[0, : data.steps // 2].tolist()
    else:
        tokens = tokens_of(context, options.prompt, "options.prompt", MOST_TYPED)
    prompt = torch.tensor([tokens] * options.count, device=context.device)  # (N, t)
    draw = np.random.default_rng(options.seed)
    written: list[list[int]] = [[] for _ in range(options.count)]
    reader = _reader(context, prompt)
    with torch.inference_mode():
        first = theta = next(reader)
        length = min(options.length, _writable(context, options.count))
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
        **alphabet(context),
        "most": MOST_TYPED,
        **incomplete(first_of(context, len(written[0]), length, "symbols", "Ask for fewer.")),
    }
    return Picture(context.step, (plot,), facts)


def _writable(context: Context, count: int) -> int:
    """How many symbols there is time for: a transformer reads all that is written for each."""
    steps = sequences(context).steps if isinstance(context.model, Rnn) else 1
    return payable(count * forward_flops(context.spec) / steps, DEAR_SECONDS)


def _shares(theta: Tensor, temperature: float) -> NDArray[np.float64]:
    """softmax(θ/τ) of logits (N, K); all on the likeliest at τ = 0."""
    logits = theta.double().cpu().numpy()
    if temperature == 0:
        return np.asarray(logits == logits.max(1, keepdims=True), dtype=np.float64)
    scaled = (logits - logits.max(1, keepdims=True)) / temperature
    shares = np.exp(scaled)
    return np.asarray(shares / shares.sum(1, keepdims=True))


def _drawn(shares: NDArray[np.float64], draw: np.random.Generator) -> NDArray[np.int64]:
    """One symbol a row: the first whose cumulated share passes a uniform draw."""
    edges = shares.cumsum(1)
    passed = edges > draw.random((len(shares), 1)) * edges[:, -1:]
    return np.asarray(passed.argmax(1), dtype=np.int64)


def _reader(context: Context, prompt: Tensor) -> Generator[Tensor, Tensor, None]:
    """Logits (N, K) after the prompt (N, t), and then after every symbol (N,) that is sent."""
    model = context.model
    if isinstance(model, Rnn):
        theta, states = model.go_on(prompt, None)
        while True:
            token = yield theta[:, -1]
            theta, states = model.go_on(token.unsqueeze(1), states)
    read, most = prompt, sequences(context).steps
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
