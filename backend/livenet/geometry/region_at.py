"""The network's region and affine map at one point."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from livenet.geometry.arrays import Bytes, Floats
from livenet.geometry.checking import checked
from livenet.geometry.forward import affine_maps, pieces_at
from livenet.geometry.layer import InputMap
from livenet.geometry.steps import Step


@dataclass(frozen=True)
class RegionAt:
    """The activation region that contains a point, and the network's map there.

    pattern: for each hidden layer, or step that cuts, (D,), the piece of each unit (for ReLU 0 is
    off and 1 is on; for a pooled window, which of its units is the largest); matrix A (D_out, d)
    and offset c (D_out,): the outputs are A x + c; face: the number of the face, None outside the
    window.
    """

    pattern: tuple[Bytes, ...]
    matrix: Floats
    offset: Floats
    face: int | None


def region_at(
    layers: Sequence[Step],
    point: Sequence[float] | Floats,
    *,
    input_map: InputMap | None = None,
    face: int | None = None,
) -> RegionAt:
    """Find the region by one forward pass, which is valid at any point. point (d,).

    Raises:
        ValueError: when the network does not fit the point, or a coordinate is not finite.
    """
    at = np.asarray(point, dtype=np.float64)
    if at.ndim != 1 or not np.isfinite(at).all():
        raise ValueError(f"a point is a row of finite numbers, given {point}")
    network, slice_map = checked(layers, len(at), input_map)
    pattern = pieces_at(network, slice_map, at[None])
    maps = affine_maps(network, slice_map, pattern, [np.zeros(1, dtype=np.int64)] * len(pattern))
    assert maps is not None  # the budget is unlimited
    return RegionAt(tuple(p[0] for p in pattern), maps.matrix[0], maps.offset[0], face)
