"""Finds the largest window of a plane that can be drawn with the cuts of all layers.

The number of regions is estimated from the number of changes of the pattern along a horizontal and
a vertical line through the window's center: if such a line crosses n cuts in the window, about 2 n
cuts meet the window, and cross one another about n² π/4 times if their positions are random.
"""

from __future__ import annotations

import numpy as np

from livenet.budget import Budget
from livenet.geometry import InputMap, PlaneRegions, plane_regions
from livenet.geometry.arrays import Bytes, Floats, Ints
from livenet.geometry.forward import pieces_within
from livenet.probes.regions.piecewise import Stepwise

Box = tuple[float, float, float, float]

SIZES = 2.0 ** (-np.arange(41) / 2)  # of the window's side: each halves the area
RINGS = 2.0 ** (-np.arange(41) / 4)  # distances from the center, in half window sides
NUMBERS = 1 << 20  # values of a layer in memory at once: 8 MB
GUESS = 2.0**-10  # of the window's side, if there is no time for an estimate
REGIONS = 0.65  # per n² changes across the window: nets of this program have 0.3 to 0.8


def regions_in_largest_window(
    net: Stepwise, plane: InputMap, window: Box, max_faces: int, budget: Budget
) -> tuple[PlaneRegions, Box]:
    """The regions in the window, or in a part around its center that has at most max_faces.

    Returns them and the part's side: 2^(−k/2) of the window's, at least a millionth. If even that
    is too large, or the budget ends, the regions are truncated.
    """
    estimate = _estimated_size(net, plane, window, max_faces, budget.share(0.4))
    for size in SIZES[estimate >= SIZES]:
        part = _part(window, float(size))
        found = plane_regions(
            net.steps, part, max_faces=max_faces, input_map=plane, outputs=True, budget=budget
        )
        if not found.truncated or size == SIZES[-1] or budget.spent:
            return found, part
    raise AssertionError("the last size is returned")


def _estimated_size(
    net: Stepwise, plane: InputMap, window: Box, max_faces: int, budget: Budget
) -> float:
    """The largest size that is likely to have at most max_faces regions, by the rays that the
    budget allows; a guess if it allows none."""
    middle, half = _middle(window)
    rays = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    away = np.append(0.0, RINGS[::-1])  # outwards
    found = []  # (rings,) each
    for ray in rays:
        changes = _changes(net, plane, middle + half * ray * away[:, None], budget)
        if changes is None:
            break
        found.append(changes)
    if not found:
        return GUESS
    across = 2 * np.cumsum(found, axis=1).mean(axis=0)
    fitting = np.flatnonzero(REGIONS * across**2 + 1 <= max_faces)
    return float(away[1 + fitting[-1]] if len(fitting) else away[1])


def _changes(net: Stepwise, plane: InputMap, points: Floats, budget: Budget) -> Ints | None:
    """The number of changes of the pattern from each point (N, 2) to the next (N − 1,), computed
    for some points at a time; None if the budget ends first."""
    size = max(1, NUMBERS // net.widest)
    changes: list[int] = []
    before: Bytes | None = None
    for at in range(0, len(points), size):
        pieces = pieces_within(net.steps, plane, points[at : at + size], budget)
        if pieces is None:
            return None
        for row in range(len(points[at : at + size])):
            pattern = np.concatenate([one[row] for one in pieces] or [np.zeros(0, np.uint8)])
            if before is not None:
                changes.append(int((pattern != before).sum()))
            before = pattern
    return np.array(changes)


def _middle(window: Box) -> tuple[Floats, Floats]:
    """The window's center, and half its sides: (2,) each."""
    low, high = np.array(window[::2]), np.array(window[1::2])
    return (low + high) / 2, (high - low) / 2


def _part(window: Box, size: float) -> Box:
    if size == 1.0:
        return window
    middle, half = _middle(window)
    (u_min, v_min), (u_max, v_max) = middle - size * half, middle + size * half
    return float(u_min), float(u_max), float(v_min), float(v_max)
