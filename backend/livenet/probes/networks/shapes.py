"""Each layer's output shape and parameters, with the formulas and the run's numbers in them."""

from __future__ import annotations

import numpy as np

from livenet.pictures import Bars, Picture, Plot, grid
from livenet.probes.context import Context
from livenet.probes.networks.rows import ShapesOptions


def shapes(context: Context, options: ShapesOptions) -> Picture:
    """Plots ``parameters`` and ``values``: bars of the number of parameters and outputs of each
    layer. Facts: ``layers`` (as in a description of the spec) and ``parameters``, their total."""
    layers = context.spec.layers
    labels = tuple(layer.label for layer in layers)
    counts = np.array([layer.parameters for layer in layers], np.float64)
    values = np.array([np.prod(layer.output) for layer in layers], np.float64)
    plots = (
        Plot("parameters", (Bars(grid(counts), labels, horizontal=True),), title="Parameters"),
        Plot("values", (Bars(grid(values), labels, horizontal=True),), title="Output values"),
    )
    rows = [layer.document() for layer in layers]
    facts = {"parameters": context.spec.parameter_count, "layers": rows}
    return Picture(context.step, plots, facts)
