"""All heads of all layers at a glance, for the sequence of a walk."""

from __future__ import annotations

from math import isqrt

from livenet.models.stream import Stream
from livenet.pictures import Plot
from livenet.probes.steps.attention import facts, ideal_of
from livenet.probes.steps.equations import first_shown
from livenet.probes.steps.sequences import Reading
from livenet.probes.steps.transformer_names import Spot
from livenet.probes.steps.walk import Shown
from livenet.probes.transformers.attention import MAX_PLACES, attention_matrix
from livenet.probes.transformers.ideal import mass

MAX_CELLS = 48_000  # of all heads: some 100 kB of half precision


def glance(spot: Spot, reading: Reading, kept: Stream) -> Shown:
    """A of the chosen head, plot ``attention``, and of every head, ``{layer}.{head}``, with the
    task's ideal; of a long sequence the places around the query.

    Facts: those of the chosen head's row (see ``attention.facts``); ``first_place``, of
    ``attention``, and ``first_place_of_all``, from 0; ``on_ideal_by_head``, by plot.
    """
    cells = ideal_of(spot, reading)
    every = [one.trace.attention[spot.at].detach().cpu().numpy() for one in kept.layers]
    count = sum(len(layer) for layer in every)
    steps = reading.seen.steps
    own = min(steps, MAX_PLACES)
    places = min(own, isqrt(MAX_CELLS // count))
    start, first = (first_shown(spot.query, steps, most) for most in (own, places))
    chosen = every[spot.number - 1][spot.head - 1]
    matrix = attention_matrix(chosen, reading.seen, cells, own, start)
    plots = [Plot("attention", (matrix,), title=f"A of head {spot.head}")]
    on_ideal = {}
    for layer, heads in enumerate(every, start=1):
        for head, a in enumerate(heads, start=1):
            name = f"{layer}.{head}"
            small = attention_matrix(a, reading.seen, cells, places, first)
            plots.append(Plot(name, (small,), title=f"Layer {layer}, head {head}"))
            on_ideal[name] = mass(a, cells)
    return Shown(
        tuple(plots),
        {
            **facts(spot, cells),
            "first_place": start,
            "first_place_of_all": first,
            "on_ideal_by_head": on_ideal,
        },
    )
