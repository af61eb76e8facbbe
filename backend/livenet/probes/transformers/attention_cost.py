"""The cost of a transformer layer against the number of positions T."""

from __future__ import annotations

import numpy as np

from livenet.pictures import Axis, Line, Picture, Plot, Role, grid
from livenet.probes.context import Context
from livenet.probes.sequences.sequence import causal, sequences
from livenet.probes.transformers.attention import transformer
from livenet.probes.transformers.rows import AttentionCostOptions
from livenet.spec.model.transformer_layers import layer_flops

COUNT = 65  # values of T that the curves are drawn at
MILLION = 1e6
PARTS: tuple[tuple[str, str, Role], ...] = (
    ("attention", "QKᵀ and A V: 4T²D", "accent"),
    ("projections", "Q, K, V and output: 8TD²", "positive"),
    ("mlp", "MLP: 4F·TD²", "negative"),
)
"""A part's name, its label with the number of its operations, and its colour."""


def attention_cost(context: Context, options: AttentionCostOptions) -> Picture:
    """Plot ``cost``: operations of one layer for one forward pass of one sequence, in millions, by
    part, up to ``most`` positions (by default beyond T = 2D, from where QKᵀ and A V cost more than
    the projections); a dashed line at this run's T.

    Facts: ``places`` (T), ``flops`` by part at T, and ``overtakes``: the T from which QKᵀ and A V
    cost more than the projections.
    """
    model = transformer(context).spec
    places = sequences(context).steps_read(causal(context))
    overtakes = 2 * model.width
    most = options.most or max(2 * places, 3 * model.width)
    steps = np.unique(np.linspace(0, most, COUNT).round().astype(int)).tolist()
    costs = [layer_flops(model, t) for t in steps]
    curves = {name: np.array([c[name] for c in costs]) / MILLION for name, _, _ in PARTS}
    high = max(float(curve[-1]) for curve in curves.values())
    here = np.array([places, places], dtype=np.float32)
    plot = Plot(
        "cost",
        (
            Line(here, np.array([0.0, high], dtype=np.float32), "second", "this run", 1.0, True),
            *(
                Line(grid(np.array(steps)), grid(curves[name]), color, label, 2.5)
                for name, label, color in PARTS
            ),
        ),
        title="Operations of one layer, by T",
        note=f"D = {model.width}, F = {model.feedforward}",
        x=Axis("T", 0.0, float(most), "places", whole=True),
        y=Axis("operations", 0.0, 1.05 * high, "millions"),
    )
    facts = {
        "places": places,
        "flops": {name: int(value) for name, value in layer_flops(model, places).items()},
        "overtakes": overtakes,
    }
    return Picture(context.step, (plot,), facts)
