"""The exact linear regions of a convolutional network on the plane through three images.

The plane is x(u, v) = a + u (b − a) + v (c − a) for the images a, b and c, so that they are at
(0, 0), (1, 0) and (0, 1), and u and v are the shares of b and c in the mixture.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from livenet.budget import Budget
from livenet.errors import OptionError, ProbeUnfit
from livenet.geometry import InputMap, PlaneRegions, network_bounds, plane_regions, region_at
from livenet.pictures import (
    Axis,
    Heatmap,
    Images,
    Line,
    Mark,
    Picture,
    Plot,
    Points,
    Text,
    grid,
)
from livenet.probes.batching import batch_size, batches
from livenet.probes.context import REQUEST_SECONDS, Context, grid_points, payable
from livenet.probes.images.selection import images, network
from livenet.probes.incomplete import incomplete
from livenet.probes.outputs.class_map import class_map
from livenet.probes.regions.largest_window import Box, regions_in_largest_window
from livenet.probes.regions.piecewise import Stepwise, stepwise
from livenet.probes.regions.region_facts import (
    counted,
    described,
    polygons,
    readable,
    unfinished,
    without_pattern,
)
from livenet.probes.regions.rows import RegionsOptions
from livenet.probes.window import check_window
from livenet.spec.cost import forward_flops

PLACES = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
MIDDLE, HALF = 1 / 3, 0.75
WINDOW = (MIDDLE - HALF, MIDDLE + HALF, MIDDLE - HALF, MIDDLE + HALF)
MAX_FACES = 1_300  # as many as fit in a frame of 32 kB
NUMBERS = 10_000_000  # values of a layer in memory at once, about one per unit and face
ABOVE = 0.07  # of the window's height: the distance from an image's dot to its name
CUTTING = 8  # the cost of a face, with the search for a window that fits, in forward passes
LEAST_FACES = 50  # the fewest for a useful picture
MAX_VALUES = 1 << 19  # of a layer, for one image; the cost model ignores memory access
SIZES = (4, 12, 24)  # cells per side of the class maps, one after another


def regions_of_images(context: Context, options: RegionsOptions) -> Picture:
    """Plot ``regions``: the regions in a window of the plane, over the most probable class; plot
    ``images``: the three, and the one at ``point``; plot ``plane``, if some of the three are
    outside the window: the most probable class around all of them, and the window's rim.

    Facts as for points, and ``layers``, the names of the layers that ``by_layer`` counts,
    ``images``, ``window``, the drawn window, and ``asked``, the requested one that contains it.
    ``point`` and windows are in u and v. Raises ProbeUnfit for a net that is not piecewise linear,
    OptionError for bad images, a bad window or point.
    """
    pixels, labels = _chosen(context, options.images)  # (3, D)
    side = images(context).side
    net = stepwise(network(context), context.spec, (1, side, side))
    requested = _window(options.window)
    plane = InputMap((pixels[1:] - pixels[0]).T, pixels[0])
    point = _point(options.point)
    widest = max(prod(layer.output) for layer in context.spec.layers)
    most = min(options.max_faces or MAX_FACES, context.limits.max_faces)
    most = max(1, min(most, NUMBERS // widest))
    most = min(most, _cuttable(context))
    facts: dict[str, Any] = {"bounds": readable(network_bounds(net.steps, 2, pixels.shape[1]))}
    narrow = options.window is None if options.narrow is None else options.narrow
    budget = context.budget.share(0.65)  # the rest is for the class maps
    try:
        found, window = _regions(net, plane, requested, most, narrow, budget)
        facts |= counted(found)
    except ValueError as error:  # a number that is too large for geometry
        raise ProbeUnfit(f"The regions of this net cannot be drawn: {error}") from error
    facts |= {"layers": list(net.names), "images": options.images}
    facts |= {"window": list(window), "asked": list(requested)}
    missing = [unfinished(context, found, net.names, most)]
    if point is not None:
        region = region_at(net.steps, point, input_map=plane)
        facts["at"] = described(point, region)
        missing.append(without_pattern(region))
    facts |= incomplete(*missing)
    notes = []
    if window != requested:
        share = (window[1] - window[0]) / (requested[1] - requested[0])
        notes.append(f"the middle {share:.1%} of each side: all of it has over {most:,} regions")
    if np.linalg.matrix_rank(plane.matrix) < 2:
        notes.append("the three images lie on one line, so the plane is not one")
    there = _inside(window)
    plots = [
        Plot(
            "regions",
            (_classes(context, plane, window),)
            + ((polygons(found, options.merge),) if options.polygons else ())
            + _places(context, labels, there, window),
            title="Linear regions between three images",
            note="; ".join(notes),
            x=Axis("u", window[0], window[1]),
            y=Axis("v", window[2], window[3]),
            equal=True,
        ),
        _thumbnails(context, options, pixels, plane),
    ]
    if not there.all():
        plots.append(_overview(context, plane, labels, window))
    return Picture(context.step, tuple(plots), facts)


def _cuttable(context: Context) -> int:
    """The number of regions that can be cut in time. Raises ProbeUnfit if it is too small."""
    most = payable(CUTTING * forward_flops(context.spec), REQUEST_SECONDS)
    widest = max(prod(layer.output) for layer in context.spec.layers)
    if most < LEAST_FACES or widest > MAX_VALUES:
        raise ProbeUnfit(
            "The regions of this net take too long to cut",
            path="probe",
            hint="Give its blocks fewer channels, upsample less, or take smaller images.",
        )
    return most


def _regions(
    net: Stepwise, plane: InputMap, requested: Box, most: int, narrow: bool, budget: Budget
) -> tuple[PlaneRegions, Box]:
    """The regions, and the window that contains them."""
    if narrow:
        return regions_in_largest_window(net, plane, requested, most, budget)
    found = plane_regions(
        net.steps, requested, max_faces=most, input_map=plane, outputs=True, budget=budget
    )
    return found, requested


def _inside(window: Box) -> NDArray[np.bool_]:
    """Which of the three images are in the window."""
    low, high = np.array(window[::2]), np.array(window[1::2])
    there: NDArray[np.bool_] = np.all((low <= PLACES) & (high >= PLACES), axis=1)
    return there


def _places(
    context: Context, labels: Any, there: NDArray[np.bool_], window: Box
) -> tuple[Mark, ...]:
    """The positions of some of the three images, by their classes."""
    if not there.any():
        return ()
    names = images(context).names
    above = ABOVE * (window[3] - window[2])
    shown, numbers = PLACES[there], [int(label) for label in labels[there]]
    marks: list[Mark] = [
        Points(grid(shown[:, 0]), grid(shown[:, 1]), grid(np.array(numbers)), label="images")
    ]
    marks += [
        Text(float(u), float(v + above if v + above < window[3] else v - above), names[number])
        for (u, v), number in zip(shown, numbers, strict=True)
    ]
    return tuple(marks)


def _classes(context: Context, plane: InputMap, window: Box) -> Heatmap:
    """The most probable class in a window of the plane, refined while time is left."""
    paid = int(payable(forward_flops(context.spec)) ** 0.5)
    budget = context.budget.share(0.5)
    found = _class_map(context, plane, window, min(SIZES[0], paid), Budget.unlimited())
    assert found is not None  # without a budget
    for size in SIZES[1:]:
        finer = _class_map(context, plane, window, min(size, paid), budget)
        if finer is None or size >= paid:
            return finer or found
        found = finer
    return found


def _class_map(
    context: Context, plane: InputMap, window: Box, size: int, budget: Budget
) -> Heatmap | None:
    """A map with ``size`` cells per side; None if the budget ends first."""
    side = images(context).side
    inputs = torch.from_numpy(plane(grid_points(window, size))).float()
    with torch.inference_mode():
        parts = [
            context.model(inputs[some].view(-1, 1, side, side).to(context.device))
            for some in batches(budget, len(inputs), batch_size(context))
        ]
    theta = torch.cat(parts)
    return class_map(context, theta, size) if len(theta) == len(inputs) else None


def _overview(context: Context, plane: InputMap, labels: Any, window: Box) -> Plot:
    """The most probable class around the three images, and the window of the regions."""
    u_min, u_max, v_min, v_max = window
    rim = Line(
        grid(np.array([u_min, u_max, u_max, u_min, u_min])),
        grid(np.array([v_min, v_min, v_max, v_max, v_min])),
        label="the regions drawn",
    )
    return Plot(
        "plane",
        (
            _classes(context, plane, WINDOW),
            *_places(context, labels, np.ones(3, dtype=np.bool_), WINDOW),
            rim,
        ),
        title="Most probable class between three images",
        x=Axis("u", WINDOW[0], WINDOW[1]),
        y=Axis("v", WINDOW[2], WINDOW[3]),
        equal=True,
    )


def _chosen(context: Context, numbers: list[int]) -> tuple[Any, Any]:
    """The three images as rows of pixels, and their classes."""
    data = context.data
    x, y = (data.test_x, data.test_y) if len(data.test_x) else (data.train_x, data.train_y)
    wrong = [number for number in numbers if number >= len(x)]
    if wrong or len(set(numbers)) < 3:
        what = f"there is no image {wrong[0]}" if wrong else "they have to be three different ones"
        raise OptionError(
            f"images is {numbers}; {what}",
            path="options.images",
            hint=f"Give three numbers of test images, 0 to {len(x) - 1}.",
        )
    return x[numbers].reshape(3, -1).astype(np.float64), y[numbers]


def _window(given: list[float] | None) -> Box:
    if given is None:
        return WINDOW
    usual = ", ".join(f"{end:.3g}" for end in WINDOW)
    check_window(given, ("u", "v"), f"The default is [{usual}].")
    u_min, u_max, v_min, v_max = given
    return u_min, u_max, v_min, v_max


def _point(given: list[float] | None) -> list[float] | None:
    if given is not None and len(given) != 2:
        raise OptionError(
            f"point is {given}; it needs 2 coordinates",
            path="options.point",
            hint="For example [0.5, 0.5], half of the second image and half of the third.",
        )
    return given


def _thumbnails(context: Context, options: RegionsOptions, pixels: Any, plane: InputMap) -> Plot:
    side = images(context).side
    captions = [f"({u:g}, {v:g})" for u, v in PLACES]
    shown = list(pixels)
    if options.point is not None:
        shown.append(np.clip(plane(np.array([options.point]))[0], 0.0, 1.0))
        captions.append(f"({options.point[0]:.3g}, {options.point[1]:.3g})")
    values = grid(np.stack(shown).reshape(-1, side, side))
    return Plot("images", (Images(values, tuple(captions)),), title="Images at (u, v)")
