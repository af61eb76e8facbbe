"""The exact activation regions of a network in the plane."""

from collections.abc import Sequence

from livenet.geometry.layer import InputMap, Layer, checked
from livenet.geometry.layer_cells import LayerCells, cut_layer
from livenet.geometry.mesh import window_mesh
from livenet.geometry.plane_regions import PlaneRegions

MAX_FACES = 30_000


def plane_regions(
    layers: Sequence[Layer],
    window: tuple[float, float, float, float],
    *,
    max_faces: int = MAX_FACES,
    input_map: InputMap | None = None,
) -> PlaneRegions:
    """Cut the window (x_min, x_max, y_min, y_max) into the cells of one activation pattern.

    layers: the hidden layers and the linear output layer. Each hidden layer cuts the cells of
    those before it, on which its pre-activations are affine. With more than max_faces cells to
    come, the result stops at the last unit that they leave room for.

    Raises:
        ValueError: when the network does not fit together or does not start from the plane, the
            window is empty, max_faces is below 1, or an activation jumps anywhere but in the
            last hidden layer (what follows would not meet at the edges).
    """
    network, slice_map = checked(layers, 2, input_map)
    if max_faces < 1:
        raise ValueError(f"max_faces must be at least 1, given {max_faces}")
    for number, layer in enumerate(network[:-2], start=1):
        if layer.activation.jumps:
            raise ValueError(
                f"the activation of hidden layer {number} jumps; in the plane only the last "
                "hidden layer's may, since the regions after it would not meet at the edges"
            )
    mesh = window_mesh(window)
    reached = slice_map(mesh.vertices)  # (V, D_in) of the layer to come
    cells: list[LayerCells] = []
    for number, layer in enumerate(network[:-1], start=1):
        mesh, of_layer, table = cut_layer(layer, reached, mesh, max_faces)
        cells.append(of_layer)
        if not of_layer.complete:
            break
        if number < len(network) - 1:
            reached = table.leaving()
    return PlaneRegions(network, slice_map, window, mesh, tuple(cells))
