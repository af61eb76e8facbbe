"""The exact activation regions of a network in the plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from livenet.budget import Budget
from livenet.geometry.arrays import Bytes, Floats, Ints
from livenet.geometry.checking import checked
from livenet.geometry.fitted_maps import fitted_maps
from livenet.geometry.forward import AffineMaps, affine_maps
from livenet.geometry.layer import InputMap
from livenet.geometry.level_set import level_set
from livenet.geometry.linear_regions import LinearRegions, linear_regions
from livenet.geometry.mesh import Mesh, window_mesh
from livenet.geometry.polygons import Polygons, polygons
from livenet.geometry.reached import Reached
from livenet.geometry.region_at import RegionAt, region_at
from livenet.geometry.steps import Bend, Step, cutting, plain
from livenet.geometry.sweep import Cells, Sweep

Found = TypeVar("Found")


@dataclass(frozen=True)
class PlaneRegions:
    """The activation regions in a window, each a convex face of `mesh`.

    layers: the network's layers or steps; cells: the cells of each hidden layer, or step that cuts,
    as far as max_faces and the budget allowed; outputs: the network's outputs at the vertices, if
    they were requested and the budget lasted; depth: the number of hidden layers, or steps that
    cut, in the network. Everything else is computed on first access, linear regions while the
    budget lasts.
    """

    layers: tuple[Step, ...]
    input_map: InputMap
    window: tuple[float, float, float, float]
    mesh: Mesh
    cells: tuple[Cells, ...]
    outputs: Reached | None
    budget: Budget
    depth: int

    @property
    def truncated(self) -> bool:
        """Whether max_faces or the budget was too small. Then these are the regions of the network
        cut by `complete_layers` layers and the first `complete_cuts` cuts of the next."""
        return self.complete_layers < self.depth

    @property
    def complete_layers(self) -> int:
        """The number of hidden layers, or steps that cut, with all cuts made."""
        return sum(cells.complete for cells in self.cells)

    @property
    def complete_cuts(self) -> int:
        """The number of cuts made (unit by unit, break by break; or window by window) in the layer
        at which max_faces or the budget was reached; 0 if neither was."""
        return self.cells[-1].cut if self.cells and not self.cells[-1].complete else 0

    @property
    def counts(self) -> tuple[int, int, int]:
        """Vertices, edges, faces; V − E + F = 1."""
        return len(self.mesh.vertices), len(self.mesh.edges.faces), len(self.mesh.lengths)

    @property
    def by_layer(self) -> tuple[int, ...]:
        """The number of regions of the network cut by its first 1, 2, … complete layers."""
        return tuple(len(cells.parent) for cells in self.cells if cells.complete)

    @cached_property
    def ancestors(self) -> tuple[Ints, ...]:
        """For each complete layer (F,): the region after that layer that contains each face."""
        region = np.arange(len(self.mesh.lengths))
        found: list[Ints] = []
        for cells in reversed(self.cells):
            if cells.complete:
                found.append(region)
            region = cells.parent[region]
        return tuple(reversed(found))

    @cached_property
    def patterns(self) -> Bytes:
        """(F, units of the complete layers): the piece of its activation each unit is on."""
        parts = [
            cells.pieces[region] for cells, region in zip(self.cells, self.ancestors, strict=False)
        ]
        faces = len(self.mesh.lengths)
        return np.concatenate([np.zeros((faces, 0), dtype=np.uint8), *parts], axis=1)

    @cached_property
    def maps(self) -> AffineMaps:
        """The network on each face: matrix (F, D_out, 2), offset (F, D_out).

        Raises:
            ValueError: when the regions are truncated, as a face has more than one map, and when
                the budget ends first.
        """
        self._whole("affine maps")
        return self._in_time(self._all_maps)

    @cached_property
    def linear(self) -> LinearRegions:
        """The linear regions, as a label for each face.

        Raises:
            ValueError: when the regions are truncated, or the budget ends first.
        """
        self._whole("linear regions")
        return self._in_time(self.merged)

    @cached_property
    def merged(self) -> LinearRegions | None:
        """The linear regions; None if truncated, or if the budget ends first."""
        if self.truncated:
            return None
        if self.outputs is None:
            maps = self._all_maps
            return None if maps is None else linear_regions(self.mesh, maps)
        fitted = fitted_maps(self.mesh, self.outputs.values, self.outputs.terms)
        unsure = np.flatnonzero(~fitted.sure)
        if len(unsure):
            composed = self._maps_of(unsure)
            if composed is None:
                return None
            fitted.rows[unsure] = composed.rows
        return linear_regions(self.mesh, AffineMaps(fitted.rows))

    @cached_property
    def _all_maps(self) -> AffineMaps | None:
        return self._maps_of(np.arange(len(self.mesh.lengths)))

    def level_set(self, output: int, level: float = 0.0) -> Floats:
        """Where an output equals a level, exactly: segments (S, 2 ends, 2), see level_set.py.

        Raises:
            ValueError: when the regions are truncated, or there is no such output.
        """
        self._whole("level sets")
        width = self.maps.rows.shape[2]
        if not 0 <= output < width:
            raise ValueError(f"there is no output {output}; outputs are 0 to {width - 1}")
        return level_set(self.mesh, self.maps, output, level)

    def locate(self, point: Sequence[float] | Floats) -> RegionAt:
        """The region at a point (2,), in the window or not, by a forward pass."""
        face = self.mesh.find(np.asarray(point, dtype=np.float64))
        return region_at(self.layers, point, input_map=self.input_map, face=face)

    def polygons(self) -> Polygons:
        """The faces as compact arrays for the browser."""
        return polygons(self.mesh)

    def _maps_of(self, faces: Ints) -> AffineMaps | None:
        """The network on some of the faces; None if the budget ends first."""
        pieces = [cells.pieces for cells in self.cells]
        parents = [cells.parent for cells in self.cells]
        if self.cells:
            pieces[-1], parents[-1] = pieces[-1][faces], parents[-1][faces]
        return affine_maps(self.layers, self.input_map, pieces, parents, self.budget)

    def _in_time(self, found: Found | None) -> Found:
        if found is None:
            raise ValueError("the budget of processor time ended first; give a larger one")
        return found

    def _whole(self, what: str) -> None:
        if self.truncated:
            raise ValueError(
                f"{what} need all regions, but there was room or time for no more than "
                f"{len(self.mesh.lengths)} faces; raise max_faces or take a smaller window"
            )


MAX_FACES = 30_000


def plane_regions(
    layers: Sequence[Step],
    window: tuple[float, float, float, float],
    *,
    max_faces: int = MAX_FACES,
    input_map: InputMap | None = None,
    outputs: bool = False,
    budget: Budget | None = None,
) -> PlaneRegions:
    """Cut the window (x_min, x_max, y_min, y_max) into the cells of one activation pattern.

    layers: dense layers, of which the last is linear, or any steps (see steps.py). A pattern is the
    piece of each unit's activation, and the largest unit of each pooled window. Each piecewise
    linear step cuts the cells of the steps before it, on which its input is affine. The result
    stops at the last unit (or window) with at most max_faces cells, or, if the budget ends, at the
    last complete block of units; linear regions are distinguished only while the budget lasts.
    outputs: store the outputs at the vertices, from which linear regions are distinguished at a
    fraction of the cost.

    Raises:
        ValueError: when the network does not fit together or does not start from the plane, the
            window is empty, max_faces is below 1, or an activation jumps anywhere but in the
            last hidden layer (what follows would not meet at the edges).
    """
    network, slice_map = checked(layers, 2, input_map)
    steps = plain(network)
    if max_faces < 1:
        raise ValueError(f"max_faces must be at least 1, given {max_faces}")
    jumping = [isinstance(s, Bend) and s.activation.jumps for s in cutting(steps)]
    for number, jumps in enumerate(jumping[:-1], start=1):
        if jumps:
            raise ValueError(
                f"the activation of hidden layer {number} jumps; in the plane only the last "
                "hidden layer's may, since the regions after it would not meet at the edges"
            )
    mesh = window_mesh(window)
    terms = np.abs(mesh.vertices).max(axis=0) @ np.abs(slice_map.matrix).T + np.abs(
        slice_map.offset
    )
    # If the last step jumps, an output has more than one value at a vertex.
    if budget is None:
        budget = Budget.unlimited()
    sweep = Sweep(steps, mesh, max_faces, budget, outputs=outputs and not any(jumping))
    left = sweep.run(Reached(slice_map(mesh.vertices), terms))
    return PlaneRegions(
        network, slice_map, window, sweep.mesh, tuple(sweep.cells), left, budget, len(jumping)
    )
