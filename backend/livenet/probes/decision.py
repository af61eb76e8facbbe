"""The net's output over the plane, or the fitted curve on the line, with the data points."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from livenet.pictures import (
    Array,
    Axis,
    Heatmap,
    Line,
    Mark,
    Picture,
    Plot,
    Points,
    grid,
)
from livenet.probes.class_map import class_map
from livenet.probes.context import Context, Window, grid_points
from livenet.probes.rows.points import DecisionOptions

MOST_POINTS = 1000  # of each part; more hide the map behind them


def decision(context: Context, options: DecisionOptions) -> Picture:
    """One plot, ``output``: p(y = 1 | x), the most probable class and how sure, or μ(x)."""
    window = context.window(options.window)
    marks = list(_points(context)) if options.points else []
    if context.on_line:
        return _curve(context, options, window, marks)
    size = context.affordable(options.resolution)
    with torch.inference_mode():
        theta = context.model(context.inputs(window, size))  # (H·W, K)
        heatmap = _heatmap(context, theta, size)
    plot = Plot(
        "output",
        (heatmap, *marks),
        title="Output " + heatmap.label,
        x=Axis("x₁", window[0], window[1]),
        y=Axis("x₂", window[2], window[3]),
        equal=True,
    )
    return Picture(context.step, (plot,), {"resolution": size})


def _heatmap(context: Context, theta: torch.Tensor, size: int) -> Heatmap:
    kind = context.spec.objective.kind
    if kind == "bernoulli":
        values = theta.squeeze(1).sigmoid().view(size, size)
        return Heatmap(grid(values.cpu().numpy()), 0.0, 1.0, label="p(y = 1 | x)")
    if kind == "categorical":
        return class_map(theta, size)
    peak = target_peak(context)
    return Heatmap(grid(theta.view(size, size).cpu().numpy()), -peak, peak, label="μ(x)")


def target_peak(context: Context) -> float:
    """The largest |y| of the training data: a scale that does not move while the net trains."""
    return float(max(np.abs(context.data.train_y).max(), 1e-6))


def _curve(
    context: Context, options: DecisionOptions, window: Window, marks: list[Mark]
) -> Picture:
    size = max(options.resolution, 2)
    with torch.inference_mode():
        mu = context.model(context.inputs(window, size)).squeeze(1).cpu().numpy()
    x = grid_points(window, size)[:, 0]
    peak = 1.25 * target_peak(context)
    plot = Plot(
        "output",
        (*marks, Line(grid(x), grid(mu), color="accent", label="μ(x)", width=2.5)),
        title="Output μ(x)",
        x=Axis("x", window[0], window[1]),
        y=Axis("y", -peak, peak),
    )
    return Picture(context.step, (plot,), {"resolution": size})


def _points(context: Context) -> tuple[Mark, ...]:
    """Training points filled, test points hollow."""
    data = context.data
    parts = (("train", data.train_x, data.train_y), ("test", data.test_x, data.test_y))
    return tuple(
        _part(context, label, x[:MOST_POINTS], y[:MOST_POINTS]) for label, x, y in parts if len(x)
    )


def _part(context: Context, label: str, x: Array, y: Array) -> Points:
    common: dict[str, Any] = {"label": label, "hollow": label == "test"}
    if context.on_line:
        return Points(x[:, 0], y, y, colors="diverging", lo=0.0, hi=0.0, **common)
    if context.spec.data.target == "classes":
        return Points(x[:, 0], x[:, 1], y, colors="classes", **common)
    peak = target_peak(context)
    return Points(x[:, 0], x[:, 1], y, colors="diverging", lo=-peak, hi=peak, **common)
