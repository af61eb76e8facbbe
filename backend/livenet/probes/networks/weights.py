"""Each layer's W as a matrix, with its biases."""

from __future__ import annotations

from math import isqrt

import numpy as np

from livenet.errors import OptionError
from livenet.pictures import Axis, Bars, Matrix, Picture, Plot, grid
from livenet.probes.context import Context
from livenet.probes.incomplete import full, incomplete
from livenet.probes.networks.rows import WeightsOptions

MAX_SIDE = 128  # rows and columns of a matrix that are drawn
MAX_CELLS = 70_000  # of all matrices: some 2 MB of JSON
BINS = 31


def weights(context: Context, options: WeightsOptions) -> Picture:
    """For each layer, plots ``W{l}`` (rows: output units j, columns: input units i), ``b{l}`` and
    ``histogram{l}`` of all its weights. Facts, by layer: mean, standard deviation, largest |w|,
    of the finite numbers. With ``options.unit``, only the matrix and bias of that unit, its whole
    row, and the facts ``unit`` and ``shape``.
    """
    count = len(context.mlp.dense)
    if options.layer is not None and options.layer > count:
        raise OptionError(
            f"There is no layer {options.layer}", path="options.layer", hint=f"1 to {count}."
        )
    if options.unit is not None and options.layer is None:
        raise OptionError(
            f"unit is {options.unit}, of no layer",
            path="options.unit",
            hint=f"Say in options.layer of which layer it is: 1 to {count}.",
        )
    shown = count if options.layer is None else 1
    most = min(MAX_SIDE, isqrt(MAX_CELLS // shown))
    plots: list[Plot] = []
    facts: dict[str, object] = {}
    for number, dense in enumerate(context.mlp.dense, start=1):
        if options.layer not in (None, number):
            continue
        w = dense.weight.detach().cpu().numpy()  # (D(l), D(l-1))
        finite = w[np.isfinite(w)].astype(np.float64)
        peak = float(max(np.abs(finite).max(initial=0.0), 1e-12))
        rows, columns = slice(most), slice(most)
        note = "" if max(w.shape) <= most else f"the first {most} of {max(w.shape)}"
        if options.unit is not None:
            rows, columns = _only(options.unit, w.shape[0]), slice(None)
            note = f"row {options.unit + 1} of {w.shape[0]}"
        block = grid(w[rows, columns])
        plots.append(
            Plot(
                f"W{number}",
                (Matrix(block, peak, rows=f"h({number})", columns=f"h({number - 1})"),),
                title=f"W({number}), {w.shape[0]} × {w.shape[1]}",
                note=note,
            )
        )
        if dense.bias is not None:
            b = dense.bias.detach().cpu().numpy()[rows]  # (D(l),)
            peak_b = float(max(np.abs(b[np.isfinite(b)]).max(initial=0.0), 1e-12))
            plots.append(Plot(f"b{number}", (Matrix(grid(b[:, None]), peak_b),), title="b"))
        if options.unit is not None:
            facts[str(number)] = {"unit": options.unit, "shape": list(w.shape)}
            continue
        shares, edges = np.histogram(finite, bins=BINS, range=(-peak, peak))
        names = tuple(f"{edge:.2g}" for edge in (edges[:-1] + edges[1:]) / 2)
        plots.append(
            Plot(
                f"histogram{number}",
                (Bars(grid(shares), names),),
                title=f"Weights of W({number})",
                x=Axis("w", -peak, peak),
                y=Axis("weights", 0.0, float(shares.max())),
            )
        )
        facts[str(number)] = {
            "mean": float(finite.mean()) if finite.size else None,
            "std": float(finite.std()) if finite.size else None,
            "peak": peak,
            "shape": list(w.shape),
        }
    if options.unit is None and most < min(MAX_SIDE, max(context.spec.widths)):
        what = f"The first {most} rows and columns of each matrix"
        facts |= incomplete(full(what, "Ask for one layer."))
    return Picture(context.step, tuple(plots), facts)


def _only(unit: int, count: int) -> slice:
    if unit >= count:
        raise OptionError(
            f"There is no unit {unit}", path="options.unit", hint=f"0 to {count - 1}."
        )
    return slice(unit, unit + 1)
