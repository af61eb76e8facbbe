"""What the pictures of linear regions say in numbers, whatever the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from livenet.geometry import PlaneRegions, RegionAt
from livenet.pictures import Polygons

LARGEST_EXACT = 10**300  # past it a bound is given as a power of ten, for readers' floats


def counted(found: PlaneRegions) -> dict[str, Any]:
    """How many regions, vertices and edges there are; ``linear_regions`` None while truncated."""
    vertices, edges, faces = found.counts
    return {
        "activation_regions": faces,
        "linear_regions": None if found.truncated else int(found.linear.count),
        "vertices": vertices,
        "edges": edges,
        "by_layer": list(found.by_layer),
        "truncated": found.truncated,
    }


def drawn(found: PlaneRegions, merge: bool) -> Polygons:
    """The regions as a mark; ``merge`` leaves out the edges within linear regions."""
    shapes = found.polygons()
    groups = found.linear.label if merge and not found.truncated else None
    return Polygons(shapes.vertices, shapes.indices, shapes.offsets, groups=groups)


def described(point: list[float], region: RegionAt) -> dict[str, Any]:
    """The region at a point: its pattern, and the affine map there."""
    return {
        "point": point,
        "pattern": [pieces.tolist() for pieces in region.pattern],
        "matrix": region.matrix.tolist(),
        "offset": region.offset.tolist(),
    }


def readable(bounds: Mapping[str, int]) -> dict[str, int | str]:
    """Bounds as JSON numbers, or in words where they are larger than any float."""
    return {name: _readable(bound) for name, bound in bounds.items()}


def _readable(bound: int) -> int | str:
    if bound <= LARGEST_EXACT:
        return bound
    return f"about 10^{int((bound.bit_length() - 1) * 0.30103)}"
