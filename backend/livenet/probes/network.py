"""The network as a graph: units, and each weight's sign and size."""

from __future__ import annotations

from livenet.pictures import Graph, GraphLayer, Picture, Plot, grid
from livenet.probes.context import Context
from livenet.probes.rows.points import NetworkOptions
from livenet.spec.choice import activation
from livenet.spec.features import FEATURES


def network(context: Context, options: NetworkOptions) -> Picture:
    """One plot, ``network``: layers 0 (input features) to L (output) and the weights between.

    Of a large layer only the first ``options.units`` are in it. Facts: the number of parameters.
    """
    model, most = context.mlp, options.units
    widths = context.spec.widths
    last = len(widths) - 1
    features = [FEATURES[name] for name in model.names]
    layers = [
        GraphLayer("Input", ", ".join(f.label for f in features), tuple(f.label for f in features),
                   len(features)),
    ]  # fmt: skip
    for number, dense in enumerate(model.dense, start=1):
        count = widths[number]
        shown = tuple(f"h{unit + 1}" for unit in range(min(count, most)))
        row = activation(dense.chosen) if dense.chosen else None
        layers.append(
            GraphLayer(
                "Output" if number == last else f"Hidden {number}",
                f"{count} unit{'s' if count > 1 else ''}",
                shown,
                count,
                activation=row.kind if row else "",
                formula=row.formula if row else "",
                residual=dense.residual,
            )
        )
    weights = tuple(
        grid(dense.weight.detach()[:most, :most].cpu().numpy()) for dense in model.dense
    )
    biases = tuple(
        grid(dense.bias.detach()[:most].cpu().numpy())
        for dense in model.dense
        if dense.bias is not None
    )
    plot = Plot("network", (Graph(tuple(layers), weights, biases),))
    return Picture(context.step, (plot,), {"parameters": context.spec.parameter_count})
