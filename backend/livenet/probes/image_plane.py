"""The exact linear regions of a convolutional network on the plane through three images.

The plane is x(u, v) = a + u (b − a) + v (c − a) for the images a, b and c, so that they stand at
(0, 0), (1, 0) and (0, 1), and u and v are the shares of b and c in the mixture.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from livenet.errors import OptionError, ProbeUnfit
from livenet.geometry import InputMap, PlaneRegions, network_bounds, plane_regions, region_at
from livenet.pictures import Axis, Images, Mark, Picture, Plot, Points, Text, grid
from livenet.probes.context import Context
from livenet.probes.piecewise import Stepwise, stepwise
from livenet.probes.region_facts import counted, described, drawn, readable
from livenet.probes.rows.points import RegionsOptions
from livenet.probes.seen_image import images, network

PLACES = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
WINDOW = (-0.25, 1.25, -0.25, 1.25)
MAX_FACES = 1_500  # what a frame of 32 kB holds, and what is cut within 0.1 s or so
NUMBERS = 20_000_000  # most values of a layer that are held at once, about one a unit and a face


def image_plane(context: Context, options: RegionsOptions) -> Picture:
    """Plot ``regions``: the regions in a window of the plane, with the three images' places on it;
    plot ``images``: the three, and the one at ``point``.

    Facts as for points, and ``layers``, the names of those that ``by_layer`` counts, and
    ``images``. ``point`` and ``window`` are in u and v. Raises ProbeUnfit for a net that is not
    piecewise linear, OptionError for bad images, a bad window or point.
    """
    pixels, labels = _chosen(context, options.images)  # (3, D)
    side = images(context).side
    net = stepwise(network(context), context.spec, (1, side, side))
    window = _window(options.window)
    plane = InputMap((pixels[1:] - pixels[0]).T, pixels[0])
    point = _point(options.point)
    widest = max(prod(layer.output) for layer in context.spec.layers)
    most = min(options.max_faces or MAX_FACES, context.limits.max_faces)
    most = max(1, min(most, NUMBERS // widest))
    facts: dict[str, Any] = {"bounds": readable(network_bounds(net.steps, 2))}
    try:
        found = plane_regions(net.steps, window, max_faces=most, input_map=plane)
        facts |= counted(found)
    except ValueError as error:  # a number that is too large for geometry
        raise ProbeUnfit(f"The regions of this net cannot be drawn: {error}") from error
    facts |= {"layers": list(net.names), "images": options.images}
    if point is not None:
        facts["at"] = described(point, region_at(net.steps, point, input_map=plane))
    numbers = np.array([int(label) for label in labels])
    names = images(context).names
    marks: list[Mark] = [drawn(found, options.merge)] if options.polygons else []
    marks.append(Points(grid(PLACES[:, 0]), grid(PLACES[:, 1]), grid(numbers), label="images"))
    marks += [
        Text(float(u) + 0.03, float(v) + 0.03, names[number])
        for (u, v), number in zip(PLACES, numbers, strict=True)
    ]
    notes = [_cut_short(net, found)] if found.truncated else []
    if np.linalg.matrix_rank(plane.matrix) < 2:
        notes.append("the three images lie on one line, so the plane is not one")
    regions = Plot(
        "regions",
        tuple(marks),
        title="Linear regions between three images",
        note="; ".join(notes),
        x=Axis("u", window[0], window[1]),
        y=Axis("v", window[2], window[3]),
        equal=True,
    )
    return Picture(context.step, (regions, _thumbnails(context, options, pixels, plane)), facts)


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


def _window(given: list[float] | None) -> tuple[float, float, float, float]:
    if given is None:
        return WINDOW
    if len(given) == 4:
        u_min, u_max, v_min, v_max = given
        if min(u_max - u_min, v_max - v_min) > 1e-6 and max(map(abs, given)) < 1e6:
            return u_min, u_max, v_min, v_max
    raise OptionError(
        f"window is {given}; it is [u_min, u_max, v_min, v_max], with each low end below its high "
        "end",
        path="options.window",
        hint=f"The default is {list(WINDOW)}.",
    )


def _point(given: list[float] | None) -> list[float] | None:
    if given is not None and len(given) != 2:
        raise OptionError(
            f"point is {given}; it needs 2 coordinates",
            path="options.point",
            hint="For example [0.5, 0.5], half of the second image and half of the third.",
        )
    return given


def _cut_short(net: Stepwise, found: PlaneRegions) -> str:
    return (
        f"the first {len(found.mesh.lengths):,}, up to a part of {net.names[found.complete_layers]}"
        "; there are more: take a smaller window or net"
    )


def _thumbnails(context: Context, options: RegionsOptions, pixels: Any, plane: InputMap) -> Plot:
    side = images(context).side
    captions = [f"({u:g}, {v:g})" for u, v in PLACES]
    shown = list(pixels)
    if options.point is not None:
        shown.append(np.clip(plane(np.array([options.point]))[0], 0.0, 1.0))
        captions.append(f"({options.point[0]:.3g}, {options.point[1]:.3g})")
    values = grid(np.stack(shown).reshape(-1, side, side))
    return Plot("images", (Images(values, tuple(captions)),), title="Images at (u, v)")
