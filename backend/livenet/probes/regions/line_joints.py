"""The exact linear regions on the line: the joints of the fitted curve."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from livenet.geometry import InputMap, Layer, LineRegions, line_regions
from livenet.pictures import Axis, Line, Mark, Plot, grid
from livenet.probes.context import Context, Window, grid_points
from livenet.probes.incomplete import full, late
from livenet.probes.regions.rows import RegionsOptions

MAX_JOINTS = 5_000  # listed and drawn: with the pieces between them some 1 MB of JSON
COLUMNS = 1_000  # of a curve with more joints, each drawn by its lowest and highest point
SAMPLES = 128  # points of a curve with unknown joints

Floats = NDArray[np.float64]


def on_line(
    context: Context,
    options: RegionsOptions,
    layers: list[Layer],
    input_map: InputMap,
    window: Window,
    facts: dict[str, Any],
) -> tuple[Plot, str]:
    """The plot, and a text that states what is left out. Adds to the facts the counts, and
    ``joints``, ``slopes`` and ``intercepts`` of the pieces between them from left to right, for the
    first 5,000 joints; None if ``truncated``, when the cuts of the last layers are missing."""
    found = line_regions(layers, (window[0], window[1]), input_map=input_map, budget=context.budget)
    facts |= {
        "activation_regions": len(found.maps),
        "linear_regions": None if found.truncated else found.count,
        "vertices": len(found.borders),
        "edges": len(found.maps),
        "by_layer": list(found.by_layer),
        "truncated": found.truncated,
        **_pieces(found),
    }
    x, y = _sampled(context, window) if found.truncated else _curve(found, window)
    spread = max(float(y.max() - y.min()), 1e-6)
    low, high = float(y.min()) - 0.05 * spread, float(y.max()) + 0.05 * spread
    inner = found.borders[1:-1]
    borders = found.joints if options.merge and not found.truncated else inner
    drawn = borders[:MAX_JOINTS]
    marks: tuple[Mark, ...] = (
        # One broken line for all joints: up, down, and a gap.
        Line(
            grid(np.stack([drawn, drawn, drawn], axis=1).ravel()),
            grid(np.tile([low, high, np.nan], len(drawn))),
            color="second",
            label="joints",
            width=1.0,
        ),
        Line(grid(x), grid(y), color="accent", label="f(x)", width=2.0),
    )
    few = len(drawn) < len(borders)
    plot = Plot(
        "regions",
        marks if options.polygons else (),
        title="Joints",
        note=f"the first {len(drawn):,} of {len(borders):,}" if few else "",
        x=Axis("x", window[0], window[1]),
        y=Axis("f(x)", low, high),
    )
    return plot, _missing(context, found, few, len(borders))


def _missing(context: Context, found: LineRegions, few: bool, borders: int) -> str:
    remedy = "Take a smaller window or net."
    if found.truncated:
        done, depth = len(found.parents), len(found.layers) - 1
        layers = f"the first {done} of {depth} hidden layers" if done else "no hidden layer"
        what = f"Regions of {layers}"
        return late(context, what, remedy) if context.budget.spent else full(what, remedy)
    if few:
        what = f"The first {MAX_JOINTS:,} of {borders:,} joints from the left"
        return full(what, "Take a smaller window, which begins where these end.")
    return ""


def _pieces(found: LineRegions) -> dict[str, Any]:
    if found.truncated:
        return {"joints": None, "slopes": None, "intercepts": None}
    return {
        "joints": found.joints[:MAX_JOINTS].tolist(),
        "slopes": found.slopes[: MAX_JOINTS + 1].tolist(),
        "intercepts": found.intercepts[: MAX_JOINTS + 1].tolist(),
    }


def _curve(found: LineRegions, window: Window) -> tuple[Floats, Floats]:
    """The first output at the window's ends and at every joint; if there are too many joints, at
    the lowest and the highest in each of 1,000 columns, so that the extremes stay visible."""
    knots = np.concatenate([[window[0]], found.joints, [window[1]]])
    piece = np.minimum(np.arange(len(knots)), len(found.slopes) - 1)
    y = found.slopes[piece, 0] * knots + found.intercepts[piece, 0]
    if len(knots) <= MAX_JOINTS + 2:
        return knots, y
    column = ((knots - window[0]) * (COLUMNS / (window[1] - window[0]))).astype(np.int64)
    order = np.lexsort((y, column.clip(0, COLUMNS - 1)))
    ends = np.flatnonzero(np.diff(column[order].clip(0, COLUMNS - 1))) + 1
    kept = np.concatenate([[0], ends, ends - 1, [len(knots) - 1]])
    shown = np.unique(np.concatenate([order[kept], [0, len(knots) - 1]]))
    return knots[shown], y[shown]


def _sampled(context: Context, window: Window) -> tuple[Floats, Floats]:
    with torch.inference_mode():
        mu = context.model(context.inputs(window, SAMPLES)).squeeze(1).double().cpu().numpy()
    return grid_points(window, SAMPLES)[:, 0], np.nan_to_num(mu)
