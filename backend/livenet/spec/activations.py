"""Activation functions. To add one, add a row to ACTIVATIONS; everything else follows.

``value`` uses only methods of the tensor it is given, so that no torch is imported here.
``pieces`` is set where the function is piecewise linear: (breaks, slopes, intercepts), from which
the exact linear regions are cut.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import pi, sqrt
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
    """One activation function: h = σ(z), elementwise but for softmax."""

    kind: str
    label: str
    formula: str
    derivative: str
    explain: str
    value: Callable[[Tensor, Knobs], Tensor]
    gain: Callable[[Knobs], float] = lambda k: 1.0
    """The α of He initialization: what Var[z] needs to be preserved (2 for ReLU)."""
    pieces: Callable[[Knobs], Pieces] | None = None
    knobs: Mapping[str, Parameter] = field(default_factory=dict)


def _softplus(z: Tensor) -> Tensor:
    return z.clamp(min=0) + (-z.abs()).exp().log1p()


ROWS = (
    Activation(
        "tanh", "tanh", r"\tanh z", r"1-\tanh^2 z",
        "S-shaped, from −1 to 1, and zero at zero.",
        lambda z, k: z.tanh(),
    ),
    Activation(
        "relu", "ReLU", r"\max(0, z)", r"[z>0]",
        "Zero for negative z, z itself for positive: the net is piecewise linear.",
        lambda z, k: z.relu(),
        gain=lambda k: 2.0,
        pieces=lambda k: ((0.0,), (0.0, 1.0), (0.0, 0.0)),
    ),
    Activation(
        "leaky_relu", "leaky ReLU", r"\max(\alpha z, z)", r"[z>0] + \alpha\,[z\le 0]",
        "A ReLU that lets a share α of negative z through, so that no unit dies.",
        lambda z, k: z.relu() - k["alpha"] * (-z).relu(),
        gain=lambda k: 2.0 / (1.0 + k["alpha"] ** 2),
        pieces=lambda k: ((0.0,), (k["alpha"], 1.0), (0.0, 0.0)),
        knobs={"alpha": Parameter(0.01, 0.0, 1.0, r"\alpha", "Slope for negative z.")},
    ),
    Activation(
        "sigmoid", "sigmoid", r"\frac{1}{1+e^{-z}}", r"\sigma(z)\,(1-\sigma(z))",
        "S-shaped, from 0 to 1; its slope is at most ¼, so gradients shrink with depth.",
        lambda z, k: z.sigmoid(),
    ),
    Activation(
        "arctan", "arctan", r"\arctan z", r"\frac{1}{1+z^2}",
        "S-shaped, from −π/2 to π/2, and slower to saturate than tanh.",
        lambda z, k: z.arctan(),
    ),
    Activation(
        "linear", "linear", "z", "1",
        "No activation: layers without one collapse into a single linear map.",
        lambda z, k: z,
        pieces=lambda k: ((), (1.0,), (0.0,)),
    ),
    Activation(
        "elu", "ELU", r"\max(0,z)+\alpha\,(e^{\min(0,z)}-1)",
        r"[z>0]+\alpha e^{z}\,[z\le 0]",
        "A ReLU whose negative side bends smoothly down to −α.",
        lambda z, k: z.relu() + k["alpha"] * z.clamp(max=0).expm1(),
        knobs={"alpha": Parameter(1.0, 0.0, 10.0, r"\alpha", "Depth of the negative side.")},
    ),
    Activation(
        "gelu", "GELU", r"z\,\Phi(z)", r"\Phi(z) + z\,\varphi(z)",
        "z times the probability that a standard normal lies below z.",
        lambda z, k: z * 0.5 * (1.0 + (z * (1 / sqrt(2))).erf()),
    ),
    Activation(
        "silu", "SiLU", r"z\,\sigma(z)", r"\sigma(z)\,(1+z\,(1-\sigma(z)))",
        "z times its own sigmoid; also called swish.",
        lambda z, k: z * z.sigmoid(),
    ),
    Activation(
        "softplus", "softplus", r"\ln(1+e^{z})", r"\sigma(z)",
        "A smooth ReLU whose derivative is the sigmoid.",
        lambda z, k: _softplus(z),
    ),
    Activation(
        "sine", "sine", r"\sin(\omega z)", r"\omega\cos(\omega z)",
        "Periodic: good at detail, hard to train where ω is large.",
        lambda z, k: (k["omega"] * z).sin(),
        knobs={"omega": Parameter(1.0, 0.01, 8 * pi, r"\omega", "Angular frequency.")},
    ),
    Activation(
        "softmax", "softmax", r"\frac{e^{z_j}}{\sum_i e^{z_i}}",
        r"h_j\,([i=j]-h_i)",
        "Turns a layer into shares that sum to 1; each unit depends on the whole layer.",
        lambda z, k: z.softmax(-1),
    ),
)  # fmt: skip

ACTIVATIONS = {row.kind: row for row in ROWS}
