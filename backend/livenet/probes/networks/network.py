"""The network as a graph: units, and each weight's sign and size."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from livenet.pictures import Graph, GraphLayer, Picture, Plot, grid
from livenet.probes.context import Context
from livenet.probes.incomplete import full, incomplete
from livenet.probes.networks.rows import NetworkOptions
from livenet.probes.paging import first_units, shown_units
from livenet.spec.choice import activation
from livenet.spec.features import FEATURES
from livenet.spec.model import Mlp, ModelKind

MAX_WEIGHTS = 80_000  # some 2 MB of JSON


def network(context: Context, options: NetworkOptions) -> Picture:
    """One plot, ``network``: layers 0 (input features) to L (output) and the weights between.

    Of a large layer it shows only ``options.units`` units, beginning with that of
    ``options.first``. Facts: the number of parameters.
    """
    model, widths = context.mlp, context.spec.widths
    firsts = first_units(options.first, widths)
    most = _fitting(options.units, widths)
    shown = [slice(first, first + most) for first in firsts]
    layers = _layers(context.spec.model, widths, firsts, most)
    weights = tuple(
        grid(dense.weight.detach().cpu().numpy()[rows, columns])
        for dense, (columns, rows) in zip(model.dense, pairwise(shown), strict=True)
    )
    biases = tuple(
        grid(dense.bias.detach().cpu().numpy()[rows])
        for dense, rows in zip(model.dense, shown[1:], strict=True)
        if dense.bias is not None
    )
    plot = Plot("network", (Graph(layers, weights, biases),))
    few = most < min(options.units, max(widths))
    missing = full(shown_units(firsts, most), "Ask for fewer.") if few else ""
    facts = {"parameters": context.spec.parameter_count, **incomplete(missing)}
    return Picture(context.step, (plot,), facts)


@lru_cache(maxsize=256)
def _layers(
    model: ModelKind, widths: tuple[int, ...], firsts: tuple[int, ...], most: int
) -> tuple[GraphLayer, ...]:
    """The layers without their weights, which do not change while a network trains."""
    assert isinstance(model, Mlp)
    last = len(widths) - 1
    names = tuple(FEATURES[name].label for name in model.features)
    inputs = names[firsts[0] : firsts[0] + most]
    layers = [GraphLayer("Input", ", ".join(names), inputs, len(names), firsts[0])]
    for number, chosen in enumerate((*model.activations, None), start=1):
        first, count = firsts[number], widths[number]
        units = tuple(f"h{unit + 1}" for unit in range(count)[first : first + most])
        row = activation(chosen) if chosen else None
        layers.append(
            GraphLayer(
                "Output" if number == last else f"Hidden {number}",
                f"{count} unit{'s' if count > 1 else ''}",
                units,
                count,
                first,
                activation=row.kind if row else "",
                formula=row.formula if row else "",
                residual=model.residual and row is not None and widths[number - 1] == count,
            )
        )
    return tuple(layers)


def _fitting(units: int, widths: tuple[int, ...]) -> int:
    """The requested number of units of a layer, or as many as fit in an answer with weights."""
    while units > 1 and _weights(units, widths) > MAX_WEIGHTS:
        units -= 1
    return units


def _weights(units: int, widths: tuple[int, ...]) -> int:
    return sum(min(a, units) * min(b, units) for a, b in pairwise(widths))
