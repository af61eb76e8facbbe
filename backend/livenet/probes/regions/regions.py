"""The exact linear regions: polygons in the plane or between images, joints on the line."""

from __future__ import annotations

from typing import Any

import numpy as np

from livenet.errors import OptionError, ProbeUnfit
from livenet.geometry import (
    LINEAR,
    InputMap,
    Layer,
    PiecewiseLinear,
    network_bounds,
    plane_regions,
    region_at,
)
from livenet.pictures import Axis, Picture, Plot
from livenet.probes.context import Context, Window
from livenet.probes.incomplete import incomplete
from livenet.probes.regions.image_plane import regions_of_images
from livenet.probes.regions.line_joints import on_line
from livenet.probes.regions.region_facts import counted, described, polygons, readable, unfinished
from livenet.probes.regions.rows import RegionsOptions
from livenet.spec.choice import Choice, activation

MAX_FACES = 20_000


def regions(context: Context, options: RegionsOptions) -> Picture:
    """Plot ``regions``: the activation (or merged linear) regions in the window, exact.

    Facts: ``activation_regions``, ``linear_regions`` (None while truncated), ``vertices``,
    ``edges``, ``by_layer``, ``bounds``, ``truncated``, and with a point ``at``. Raises ProbeUnfit
    for a net that is not piecewise linear, OptionError for a bad window or point. On images see
    image_plane.py.
    """
    if context.spec.data.family == "images":
        return regions_of_images(context, options)
    layers, input_map = network(context)
    window = context.window(options.window)
    dimensions = context.dimensions
    facts: dict[str, Any] = {"bounds": readable(network_bounds(layers, dimensions))}
    draw = on_line if context.on_line else _in_plane
    try:
        plot, missing = draw(context, options, layers, input_map, window, facts)
    except ValueError as error:  # a number too large for the geometry
        raise ProbeUnfit(f"The regions of this net cannot be drawn: {error}") from error
    if options.point is not None:
        if len(options.point) != dimensions:
            raise OptionError(
                f"point is {options.point}; it needs {dimensions} coordinates",
                path="options.point",
                hint="For example [0.5, -1]." if dimensions == 2 else "For example [0.5].",
            )
        facts["at"] = described(
            options.point, region_at(layers, options.point, input_map=input_map)
        )
    facts |= incomplete(missing)
    return Picture(context.step, (plot,), facts)


def network(context: Context) -> tuple[list[Layer], InputMap]:
    """The net as geometry layers. Raises ProbeUnfit if a number is not finite."""
    layers = []
    for dense in context.mlp.dense:
        bias = np.zeros(dense.weight.shape[0])
        if dense.bias is not None:
            bias = dense.bias.detach().double().cpu().numpy()
        weight = dense.weight.detach().double().cpu().numpy()
        if not (np.isfinite(weight).all() and np.isfinite(bias).all()):
            raise ProbeUnfit(
                "This net has no regions: its parameters are no longer finite numbers",
                hint="Go back to an earlier step.",
            )
        layers.append(Layer(weight, bias, _pieces(dense.chosen), residual=dense.residual))
    matrix = np.zeros((len(context.mlp.names), context.dimensions))
    for row, name in enumerate(context.mlp.names):
        matrix[row, 0 if name == "x1" else 1] = 1.0
    return layers, InputMap(matrix, np.zeros(len(matrix)))


def _pieces(chosen: Choice | None) -> PiecewiseLinear:
    pieces = activation(chosen).pieces if chosen else None
    return PiecewiseLinear(*pieces(chosen.knobs)) if chosen and pieces else LINEAR


def _in_plane(
    context: Context,
    options: RegionsOptions,
    layers: list[Layer],
    input_map: InputMap,
    window: Window,
    facts: dict[str, Any],
) -> tuple[Plot, str]:
    """The plot, and a text that states what is left out."""
    most = min(options.max_faces or MAX_FACES, context.limits.max_faces)
    box = (window[0], window[1], window[2], window[3])
    found = plane_regions(layers, box, max_faces=most, input_map=input_map, budget=context.budget)
    facts |= counted(found)
    names = [f"hidden layer {number}" for number in range(1, len(layers))]
    plot = Plot(
        "regions",
        (polygons(found, options.merge),) if options.polygons else (),
        title="Linear regions",
        x=Axis("x₁", window[0], window[1]),
        y=Axis("x₂", window[2], window[3]),
        equal=True,
    )
    return plot, unfinished(context, found, names, most)
