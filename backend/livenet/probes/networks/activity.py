"""The share of training examples at which each hidden unit is active, dead or saturated."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from livenet.pictures import Axis, Heatmap, Picture, Plot, grid
from livenet.probes.batching import batch_size, batches
from livenet.probes.context import Context
from livenet.probes.incomplete import first_of, incomplete
from livenet.probes.networks.rows import ActivityOptions
from livenet.spec.choice import Choice, activation

LEAST_SLOPE = 0.05  # of σ's steepest slope: below it a unit passes on almost no gradient


def activity(context: Context, options: ActivityOptions) -> Picture:
    """One plot, ``activity``: the share of the training examples at which each hidden unit is
    active, layers from the bottom up, units from left to right.

    A piecewise linear unit is active where its slope is not 0, a ReLU where z > 0. If it is active
    nowhere, it is dead, and learns nothing from these examples. A curved unit is active where
    |σ′(z)| is at least 5% of σ's steepest slope. If it is active nowhere, it is saturated. Softmax
    units depend on one another, and count as active. Facts, by hidden layer: ``dead`` and
    ``saturated``, the numbers of these units from 0, and ``answers``, the mean share;
    ``threshold``, the 5%.
    """
    x = context.parts["train"][0]
    hidden = context.mlp.dense[:-1]
    counts = [torch.zeros(len(dense.weight), dtype=torch.int64) for dense in hidden]
    done = 0
    with torch.inference_mode():
        for some in batches(context.budget, len(x), batch_size(context, 2.0, kept=True)):
            for count, dense, layer in zip(
                counts, hidden, context.mlp.trace(x[some]), strict=False
            ):
                assert dense.chosen is not None  # every hidden layer has one
                count += answers(dense.chosen, layer.z).sum(0).cpu()
            done = some.stop
    shares = [(count / done).numpy() for count in counts]
    dead: dict[str, list[int]] = {}
    saturated: dict[str, list[int]] = {}
    for number, (dense, share) in enumerate(zip(hidden, shares, strict=True), start=1):
        silent = np.flatnonzero(share == 0).tolist()
        straight = dense.row is not None and dense.row.pieces is not None
        dead[str(number)], saturated[str(number)] = (silent, []) if straight else ([], silent)
    facts = {
        "dead": dead,
        "saturated": saturated,
        "answers": {str(n): float(share.mean()) for n, share in enumerate(shares, start=1)},
        "threshold": LEAST_SLOPE,
        **incomplete(first_of(context, done, len(x), "training examples", "Take fewer samples.")),
    }
    widest = max((len(share) for share in shares), default=1)
    values = np.zeros((max(1, len(shares)), widest))
    there = np.zeros_like(values)
    for number, share in enumerate(shares):
        values[number, : len(share)], there[number, : len(share)] = share, 1.0
    plot = Plot(
        "activity",
        (Heatmap(grid(values), 0.0, 1.0, "sequential", grid(there), "share of the examples"),),
        title="Where units answer",
        note=f"{done:,} training examples",
        x=Axis("unit j", 0.5, widest + 0.5, whole=True),
        y=Axis("hidden layer l", 0.5, len(values) + 0.5, whole=True),
    )
    return Picture(context.step, (plot,), facts)


def answers(chosen: Choice, z: Tensor) -> Tensor:
    """Where a unit is active, given z: bool, of z's shape."""
    row = activation(chosen)
    if not row.elementwise:
        return torch.ones_like(z, dtype=torch.bool)
    slope = _slope(chosen, z)
    return slope > 0 if row.pieces else slope >= LEAST_SLOPE * _steepest(chosen)


def _slope(chosen: Choice, z: Tensor) -> Tensor:
    """|σ′(z)|."""
    row = activation(chosen)
    return row.back(torch.ones_like(z), z, row.value(z, chosen.knobs), chosen.knobs).abs()


@lru_cache(maxsize=256)
def _steepest(chosen: Choice) -> float:
    """The largest |σ′|, which all activations reach within [−10, 10]."""
    return float(_slope(chosen, torch.linspace(-10.0, 10.0, 20_001, dtype=torch.float64)).max())
