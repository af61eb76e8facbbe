"""A sequence model's prediction at each time step, its probability, and the loss."""

from __future__ import annotations

from math import isnan
from typing import Any

import numpy as np
import torch
from torch import Tensor

from livenet.pictures import Axis, Bars, Line, Matrix, Picture, Plot, Points, grid
from livenet.probes.context import Context
from livenet.probes.incomplete import incomplete
from livenet.probes.sequences.rows import TokensOptions
from livenet.probes.sequences.sequence import (
    Sequence,
    causal,
    greedy,
    most_typed,
    separator_of,
    sequence,
    sequences,
    shown,
    typed_symbols,
)
from livenet.spec.data import Addition
from livenet.training.likelihoods import UNSCORED

MAX_CLASSES = 64  # rows of probabilities that are drawn


def tokens(context: Context, options: TokensOptions) -> Picture:
    """Plots ``predictions`` and, if targets are known, ``loss`` (nats at each scored step).

    Symbols: a matrix of p(y_t | x_≤t), a row per symbol, the targets outlined. Real numbers: lines.
    Facts, each a list over time: ``input``, ``predicted``, ``probability`` (of the predicted
    symbol), ``target`` and ``loss`` (null where nothing is scored); and ``symbols``, the alphabet,
    ``most``, the number of symbols that may be typed, ``sequences``, the number of sequences to
    choose from, and of numbers ``marked``, whether a + before one marks it as a summand. Of a model
    that completes pairs also ``separator``, the symbol between source and answer, and
    ``most_whole``, the number of symbols that may be typed with it; ``forced``, whether the model
    reads a given answer instead of its predictions (for a test sequence the right one: teacher
    forcing), and ``greedy``, its answer when it reads its own predictions.
    """
    seen = sequence(context, options.text, options.example)
    with torch.inference_mode():
        theta = context.model(seen.inputs)  # (1, T, K)
    plots = [prediction_plot(context, seen, theta)]
    found = prediction_facts(context, seen, theta)
    losses = [np.nan if value is None else value for value in found["loss"]]
    if not all(isnan(value) for value in losses):
        # A bar cannot be missing: an unscored step has one of height 0.
        bars = Bars(grid(np.nan_to_num(losses)), shown(seen.labels), color="test")
        high = max(float(np.nanmax(losses)), 0.01)
        plots.append(
            Plot("loss", (bars,), title="Loss at each step", y=Axis("−log p", 0.0, high, "nats"))
        )
    return Picture(context.step, tuple(plots), found)


def prediction_plot(context: Context, seen: Sequence, theta: Tensor) -> Plot:
    """θ (1, T, K) as probabilities, or as a line beside the true values."""
    data = sequences(context)
    if not data.symbols_out:
        return _lines(seen, theta)
    shares = theta[0].softmax(1).T.cpu().numpy()[:MAX_CLASSES]  # (K, T)
    outlined = None
    if seen.targets is not None:
        steps = [(y, t) for t, y in enumerate(seen.targets[0].tolist()) if y != UNSCORED]
        outlined = np.array([place for place in steps if place[0] < len(shares)], dtype=np.int64)
    matrix = Matrix(
        grid(shares),
        1.0,
        rows="y",
        columns="t",
        colors="sequential",
        row_labels=shown(data.symbols_out[:MAX_CLASSES]),
        column_labels=shown(seen.labels),
        outlined=outlined.reshape(-1, 2) if outlined is not None and outlined.size else None,
    )
    note = "p(yₜ | x₁ … xₜ)" if causal(context) else "p(yₜ | x)"
    return Plot("predictions", (matrix,), title="Predictions", note=note)


def _lines(seen: Sequence, theta: Tensor) -> Plot:
    t = np.arange(1, seen.steps + 1, dtype=np.float32)
    x, mu = seen.inputs[0, :, 0].cpu().numpy(), theta[0, :, 0].cpu().numpy()
    marks: list[Any] = [Line(t, grid(x), color="second", label="x", width=1.0)]
    marked = seen.inputs[0, :, 1:].any(1).cpu().numpy()  # addition's summands
    if marked.any():
        full = np.ones(int(marked.sum()), dtype=np.float32)  # visible even if x is small
        marks.append(Points(t[marked], grid(x[marked]), full, "diverging", label="marked x"))
    values = [x, mu]
    if seen.targets is not None:
        y = seen.targets[0].cpu().numpy()
        scored = ~np.isnan(y)
        values.append(y[scored])
        if scored.sum() == 1:
            where, true = t[scored], grid(y[scored])
            marks.append(Points(where, true, true, colors="diverging", hollow=True, label="y"))
        else:
            marks.append(Line(t, grid(y), color="ink", label="y", dashed=True))
    marks.append(Line(t, grid(mu), color="accent", label="μ", width=2.5))
    both = np.nan_to_num(np.concatenate(values))
    low, high = float(both.min()), float(both.max())
    room = 0.05 * max(high - low, 1e-3)
    return Plot(
        "predictions",
        tuple(marks),
        title="Predictions",
        note="μ beside the true value y",
        x=Axis("t", 0.5, seen.steps + 0.5, whole=True),
        y=Axis("value", low - room, high + room),
    )


def prediction_facts(context: Context, seen: Sequence, theta: Tensor) -> dict[str, Any]:
    """The facts that are lists over time, as ``tokens`` describes them."""
    data = sequences(context)
    if not data.symbols_out:
        return _real_facts(context, seen, theta)
    shares = theta[0].log_softmax(1)  # (T, K)
    best = shares.max(1)
    names = data.symbols_out
    target: list[str | None] = [None] * seen.steps
    loss: list[float | None] = [None] * seen.steps
    if seen.targets is not None:
        for t, y in enumerate(seen.targets[0].tolist()):
            if y != UNSCORED:
                target[t], loss[t] = names[y], -float(shares[t, y])
    answer = greedy(context, seen)
    own = {} if answer is None else {"forced": not seen.own, "greedy": answer}
    return {
        **own,
        **alphabet(context),
        "input": list(seen.labels),
        "predicted": [names[k] for k in best.indices.tolist()],
        "probability": best.values.exp().tolist(),
        "target": target,
        "loss": loss,
        **incomplete(seen.missing),
    }


def alphabet(context: Context) -> dict[str, Any]:
    """The symbols that may be typed, and the number of sequences to choose from; of numbers also
    ``marked``, whether a + before one marks it as a summand."""
    part = "test" if len(context.parts["test"][0]) else "train"
    sign = separator_of(context)
    whole = {"separator": sign, "most_whole": most_typed(context, whole=True)} if sign else {}
    data = sequences(context)
    real = {} if data.symbols_in else {"marked": isinstance(data, Addition)}
    return {
        **whole,
        **real,
        "symbols": list(typed_symbols(context)),
        "most": most_typed(context),
        "sequences": len(context.parts[part][0]),
    }


def _real_facts(context: Context, seen: Sequence, theta: Tensor) -> dict[str, Any]:
    mu = theta[0, :, 0].tolist()
    target: list[float | None] = [None] * seen.steps
    loss: list[float | None] = [None] * seen.steps
    if seen.targets is not None:
        for t, y in enumerate(seen.targets[0].tolist()):
            if not isnan(y):
                here = slice(t, t + 1)
                target[t] = y
                loss[t] = float(context.likelihood.nll(theta[:, here], seen.targets[:, here]))
    none: list[float | None] = [None] * seen.steps
    return {
        **alphabet(context),
        "input": list(seen.labels),
        "predicted": mu,
        "probability": none,
        "target": target,
        "loss": loss,
    }
