"""The net's output over the plane, or the fitted curve on the line, with the data points."""

from __future__ import annotations

from collections.abc import Callable
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
from livenet.probes.context import Context, Window, grid_points
from livenet.probes.outputs.class_map import class_map
from livenet.probes.outputs.rows import DecisionOptions
from livenet.spec.objective import Shown

MAX_POINTS = 1000  # of each part; more would hide the map


def decision(context: Context, options: DecisionOptions) -> Picture:
    """One plot, ``output``: the objective's prediction, as its ``shows`` defines."""
    window = context.window(options.window)
    marks = list(_points(context)) if options.points else []
    if context.on_line:
        return _curve(context, options, window, marks)
    size = context.affordable(options.resolution)
    with torch.inference_mode():
        theta = context.theta(context.inputs(window, size))  # (H·W, K)
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
    """The map that the objective defines for outputs θ (size², K)."""
    return MAPS[context.spec.objective.shows](context, theta, size)


def _values(context: Context, theta: torch.Tensor) -> Array:
    """The mean of y at each point, (N,)."""
    return context.likelihood.mean(theta).squeeze(1).cpu().numpy()


def _probability(context: Context, theta: torch.Tensor, size: int) -> Heatmap:
    values = grid(_values(context, theta).reshape(size, size))
    return Heatmap(values, 0.0, 1.0, label=context.spec.objective.prediction)


def _mean(context: Context, theta: torch.Tensor, size: int) -> Heatmap:
    peak = target_peak(context)
    values = grid(_values(context, theta).reshape(size, size))
    return Heatmap(values, -peak, peak, label=context.spec.objective.prediction)


MAPS: dict[Shown, Callable[[Context, torch.Tensor, int], Heatmap]] = {
    "probability": _probability,
    "class": class_map,
    "mean": _mean,
}


def target_peak(context: Context) -> float:
    """The largest |y| of the training data: a scale that is constant during training."""
    return float(max(np.abs(context.data.train_y).max(), 1e-6))


def _curve(
    context: Context, options: DecisionOptions, window: Window, marks: list[Mark]
) -> Picture:
    size = max(options.resolution, 2)
    with torch.inference_mode():
        mean = _values(context, context.theta(context.inputs(window, size)))
    x = grid_points(window, size)[:, 0]
    peak = 1.25 * target_peak(context)
    name = context.spec.objective.prediction
    plot = Plot(
        "output",
        (*marks, Line(grid(x), grid(mean), color="accent", label=name, width=2.5)),
        title=f"Output {name}",
        x=Axis("x", window[0], window[1]),
        y=Axis("y", -peak, peak),
    )
    return Picture(context.step, (plot,), {"resolution": size})


def _points(context: Context) -> tuple[Mark, ...]:
    """Training points filled, test points hollow."""
    data = context.data
    parts = (("train", data.train_x, data.train_y), ("test", data.test_x, data.test_y))
    return tuple(
        _part(context, label, x[:MAX_POINTS], y[:MAX_POINTS]) for label, x, y in parts if len(x)
    )


def _part(context: Context, label: str, x: Array, y: Array) -> Points:
    common: dict[str, Any] = {"label": label, "hollow": label == "test"}
    if context.on_line:
        return Points(x[:, 0], y, y, colors="diverging", lo=0.0, hi=0.0, **common)
    if context.spec.data.target == "classes":
        return Points(x[:, 0], x[:, 1], y, colors="classes", **common)
    peak = target_peak(context)
    return Points(x[:, 0], x[:, 1], y, colors="diverging", lo=-peak, hi=peak, **common)
