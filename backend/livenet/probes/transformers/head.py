"""One head, step by step: Q, K, V, the scores before the softmax and A after it."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from livenet.errors import OptionError
from livenet.models.attention import entropy
from livenet.pictures import Matrix, Picture, Plot, grid
from livenet.probes.context import Context
from livenet.probes.finite import finite
from livenet.probes.incomplete import incomplete
from livenet.probes.sequences.sequence import Sequence, sequence
from livenet.probes.transformers.attention import (
    MAX_PLACES,
    attention_matrix,
    ideal_of,
    layer_of,
    most_entropy,
    place_labels,
    traced,
    transformer,
)
from livenet.probes.transformers.ideal import mass
from livenet.probes.transformers.rows import HeadOptions
from livenet.spec.model.transformer_layers import layer_flops

MAX_NUMBERS = 64  # columns of Q, K and V that are drawn


def head(context: Context, options: HeadOptions) -> Picture:
    """Plots ``attention`` (A), ``scores`` (QKᵀ/√d; NaN where the mask hides a key), ``q``, ``k``
    and ``v`` (a row per position, on one colour scale).

    Facts: ``layer``, ``head``, ``d``, ``entropy`` (nats, the mean over queries), ``entropy_most``,
    ``entropy_by_query``, ``on_ideal``, the share of A on the task's ideal pattern, ``places`` (T)
    and ``flops``, as in ``attention``.
    """
    model = transformer(context)
    layer = layer_of(model, options.layer)
    if options.head > model.spec.heads:
        raise OptionError(
            f"There is no head {options.head}",
            path="options.head",
            hint=f"1 to {model.spec.heads}.",
        )
    seen = sequence(context, options.text, options.example)
    with torch.inference_mode():
        trace = next(islice(traced(model, seen.inputs), layer - 1, None))
    at = options.head - 1
    a = trace.attention[0, at]  # (T, T)
    cells = ideal_of(context, model, seen)
    by_query = entropy(a).tolist()
    d = model.blocks[0].attention.d
    scores = trace.scores[0, at].cpu().numpy()
    peak = max(_peak(values[0, at].cpu().numpy()) for values in (trace.q, trace.k, trace.v))
    start = max(0, seen.steps - MAX_PLACES)
    plots = (
        Plot("attention", (attention_matrix(a.cpu().numpy(), seen, cells),),
             title="A", note="after the softmax"),
        Plot("scores", (_diverging(scores[start:, start:], _peak(scores), "query", "key", seen,
                                   seen),), title=f"QKᵀ/√{d}", note="before the softmax"),
        *(
            Plot(name, (_diverging(values[0, at].cpu().numpy()[start:, :MAX_NUMBERS], peak, side,
                                   "number", seen),), title=name.upper(), note=f"T × {d}")
            for name, side, values in (
                ("q", "query", trace.q), ("k", "key", trace.k), ("v", "key", trace.v),
            )
        ),
    )  # fmt: skip
    facts = {
        "layer": layer,
        "head": options.head,
        "d": d,
        "entropy": finite(float(np.mean(by_query))),
        "entropy_most": most_entropy(seen.steps, model.spec.causal),
        "entropy_by_query": [finite(value) for value in by_query],
        "places": seen.steps,
        "flops": layer_flops(model.spec, seen.steps),
        "on_ideal": mass(a.cpu().numpy(), cells),
        **incomplete(seen.missing),
    }
    return Picture(context.step, plots, facts)


def _peak(values: NDArray[Any]) -> float:
    """The largest absolute value, as the end of a scale."""
    return float(max(np.abs(values[np.isfinite(values)]).max(initial=0.0), 1e-6))


def _diverging(
    values: NDArray[Any],
    peak: float,
    rows: str,
    columns: str,
    seen: Sequence,
    across: Sequence | None = None,
) -> Matrix:
    """A matrix on a scale around zero; masked entries are NaN."""
    return Matrix(
        grid(np.where(np.isfinite(values), values, np.nan)),
        peak,
        rows=rows,
        columns=columns,
        row_labels=place_labels(seen),
        column_labels=place_labels(across) if across else (),
    )
