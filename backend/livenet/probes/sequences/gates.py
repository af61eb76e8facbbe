"""The gates and states of an LSTM or GRU along a sequence."""

from __future__ import annotations

import torch

from livenet.errors import OptionError
from livenet.pictures import Picture
from livenet.probes.context import Context
from livenet.probes.sequences.rows import GatesOptions
from livenet.probes.sequences.sequence import sequence
from livenet.probes.sequences.states import layer_number, over_time, recurrent, units_shown
from livenet.probes.sequences.tokens import prediction_facts

TITLES = {
    "f": "Forget gate f",
    "i": "Input gate i",
    "C̃": "Candidate C̃",
    "C": "Cell state C",
    "o": "Output gate o",
    "h": "State h",
    "r": "Reset gate r",
    "z": "Update gate z",
    "n": "Candidate n",
}
BETWEEN_0_AND_1 = ("f", "i", "o", "r", "z")


def gates(context: Context, options: GatesOptions) -> Picture:
    """LSTM: plots ``f``, ``i``, ``C̃``, ``C``, ``o`` and ``h``; GRU: ``r``, ``z``, ``n`` and ``h``;
    each unit over time. Facts: as in ``tokens``, ``layer``, and the mean of each gate by name.

    A plain cell has no gates, and is refused.
    """
    model = recurrent(context)
    number = layer_number(model, options.layer)
    seen = sequence(context, options.text, options.example)
    with torch.inference_mode():
        h = model.states(seen.inputs)
        found = model.cells[number - 1].gates(h[number - 1], h[number])
        theta = model.output(h[-1])  # (1, T, K)
    if options.gate is not None:
        if options.gate not in found:
            raise OptionError(
                f"There is no {options.gate!r} in a {model.cell}",
                path="options.gate",
                hint=f"Allowed: {', '.join(found)}.",
            )
        found = {options.gate: found[options.gate]}
    units = units_shown(options.units, model.cells[0].width, seen.steps, len(found))
    plots = tuple(
        over_time(name, values, units, TITLES[name], name in BETWEEN_0_AND_1)
        for name, values in found.items()
    )
    means = {
        name: float(values.mean()) for name, values in found.items() if name in BETWEEN_0_AND_1
    }
    facts = {"layer": number, **means, **prediction_facts(context, seen, theta)}
    return Picture(context.step, plots, facts)
