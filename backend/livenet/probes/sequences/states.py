"""The unrolled states of a recurrent network, with the predictions from them."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from livenet.errors import OptionError
from livenet.models.rnn import Rnn
from livenet.pictures import Axis, Matrix, Picture, Plot, grid
from livenet.probes.context import Context
from livenet.probes.sequences.rows import StatesOptions
from livenet.probes.sequences.sequence import sequence
from livenet.probes.sequences.tokens import prediction_facts, prediction_plot

NUMBERS = 6000  # cells of a picture's maps: about 12 kB


def states(context: Context, options: StatesOptions) -> Picture:
    """Plots ``h`` (a row per unit, a column per time step) and ``predictions``; facts as in
    ``tokens``, and ``layer`` and ``layers``."""
    model = recurrent(context)
    number = layer_number(model, options.layer)
    seen = sequence(context, options.text, options.example)
    with torch.inference_mode():
        h = model.states(seen.inputs)
        theta = model.output(h[-1])  # (1, T, K)
    units = units_shown(options.units, model.cells[0].width, seen.steps, 1)
    name = "h" if len(model.cells) == 1 else f"h({number})"
    plot = over_time("h", h[number], units, title=f"States {name}")
    facts = {"layer": number, "layers": len(model.cells), **prediction_facts(context, seen, theta)}
    return Picture(context.step, (plot, prediction_plot(context, seen, theta)), facts)


def recurrent(context: Context) -> Rnn:
    assert isinstance(context.model, Rnn)
    return context.model


def layer_number(model: Rnn, given: int | None) -> int:
    """The requested layer, counted from 1, or the last. Raises OptionError for an unknown one."""
    count = len(model.cells)
    if given is not None and given > count:
        raise OptionError(f"There is no layer {given}", path="options.layer", hint=f"1 to {count}.")
    return given or count


def units_shown(wanted: int, width: int, steps: int, maps: int) -> int:
    """The requested number of units, or as many as fit in a small frame."""
    return max(1, min(wanted, width, NUMBERS // (maps * steps)))


def over_time(name: str, values: Tensor, units: int, title: str, gate: bool = False) -> Plot:
    """Values (1, T, D) as a matrix, a row per unit; a gate's scale is 0 to 1, others have a
    symmetric scale with its limit in the note."""
    found = values[0].T.cpu().numpy()  # (D, T)
    finite = found[np.isfinite(found)]
    peak = 1.0 if gate else max(1.0, float(np.abs(finite).max(initial=0.0)))
    ends = "0 to 1" if gate else f"±{peak:.3g}"
    matrix = Matrix(
        grid(found[:units]),
        peak,
        rows="unit",
        columns="t",
        colors="sequential" if gate else "diverging",
    )
    return Plot(
        name,
        (matrix,),
        title=title,
        note=ends if units == len(found) else f"{ends}, {units} of {len(found)} units",
        x=Axis("t", 0.5, found.shape[1] + 0.5, whole=True),
    )
