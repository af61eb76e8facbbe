"""What goes in: activations, layers, input maps, and what is refused."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from livenet.geometry import (
    HARD_TANH,
    LINEAR,
    RELU,
    InputMap,
    Layer,
    PiecewiseLinear,
    leaky_relu,
    line_regions,
    plane_regions,
    region_at,
)
from livenet.geometry.arrays import Floats
from tests.geometry.networks import ABS, STAIRS, STEP, random_network

Z = np.linspace(-4, 4, 81)
WINDOW = (-1.0, 1.0, -1.0, 1.0)


@pytest.mark.parametrize(
    ("activation", "function"),
    [
        (LINEAR, lambda z: z),
        (RELU, torch.nn.functional.relu),
        (leaky_relu(0.2), lambda z: torch.nn.functional.leaky_relu(z, 0.2)),
        (HARD_TANH, torch.nn.functional.hardtanh),
        (ABS, torch.abs),
        (STEP, lambda z: torch.heaviside(z, torch.zeros(1, dtype=torch.float64))),
    ],
)
def test_values(
    activation: PiecewiseLinear, function: Callable[[torch.Tensor], torch.Tensor]
) -> None:
    assert activation(Z) == pytest.approx(function(torch.from_numpy(Z)).numpy())


def test_pieces_and_jumps() -> None:
    assert HARD_TANH.pieces(np.array([-2.0, -1, 0, 1, 2])).tolist() == [0, 0, 1, 1, 2]
    assert STEP.jumps
    assert not any(a.jumps for a in (LINEAR, RELU, HARD_TANH, ABS, STAIRS, leaky_relu(0.1)))


@pytest.mark.parametrize(
    ("breaks", "slopes", "intercepts", "message"),
    [
        ((0.0,), (1.0,), (0.0, 0.0), "make 2 pieces"),
        ((), (1.0,), (), "make 1 pieces"),
        ((1.0, 0.0), (0.0,) * 3, (0.0,) * 3, "increase strictly"),
        ((0.0, 0.0), (0.0,) * 3, (0.0,) * 3, "increase strictly"),
        ((np.nan,), (0.0,) * 2, (0.0,) * 2, "finite"),
        (tuple(map(float, range(256))), (0.0,) * 257, (0.0,) * 257, "at most 255"),
    ],
)
def test_bad_activations(
    breaks: tuple[float, ...],
    slopes: tuple[float, ...],
    intercepts: tuple[float, ...],
    message: str,
) -> None:
    with pytest.raises(ValueError, match=message):
        PiecewiseLinear(breaks, slopes, intercepts)


@pytest.mark.parametrize(
    ("weight", "bias", "residual", "message"),
    [
        (np.ones((2, 3)), np.ones(3), False, "do not belong together"),
        (np.ones(3), np.ones(3), False, "do not belong together"),
        (np.ones((2, 3)), np.ones(2), True, "residual"),
        (np.array([[np.inf]]), np.ones(1), False, "not finite"),
        (np.ones((1, 1)), np.array([np.nan]), False, "not finite"),
    ],
)
def test_bad_layers(
    weight: Floats,
    bias: Floats,
    residual: bool,
    message: str,
) -> None:
    with pytest.raises(ValueError, match=message):
        Layer(weight, bias, RELU, residual)


def test_a_float32_network_is_taken_over() -> None:
    layer = Layer(np.ones((1, 2), dtype=np.float32), np.zeros(1, dtype=np.float32), LINEAR)
    assert layer.weight.dtype == layer.bias.dtype == np.float64


GOOD = random_network(0, (3,))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plane_regions([], WINDOW), "at least its output layer"),
        (lambda: plane_regions(GOOD[:1], WINDOW), "output layer must be linear"),
        (lambda: plane_regions([GOOD[0], GOOD[0]], WINDOW), "layer 2 takes 2 inputs, but 3 arrive"),
        (lambda: plane_regions(GOOD, (1.0, -1.0, 0.0, 1.0)), "x_min < x_max"),
        (lambda: plane_regions(GOOD, (0.0, np.inf, 0.0, 1.0)), "x_min < x_max"),
        (lambda: plane_regions(GOOD, WINDOW, max_faces=0), "max_faces must be at least 1"),
        (lambda: plane_regions(GOOD, WINDOW).level_set(1), "no output 1"),
        (
            lambda: plane_regions(random_network(0, (3, 3), activation=STEP), WINDOW),
            "hidden layer 1 jumps",
        ),
        (
            lambda: plane_regions(GOOD, WINDOW, input_map=InputMap(np.ones((2, 3)), np.ones(2))),
            r"must be \(D_0, 2\)",
        ),
        (
            lambda: plane_regions(
                GOOD, WINDOW, input_map=InputMap(np.full((2, 2), np.nan), np.ones(2))
            ),
            "not finite",
        ),
        (lambda: line_regions(GOOD, (0.0, 1.0)), "layer 1 takes 2 inputs, but 1 arrive"),
        (lambda: line_regions(random_network(0, (3,), inputs=1), (1.0, 1.0)), "x_min < x_max"),
        (
            lambda: (
                line_regions(random_network(0, (9,), inputs=1), (-9.0, 9.0), max_intervals=3).count
            ),
            "raise max_intervals",
        ),
        (lambda: region_at(GOOD, (np.nan, 0.0)), "row of finite numbers"),
    ],
)
def test_bad_calls(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
