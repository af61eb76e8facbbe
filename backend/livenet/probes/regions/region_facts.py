"""The facts in pictures of linear regions, for all kinds of networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from livenet.geometry import PlaneRegions, RegionAt
from livenet.pictures import Polygons
from livenet.probes.context import Context
from livenet.probes.incomplete import full, late

MAX_UNITS = 100_000  # of a pattern
LARGEST_EXACT = 10**300  # a larger bound is given as a power of ten, because clients use floats


def counted(found: PlaneRegions) -> dict[str, Any]:
    """The numbers of regions, vertices and edges; ``linear_regions`` is None if truncated, or if
    the budget ended before they were distinguished."""
    vertices, edges, faces = found.counts
    return {
        "activation_regions": faces,
        "linear_regions": None if found.merged is None else int(found.merged.count),
        "vertices": vertices,
        "edges": edges,
        "by_layer": list(found.by_layer),
        "truncated": found.truncated,
    }


def polygons(found: PlaneRegions, merge: bool) -> Polygons:
    """The regions as a mark; ``merge`` leaves out the edges within linear regions."""
    shapes = found.polygons()
    groups = found.merged.label if merge and found.merged is not None else None
    return Polygons(shapes.vertices, shapes.indices, shapes.offsets, groups=groups)


def unfinished(context: Context, found: PlaneRegions, names: Sequence[str], most: int) -> str:
    """A text that states what is left out, because of the budget or because there are more regions
    than ``most``; empty if nothing is. names: of the layers that cut."""
    remedy = "Take a smaller window or net."
    if found.truncated:
        done = found.complete_layers
        layers = f"the first {done} of {len(names)} layers that cut" if done else "no whole layer"
        begun = f" and a part of {names[done]}" if found.complete_cuts else ""
        what = f"Regions of {layers}{begun}"
        if found.budget.spent:
            return late(context, what, remedy)
        return f"{what}: all layers make more than the {most:,} that are drawn. {remedy}"
    if found.merged is None:
        return late(context, "Activation regions without a count of the linear ones", remedy)
    return ""


def without_pattern(region: RegionAt) -> str:
    """States that the pattern at a point does not fit in an answer; empty if it does."""
    if _fits(region):
        return ""
    return full("The affine map at the point without its pattern", "Take a smaller net.")


def _fits(region: RegionAt) -> bool:
    return sum(map(len, region.pattern)) <= MAX_UNITS


def described(point: list[float], region: RegionAt) -> dict[str, Any]:
    """The region at a point: its pattern (empty if it does not fit in an answer), and the affine
    map there."""
    fits = _fits(region)
    return {
        "point": point,
        "pattern": [pieces.tolist() for pieces in region.pattern] if fits else [],
        "matrix": region.matrix.tolist(),
        "offset": region.offset.tolist(),
    }


def readable(bounds: Mapping[str, int]) -> dict[str, int | str]:
    """Bounds as JSON numbers, or as text if larger than any float."""
    return {name: _readable(bound) for name, bound in bounds.items()}


def _readable(bound: int) -> int | str:
    if bound <= LARGEST_EXACT:
        return bound
    return f"about 10^{int((bound.bit_length() - 1) * 0.30103)}"
