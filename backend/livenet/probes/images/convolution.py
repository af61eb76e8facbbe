"""A kernel at one position of an image: its patch, the products, their sum, the output map."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from livenet.errors import ProbeUnfit
from livenet.pictures import Array, Matrix, Picture, Plot, grid
from livenet.probes.context import Context
from livenet.probes.fit import kernel_layers
from livenet.probes.images.kernels import into_kernel, kernel_at, parts_of
from livenet.probes.images.rows import ConvolutionOptions
from livenet.probes.images.selection import index_at, layer_at, network, selected_image

MAX_PIXELS = 40_000  # of a map


def convolution(context: Context, options: ConvolutionOptions) -> Picture:
    """Plots ``input`` (one channel, the kernel's pixels outlined), ``patch``, ``kernel``,
    ``products`` and ``output`` (z of the channel, the position outlined). Of a residual block it
    shows the ``part``-th convolution, from 0. Facts: ``sums`` (the products' sum, by input
    channel), ``sum``, ``bias``, ``z`` = sum + bias, and the indices of what is shown.

    ``input`` and ``patch`` have the colours that ``feature_maps`` gives to all channels of h, and
    ``kernel`` those of ``filters``.
    """
    number = layer_at(context, options.layer, kernel_layers(context.spec), "kernels")
    kernel = kernel_at(context, number, options.part)
    channels, inputs = kernel.weight.shape[:2]
    channel = index_at(options.channel, channels, 0, "channel")
    into = index_at(options.input, inputs, 0, "input")
    image = selected_image(context, options)
    with torch.inference_mode():
        comes_in = network(context).trace(image.pixels)[number - 1].input
        h = into_kernel(context, number, comes_in, options.part)
        z = functional.conv2d(
            kernel.padded(h), kernel.weight[channel : channel + 1], None, kernel.stride, 0,
            kernel.dilation,
        )[0, 0]  # (H', W')  # fmt: skip
        largest = max(h[0, 0].numel(), z.numel())
        if largest > MAX_PIXELS:
            raise ProbeUnfit(
                f"The maps of layer {number} have {largest:,} pixels, and one answer has room for "
                f"{MAX_PIXELS:,}",
                path="options.layer",
                hint="Look at a layer whose maps are smaller.",
            )
        bias = float(kernel.bias[channel]) if kernel.bias is not None else 0.0
        row = index_at(options.row, z.shape[0], z.shape[0] // 2, "row")
        column = index_at(options.column, z.shape[1], z.shape[1] // 2, "column")
        patch = kernel.patch(h, row, column)  # (C_in, k, k)
        products = patch * kernel.weight[channel]
        sums = [float(s) for s in products.double().sum((1, 2))]
    maps = {
        "input": h[0, into],
        "patch": patch[into],
        "kernel": kernel.weight[channel, into].detach(),
        "products": products[into],
        "output": z + bias,
    }
    titles = {
        "input": "Input h" if inputs == 1 else f"Input h, channel {into}",
        "patch": "Under the kernel",
        "kernel": f"Kernel {channel}",
        "products": "Products",
        "output": "Output z",
    }
    places = {
        "input": kernel.pixels(row, column, h.shape[2], h.shape[3]),
        "output": [(row, column)],
    }
    weights = _scale(kernel.weight)
    first = number == 1 and options.part == 0
    scales = {
        "input": (1.0, False) if first else _scale(h),
        "kernel": (weights[0], True),
        "products": _scale(maps["products"]),
        "output": _scale(maps["output"]),
    }
    scales["patch"] = scales["input"]
    plots = tuple(
        Plot(
            name,
            (_matrix(grid(values.cpu().numpy()), scales[name], places.get(name)),),
            title=titles[name],
        )
        for name, values in maps.items()
    )
    facts = {
        "layer": number, "part": options.part, "parts": parts_of(context, number),
        "channel": channel, "input": into, "row": row, "column": column,
        "inputs": inputs, "channels": channels, "rows": z.shape[0], "columns": z.shape[1],
        "sums": sums, "sum": sum(sums), "bias": bias, "z": sum(sums) + bias,
    }  # fmt: skip
    return Picture(context.step, plots, facts)


def _scale(values: Tensor) -> tuple[float, bool]:
    """The largest |value|, and whether any is negative."""
    values = values.detach()
    finite = values[values.isfinite()]
    peak = float(finite.abs().max()) if finite.numel() else 0.0
    return max(peak, 1e-12), bool((finite < 0).any())


def _matrix(
    values: Array, scale: tuple[float, bool], places: list[tuple[int, int]] | None
) -> Matrix:
    peak, negative = scale
    outlined = np.array(places, np.int64).reshape(-1, 2) if places is not None else None
    return Matrix(
        values, peak, rows="row", columns="column",
        colors="diverging" if negative else "sequential", outlined=outlined,
        pixels=True,
    )  # fmt: skip
