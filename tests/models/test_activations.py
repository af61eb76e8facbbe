"""Every activation: its value and its derivative, against closed forms and torch's own."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from livenet.spec.activations import ACTIVATIONS, Activation
from tests.models.by_hand import DERIVATIVES, VALUES
from tests.oracles import complete

ROWS = pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
ELEMENTWISE = pytest.mark.parametrize(
    "row", [row for row in ACTIVATIONS.values() if row.kind != "softmax"], ids=lambda row: row.kind
)
TORCH: dict[str, Callable[[Tensor, dict[str, float]], Tensor]] = {
    "tanh": lambda z, k: torch.tanh(z),
    "relu": lambda z, k: functional.relu(z),
    "leaky_relu": lambda z, k: functional.leaky_relu(z, k["alpha"]),
    "sigmoid": lambda z, k: torch.sigmoid(z),
    "arctan": lambda z, k: torch.atan(z),
    "linear": lambda z, k: z,
    "elu": lambda z, k: functional.elu(z, k["alpha"]),
    "gelu": lambda z, k: functional.gelu(z),
    "silu": lambda z, k: functional.silu(z),
    "softplus": lambda z, k: functional.softplus(z),
    "sine": lambda z, k: torch.sin(k["omega"] * z),
    "softmax": lambda z, k: torch.softmax(z, -1),
}
Z = np.concatenate([np.linspace(-6, 6, 98), [-60.0, -20.0, 20.0, 60.0]])


def knob_sets(row: Activation) -> list[dict[str, float]]:
    """The defaults, and each knob once away from its default."""
    defaults = {name: knob.default for name, knob in row.knobs.items()}
    return [defaults] + [
        defaults | {name: knob.low + 0.3 * (knob.high - knob.low)}
        for name, knob in row.knobs.items()
    ]


def test_every_activation_has_an_oracle() -> None:
    complete(VALUES, ACTIVATIONS, "VALUES in tests/models/by_hand.py")
    complete(TORCH, ACTIVATIONS, "TORCH in tests/models/test_activations.py")
    elementwise = set(ACTIVATIONS) - {"softmax"}
    complete(DERIVATIVES, elementwise, "DERIVATIVES in tests/models/by_hand.py")


@ROWS
def test_value(row: Activation) -> None:
    z = torch.from_numpy(Z.reshape(6, 17))
    for knobs in knob_sets(row):
        found = row.value(z, knobs)
        assert found.numpy() == pytest.approx(VALUES[row.kind](z.numpy(), knobs), abs=1e-12)
        assert found.numpy() == pytest.approx(TORCH[row.kind](z, knobs).numpy(), abs=1e-7)


def back(row: Activation, z: Tensor, g: Tensor, knobs: dict[str, float]) -> Tensor:
    """∂L/∂z of ∂L/∂h, as the backward pass asks for it."""
    return row.back(g, z, row.value(z, knobs), knobs)


@ELEMENTWISE
@pytest.mark.parametrize("z", [Z, np.zeros(1)], ids=["everywhere", "zero"])
def test_derivative(row: Activation, z: Any) -> None:
    """In closed form; also at z = 0, where every unit of a net with zero weights stands."""
    for knobs in knob_sets(row):
        g = np.cos(np.arange(len(z)))
        found = back(row, torch.from_numpy(z), torch.from_numpy(g), knobs)
        assert found.numpy() == pytest.approx(g * DERIVATIVES[row.kind](z, knobs), abs=1e-12)


@ROWS
def test_derivative_by_autograd(row: Activation) -> None:
    for knobs in knob_sets(row):
        z = torch.from_numpy(Z.reshape(6, 17)).requires_grad_()
        g = torch.linspace(-1, 1, 102, dtype=torch.float64).view(6, 17)
        (expected,) = torch.autograd.grad(row.value(z, knobs), z, g)
        found = back(row, z.detach(), g, knobs)
        assert found.numpy() == pytest.approx(expected.numpy(), abs=1e-12)


@ELEMENTWISE
def test_derivative_is_the_slope_of_the_value(row: Activation) -> None:
    z, step = np.linspace(-4, 4, 50), 1e-6  # no break at a sample
    for knobs in knob_sets(row):
        values = [row.value(torch.from_numpy(z + s), knobs).numpy() for s in (-step, step)]
        slope = (values[1] - values[0]) / (2 * step)
        assert slope == pytest.approx(DERIVATIVES[row.kind](z, knobs), abs=1e-4)


def test_softmax_jacobian() -> None:
    z = torch.linspace(-1, 2, 5, dtype=torch.float64)
    row = ACTIVATIONS["softmax"]
    h = VALUES["softmax"](z.numpy(), {})
    rows = [back(row, z, g, {}).numpy() for g in torch.eye(5, dtype=torch.float64)]
    assert np.array(rows) == pytest.approx(np.diag(h) - np.outer(h, h), abs=1e-12)


@ROWS
@pytest.mark.parametrize("size", [1e3, 1e30])
def test_far_out_values_and_gradients_stay_numbers(row: Activation, size: float) -> None:
    for knobs in knob_sets(row):
        z = torch.tensor([-size, size])
        assert not row.value(z, knobs).isnan().any()
        assert not back(row, z, torch.ones(2), knobs).isnan().any()


@pytest.mark.parametrize("kind", [row.kind for row in ACTIVATIONS.values() if row.pieces])
def test_pieces_are_the_function(kind: str) -> None:
    row = ACTIVATIONS[kind]
    assert row.pieces is not None
    z = np.linspace(-3, 3, 61)
    for knobs in knob_sets(row):
        breaks, slopes, intercepts = row.pieces(knobs)
        assert len(slopes) == len(intercepts) == len(breaks) + 1
        piece = np.searchsorted(breaks, z)
        line = np.array(slopes)[piece] * z + np.array(intercepts)[piece]
        assert line == pytest.approx(VALUES[kind](z, knobs), abs=1e-12)


def test_what_bends_has_no_pieces() -> None:
    straight = {kind for kind, row in ACTIVATIONS.items() if row.pieces}
    assert straight == {"relu", "leaky_relu", "linear"}
