"""The exact activation regions of a network in the plane."""

from collections.abc import Sequence

import numpy as np

from livenet.budget import Budget
from livenet.geometry.checking import checked
from livenet.geometry.layer import InputMap
from livenet.geometry.mesh import window_mesh
from livenet.geometry.plane_regions import PlaneRegions
from livenet.geometry.reached import Reached
from livenet.geometry.steps import Bend, Step, cutting, plain
from livenet.geometry.sweep import Sweep

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

    layers: dense layers, of which the last is linear, or any steps (see steps.py). A pattern says
    which piece of its activation each unit is on, and which unit of each pooled window is the
    largest. Each step that bends cuts the cells of those before it, on which what reaches it is
    affine. With more than max_faces cells to come, the result stops at the last unit (or window)
    that they leave room for; where the budget ends, at the last block of units cut until then, and
    linear regions are told apart only while it lasts. outputs: note the outputs at the vertices on
    the way, from which linear regions are told apart at a fraction of the cost.

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
    # Where the last step jumps, an output has more than one value at a vertex.
    if budget is None:
        budget = Budget.unlimited()
    sweep = Sweep(steps, mesh, max_faces, budget, outputs=outputs and not any(jumping))
    left = sweep.run(Reached(slice_map(mesh.vertices), terms))
    return PlaneRegions(
        network, slice_map, window, sweep.mesh, tuple(sweep.cells), left, budget, len(jumping)
    )
