"""A layer's kernels as small images, on one diverging scale."""

from __future__ import annotations

import numpy as np

from livenet.pictures import Images, Picture, Plot, grid
from livenet.probes.context import Context
from livenet.probes.fit import kernel_layers
from livenet.probes.images.kernels import kernel_at, parts_of
from livenet.probes.images.rows import FiltersOptions
from livenet.probes.images.selection import layer_at
from livenet.probes.incomplete import full, incomplete

MAX_BYTES = 24_000
A_ROW = 8  # kernels side by side, for one input channel


def filters(context: Context, options: FiltersOptions) -> Picture:
    """One plot, ``filters``: W (C_out, C_in, k, k), a row for each kernel and a column for each
    input channel; for one input channel a grid of all kernels. ``ids`` are "c.c'". Facts: the
    layer, W's shape, the mean and standard deviation of all its numbers."""
    number = layer_at(context, options.layer, kernel_layers(context.spec), "kernels")
    weight = kernel_at(context, number, options.part).weight.detach().cpu().numpy()
    side = weight.shape[2] * weight.shape[3]
    inputs = max(1, min(options.inputs, weight.shape[1], MAX_BYTES // side))
    shown = max(1, min(options.filters, len(weight), MAX_BYTES // (inputs * side)))
    block = weight[:shown, :inputs]  # (n, m, k, k)
    finite = weight[np.isfinite(weight)].astype(np.float64)
    peak = float(max(np.abs(finite).max(initial=0.0), 1e-12))
    ids = tuple(f"{out}.{into}" for out in range(shown) for into in range(inputs))
    mark = Images(
        grid(block.reshape(-1, *weight.shape[2:])),
        labels=tuple(f"{out}" for out in range(shown)) if inputs == 1 else (),
        columns=min(len(ids), A_ROW) if inputs == 1 else inputs,
        lo=-peak,
        hi=peak,
        colors="diverging",
        ids=ids,
    )
    label = context.spec.layers[number - 1].label
    parts = parts_of(context, number)
    if parts > 1:
        label = f"{label}, convolution {options.part + 1}"
    size = " × ".join(map(str, weight.shape))
    note = f"{size}; rows kernels, columns inputs" if inputs > 1 else size
    facts = {
        "layer": number,
        "part": options.part,
        "parts": parts,
        "shape": list(weight.shape),
        "mean": float(finite.mean()) if finite.size else None,
        "std": float(finite.std()) if finite.size else None,
        "peak": peak,
        **incomplete(_missing(options, weight.shape, shown, inputs)),
    }
    plot = Plot("filters", (mark,), title=f"Filters of {label}", note=note)
    return Picture(context.step, (plot,), facts)


def _missing(options: FiltersOptions, shape: tuple[int, ...], shown: int, inputs: int) -> str:
    if shown >= min(options.filters, shape[0]) and inputs >= min(options.inputs, shape[1]):
        return ""
    what = f"The first {shown} kernels of {shape[0]}, for {inputs} of {shape[1]} input channels"
    return full(what, "Ask for fewer inputs, and there are more kernels.")
