"""Networks to try the geometry on."""

from collections.abc import Sequence

import numpy as np

from livenet.geometry import LINEAR, RELU, Layer, PiecewiseLinear, PlaneRegions, leaky_relu
from livenet.geometry.arrays import Floats

ABS = PiecewiseLinear((0.0,), (-1.0, 1.0), (0.0, 0.0))
STAIRS = PiecewiseLinear((-1.0, 0.0, 2.0), (0.5, -1.0, 2.0, 0.25), (0.5, -1.0, -1.0, 2.5))
STEP = PiecewiseLinear((0.0,), (0.0, 0.0), (0.0, 1.0))  # it jumps
LEAKY = leaky_relu(0.25)


def random_network(
    seed: int,
    widths: Sequence[int],
    *,
    inputs: int = 2,
    outputs: int = 1,
    activation: PiecewiseLinear = RELU,
    residual: bool = False,
) -> list[Layer]:
    """He weights and torch's default biases, U(−1/√D_in, 1/√D_in); residual where square."""
    random = np.random.default_rng(seed)
    layers: list[Layer] = []
    before = inputs
    for number, width in enumerate([*widths, outputs], start=1):
        weight = random.normal(0.0, np.sqrt(2 / before), (width, before))
        bias = random.uniform(-1.0, 1.0, width) / np.sqrt(before)
        hidden = number <= len(widths)
        layers.append(
            Layer(
                weight,
                bias,
                activation if hidden else LINEAR,
                residual and hidden and width == before,
            )
        )
        before = width
    return layers


def face_at(regions: PlaneRegions, x: float, y: float) -> int:
    """The face that holds a point of the window."""
    face = regions.mesh.find(np.array([x, y]))
    assert face is not None
    return face


def points_in(window: tuple[float, float, float, float], n: int, seed: int = 0) -> Floats:
    """(n, 2), uniform in the window."""
    x_min, x_max, y_min, y_max = window
    return np.random.default_rng(seed).uniform((x_min, y_min), (x_max, y_max), (n, 2))


def layers_of(regions: PlaneRegions) -> list[Layer]:
    """The dense layers that a network was made of."""
    assert all(isinstance(step, Layer) for step in regions.layers)
    return [step for step in regions.layers if isinstance(step, Layer)]
