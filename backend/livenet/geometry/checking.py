"""Whether a network fits together and starts from its slice."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from livenet.geometry.layer import InputMap, Layer
from livenet.geometry.steps import Step

AnyStep = TypeVar("AnyStep", bound=Step)


def checked(
    layers: Sequence[AnyStep], dimensions: int, input_map: InputMap | None
) -> tuple[tuple[AnyStep, ...], InputMap]:
    """The network and its input map, after checks that they fit.

    Raises:
        ValueError: when there is no layer, the widths do not chain, the input is not
            `dimensions`-dimensional, or the last step is a layer with breaks.
    """
    if not layers:
        raise ValueError("a network needs at least its output layer")
    if input_map is None:
        input_map = InputMap(np.eye(dimensions), np.zeros(dimensions))
    matrix = np.asarray(input_map.matrix, dtype=np.float64)
    offset = np.asarray(input_map.offset, dtype=np.float64)
    if matrix.shape != (len(offset), dimensions):
        raise ValueError(
            f"the input map's matrix is {matrix.shape} and its offset {offset.shape}; "
            f"they must be (D_0, {dimensions}) and (D_0,)"
        )
    if not (np.isfinite(matrix).all() and np.isfinite(offset).all()):
        raise ValueError("the input map holds a number that is not finite")
    width = len(offset)
    for number, layer in enumerate(layers, start=1):
        try:
            width = layer.leaving(width)
        except ValueError as error:
            raise ValueError(f"layer {number} {error}") from error
    last = layers[-1]
    if isinstance(last, Layer) and last.activation.breaks:
        raise ValueError("the output layer must be linear; add one if the network has none")
    return tuple(layers), InputMap(matrix, offset)
