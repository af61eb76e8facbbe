"""Activation functions. To add one, add a row to ROWS; everything else follows.

``value`` gives h from z, ``back`` gives ∂L/∂z from ∂L/∂h, z and h: the derivative for functions of
one number, the product with the Jacobian for softmax. Both use only methods of the tensors that
they are given, so that torch is not imported here.
``pieces`` is set where the function is piecewise linear: (breaks, slopes, intercepts), from which
the exact linear regions are cut.
``scalar`` and ``slope`` are the same function and its derivative for one number, in plain Python,
from which livenet.training.compiled makes machine code. A row may leave them out: networks with it
then train on tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import atan, cos, erf, exp, expm1, log1p, pi, sin, sqrt, tanh
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

Knobs = Mapping[str, float]
Pieces = tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True)
class Parameter:
    """A number that belongs to a choice, such as the α of a leaky ReLU."""

    default: float
    low: float
    high: float
    symbol: str
    explain: str


@dataclass(frozen=True)
class Activation:
    """One activation function: h = σ(z), elementwise except softmax."""

    kind: str
    label: str
    formula: str
    derivative: str
    explain: str
    value: Callable[[Tensor, Knobs], Tensor]
    back: Callable[[Tensor, Tensor, Tensor, Knobs], Tensor]
    scalar: Callable[[float, float], float] | None = None
    """h of one z; its second argument is the row's knob, 0 if it has none."""
    slope: Callable[[float, float, float], float] | None = None
    """dh/dz of one z and its h, and the knob."""
    pieces: Callable[[Knobs], Pieces] | None = None
    knobs: Mapping[str, Parameter] = field(default_factory=dict)
    elementwise: bool = True
    """Whether each h depends only on its own z."""
    starts_with_he: bool = False
    """Whether He's initialization is its default, as for functions similar to ReLU."""


def _softplus(z: Tensor) -> Tensor:
    return z.clamp(min=0) + (-z.abs()).exp().log1p()


def _gelu_slope(z: Tensor) -> Tensor:
    """Φ(z) + z φ(z)."""
    return 0.5 * (1.0 + (z * (1 / sqrt(2))).erf()) + z * (-0.5 * z * z).exp() * (1 / sqrt(2 * pi))


def _silu_slope(z: Tensor) -> Tensor:
    """σ(z)(1 + z(1 − σ(z)))."""
    share = z.sigmoid()
    return share * (1 + z * (1 - share))


ROWS = (
    Activation(
        "tanh", "tanh", r"\tanh z", r"1-\tanh^2 z",
        "S-shaped, from −1 to 1, and zero at zero.",
        lambda z, k: z.tanh(),
        lambda g, z, h, k: g.addcmul(g * h, h, value=-1),
        scalar=lambda z, k: tanh(z),
        slope=lambda z, h, k: 1 - h * h,
    ),
    Activation(
        "relu", "ReLU", r"\max(0, z)", r"[z>0]",
        "Zero for negative z, z itself for positive: the net is piecewise linear.",
        lambda z, k: z.relu(),
        lambda g, z, h, k: g * (z > 0),
        scalar=lambda z, k: 0.0 if z < 0 else z,
        slope=lambda z, h, k: 1.0 if z > 0 else 0.0,
        pieces=lambda k: ((0.0,), (0.0, 1.0), (0.0, 0.0)),
        starts_with_he=True,
    ),
    Activation(
        "leaky_relu", "leaky ReLU", r"\max(\alpha z, z)", r"[z>0] + \alpha\,[z\le 0]",
        "A ReLU that lets a share α of negative z through, so that no unit dies.",
        lambda z, k: z.relu() - k["alpha"] * (-z).relu(),
        lambda g, z, h, k: g.where(z > 0, k["alpha"] * g),
        scalar=lambda z, k: k * z if z < 0 else z,
        slope=lambda z, h, k: 1.0 if z > 0 else k,
        pieces=lambda k: ((0.0,), (k["alpha"], 1.0), (0.0, 0.0)),
        knobs={"alpha": Parameter(0.01, 0.0, 1.0, r"\alpha", "Slope for negative z.")},
        starts_with_he=True,
    ),
    Activation(
        "sigmoid", "sigmoid", r"\frac{1}{1+e^{-z}}", r"\sigma(z)\,(1-\sigma(z))",
        "S-shaped, from 0 to 1; its slope is at most ¼, so gradients shrink with depth.",
        lambda z, k: z.sigmoid(),
        lambda g, z, h, k: g * h * (1 - h),
        scalar=lambda z, k: 1 / (1 + exp(-z)),
        slope=lambda z, h, k: h * (1 - h),
    ),
    Activation(
        "arctan", "arctan", r"\arctan z", r"\frac{1}{1+z^2}",
        "S-shaped, from −π/2 to π/2, and slower to saturate than tanh.",
        lambda z, k: z.arctan(),
        lambda g, z, h, k: g / (1 + z * z),
        scalar=lambda z, k: atan(z),
        slope=lambda z, h, k: 1 / (1 + z * z),
    ),
    Activation(
        "linear", "linear", "z", "1",
        "No activation: layers without one collapse into a single linear map.",
        lambda z, k: z,
        lambda g, z, h, k: g,
        scalar=lambda z, k: z,
        slope=lambda z, h, k: 1.0,
        pieces=lambda k: ((), (1.0,), (0.0,)),
        starts_with_he=True,
    ),
    Activation(
        "elu", "ELU", r"\max(0,z)+\alpha\,(e^{\min(0,z)}-1)",
        r"[z>0]+\alpha e^{z}\,[z\le 0]",
        "A ReLU whose negative side bends smoothly down to −α.",
        lambda z, k: z.relu() + k["alpha"] * z.clamp(max=0).expm1(),
        lambda g, z, h, k: g.where(z > 0, g * (h + k["alpha"])),
        scalar=lambda z, k: k * expm1(z) if z < 0 else z,
        slope=lambda z, h, k: 1.0 if z > 0 else h + k,
        knobs={"alpha": Parameter(1.0, 0.0, 10.0, r"\alpha", "Depth of the negative side.")},
        starts_with_he=True,
    ),
    Activation(
        "gelu", "GELU", r"z\,\Phi(z)", r"\Phi(z) + z\,\varphi(z)",
        "z times the probability that a standard normal lies below z.",
        lambda z, k: z * 0.5 * (1.0 + (z * (1 / sqrt(2))).erf()),
        lambda g, z, h, k: g * _gelu_slope(z),
        scalar=lambda z, k: 0.5 * z * (1 + erf(z / sqrt(2))),
        slope=lambda z, h, k: (
            0.5 * (1 + erf(z / sqrt(2))) + z * exp(-0.5 * z * z) / sqrt(2 * pi)
        ),
        starts_with_he=True,
    ),
    Activation(
        "silu", "SiLU", r"z\,\sigma(z)", r"\sigma(z)\,(1+z\,(1-\sigma(z)))",
        "z times its own sigmoid; also called swish.",
        lambda z, k: z * z.sigmoid(),
        lambda g, z, h, k: g * _silu_slope(z),
        scalar=lambda z, k: z / (1 + exp(-z)),
        slope=lambda z, h, k: (1 + tanh(z / 2)) / 2 * (1 + z * (1 - tanh(z / 2)) / 2),
        starts_with_he=True,
    ),
    Activation(
        "softplus", "softplus", r"\ln(1+e^{z})", r"\sigma(z)",
        "A smooth ReLU whose derivative is the sigmoid.",
        lambda z, k: _softplus(z),
        lambda g, z, h, k: g * z.sigmoid(),
        scalar=lambda z, k: max(z, 0.0) + log1p(exp(-abs(z))),
        slope=lambda z, h, k: 1 / (1 + exp(-z)),
        starts_with_he=True,
    ),
    Activation(
        "sine", "sine", r"\sin(\omega z)", r"\omega\cos(\omega z)",
        "Periodic: good at detail, hard to train where ω is large.",
        lambda z, k: (k["omega"] * z).sin(),
        lambda g, z, h, k: g * k["omega"] * (k["omega"] * z).cos(),
        scalar=lambda z, k: sin(k * z),
        slope=lambda z, h, k: k * cos(k * z),
        knobs={"omega": Parameter(1.0, 0.01, 8 * pi, r"\omega", "Angular frequency.")},
    ),
    Activation(
        "softmax", "softmax", r"\frac{e^{z_j}}{\sum_i e^{z_i}}",
        r"h_j\,([i=j]-h_i)",
        "Turns a layer into shares that sum to 1; each unit depends on the whole layer.",
        lambda z, k: z.softmax(-1),
        lambda g, z, h, k: h * (g - (g * h).sum(-1, keepdim=True)),
        elementwise=False,
    ),
)  # fmt: skip

ACTIVATIONS = {row.kind: row for row in ROWS}
