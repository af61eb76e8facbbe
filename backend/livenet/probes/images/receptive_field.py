"""The input pixels that a unit depends on: by the layers' sizes, and by gradient."""

from __future__ import annotations

import numpy as np
import torch

from livenet.pictures import Bars, Matrix, Picture, Plot, grid
from livenet.probes.batching import batch_size, batches
from livenet.probes.context import REQUEST_SECONDS, Context, payable
from livenet.probes.fit import map_layers
from livenet.probes.images.rows import ReceptiveFieldOptions
from livenet.probes.images.selection import index_at, layer_at, network, shown_part
from livenet.probes.images.theoretical_field import edge, pixels_in_field, receptive_fields
from livenet.probes.incomplete import first_of, incomplete
from livenet.spec.cost import forward_flops


def receptive_field(context: Context, options: ReceptiveFieldOptions) -> Picture:
    """Plots ``gradient``: |∂h/∂x| (H, W), averaged over images, of a unit's h (or, without a
    channel, of the sum over channels), with the edge of its theoretical field outlined; ``sizes``:
    the side of each layer's field, on an image without edges.

    Facts: the unit; ``size`` and ``jump`` of the layer's fields; this unit's ``rows`` and
    ``columns`` (first and last pixel that it depends on) and ``reached`` (the number of these rows
    and columns: a dilated kernel skips some); ``inside``: the gradient's share in the field, None
    if the gradient is 0.
    """
    number = layer_at(context, options.layer, map_layers(context.spec)[::-1], "feature maps")
    channels, height, width = context.spec.layers[number - 1].output
    row = index_at(options.row, height, height // 2, "row")
    column = index_at(options.column, width, width // 2, "column")
    if options.channel is not None:
        index_at(options.channel, channels, 0, "channel")
    images = min(options.images, payable(3 * forward_flops(context.spec), REQUEST_SECONDS))
    images = min(images, len(context.parts[shown_part(context)][0]))
    gradient, done = _gradient(context, number, (options.channel, row, column), images)
    missing = first_of(context, done, images, "images", "Ask for fewer.")
    rows = pixels_in_field(context.spec, number, row)
    columns = pixels_in_field(context.spec, number, column)
    total = float(gradient.sum())
    share = float(gradient[np.ix_(rows, columns)].sum()) / total if total > 0 else None
    found = receptive_fields(context.spec)
    own = found[number - 1]
    label = context.spec.layers[number - 1].label
    mark = Matrix(
        grid(gradient),
        float(max(gradient.max(), 1e-12)),
        rows="row",
        columns="column",
        colors="sequential",
        outlined=edge(rows, columns, gradient.shape),
        pixels=True,
    )
    plots = (
        Plot("gradient", (mark,), title="|∂h/∂x|", note=f"{label}, unit ({row + 1}, {column + 1})"),
        _sizes(context),
    )
    side = own.size if own.size is not None else len(gradient)
    facts = {
        "layer": number, "channel": options.channel, "row": row, "column": column,
        "channels": channels, "height": height, "width": width,
        "size": side, "jump": float(own.jump),
        "rows": [rows[0], rows[-1]] if rows else [],
        "columns": [columns[0], columns[-1]] if columns else [],
        "reached": [len(rows), len(columns)], "inside": share,
        **incomplete(missing),
    }  # fmt: skip
    return Picture(context.step, plots, facts)


def _gradient(
    context: Context, number: int, unit: tuple[int | None, int, int], images: int
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], int]:
    """Mean of |∂h/∂x| (H, W) over images, and how many the budget allowed. Gradients of parameters
    do not change."""
    channel, row, column = unit
    inputs = context.parts[shown_part(context)][0][:images]
    total, done = torch.zeros(inputs.shape[2:], dtype=torch.float64, device=inputs.device), 0
    for some in batches(context.budget, len(inputs), batch_size(context, 3.0, kept=True)):
        x = inputs[some].clone().requires_grad_()
        h = x
        with torch.enable_grad():
            for block in network(context).blocks[:number]:
                h = block(h)
            there = h[:, :, row, column]  # (B, C)
            value = there.sum() if channel is None else there[:, channel].sum()
            (gradient,) = torch.autograd.grad(value, x)  # (B, 1, H, W)
        total += gradient.abs().nan_to_num().double().sum((0, 1))
        done = some.stop
    return (total / done).cpu().numpy(), done


def _sizes(context: Context) -> Plot:
    """The field's side after each layer with maps, at most the image's side."""
    found = receptive_fields(context.spec)
    layers = context.spec.layers[: len(found)]
    whole = context.parts["train"][0].shape[-1]
    sides = np.array([field.size if field.size is not None else whole for field in found])
    bars = Bars(grid(sides), tuple(layer.label for layer in layers), horizontal=True)
    return Plot("sizes", (bars,), title="Side of the field", note="pixels")
