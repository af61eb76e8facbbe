"""Weight initializers. To add one, add a row to ROWS.

``fill`` draws W, (D_out, D_in) or a convolution's (C_out, C_in, k, k), in place, using only the
generator that it is given.
Biases start at 0. α is 1/E[σ(z)²] of the activation that feeds the layer (models/initial.py), so
that He preserves E[z²]: He et al. 2015, eq. 10; Glorot and Bengio 2010, eq. 12; LeCun et al. 1998,
section 4.6; Saxe et al. 2014 for the orthogonal one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod, sqrt
from typing import TYPE_CHECKING

from livenet.spec.activations import Knobs, Parameter

if TYPE_CHECKING:
    from torch import Generator, Tensor

Fill = Callable[["Tensor", float, Knobs, "Generator"], None]


@dataclass(frozen=True)
class Initializer:
    """One way to draw a weight matrix; ``fill(weight, alpha, knobs, generator)``."""

    kind: str
    label: str
    formula: str
    explain: str
    fill: Fill
    knobs: Mapping[str, Parameter] = field(default_factory=dict)


def _fans(w: Tensor) -> tuple[int, int]:
    """D_in and D_out; of a kernel (C_out, C_in, k, k), the weights that end in or leave a unit."""
    window = prod(w.shape[2:])
    return w.shape[1] * window, w.shape[0] * window


def _normal(variance: Callable[[int, int, float], float]) -> Fill:
    def fill(w: Tensor, alpha: float, k: Knobs, g: Generator) -> None:
        w.normal_(0.0, k["gain"] * sqrt(variance(*_fans(w), alpha)), generator=g)

    return fill


def _uniform(variance: Callable[[int, int, float], float]) -> Fill:
    def fill(w: Tensor, alpha: float, k: Knobs, g: Generator) -> None:
        half = k["gain"] * sqrt(3.0 * variance(*_fans(w), alpha))
        w.uniform_(-half, half, generator=g)

    return fill


def _orthogonal(w: Tensor, alpha: float, k: Knobs, g: Generator) -> None:
    """Q of the QR decomposition of a normal matrix, its signs fixed so that Q is uniform (Haar)."""
    from torch.linalg import qr

    rows, columns = len(w), w[0].numel()
    q, r = qr(w.new_empty(max(rows, columns), min(rows, columns)).normal_(generator=g))
    q = q * r.diagonal().sign()
    w.copy_(k["gain"] * (q if rows >= columns else q.T).reshape(w.shape))


def _he(fan_in: int, fan_out: int, alpha: float) -> float:
    return alpha / fan_in


def _xavier(fan_in: int, fan_out: int, alpha: float) -> float:
    return 2.0 / (fan_in + fan_out)


def _lecun(fan_in: int, fan_out: int, alpha: float) -> float:
    return 1.0 / fan_in


GAIN = {"gain": Parameter(1.0, 0.0, 10.0, "g", "Factor on the standard deviation.")}
SIGMA = {"sigma": Parameter(0.1, 0.0, 10.0, r"\sigma", "Standard deviation of the weights.")}
WIDTH = {"a": Parameter(0.1, 0.0, 10.0, "a", "Weights lie between −a and a.")}

ROWS = (
    Initializer(
        "he_normal", "He, normal", r"\mathcal N(0, g^2\alpha/D_\mathrm{in})",
        "Keeps E[z²] the same from layer to layer: α = 1/E[σ(z)²], z ~ N(0, 1), of the activation "
        "that feeds the layer. 2 for ReLU, 1 for inputs, 2.54 for tanh (1 in tables for small z). "
        "For GELU and SiLU it is an unstable balance: in a deep net E[z²] drifts away from 1.",
        _normal(_he), GAIN,
    ),
    Initializer(
        "he_uniform", "He, uniform", r"\mathcal U(\pm g\sqrt{3\alpha/D_\mathrm{in}})",
        "He's variance, drawn from an interval.",
        _uniform(_he), GAIN,
    ),
    Initializer(
        "xavier_normal", "Xavier, normal",
        r"\mathcal N(0, 2g^2/(D_\mathrm{in}+D_\mathrm{out}))",
        "A compromise between keeping the variance of z forward and of gradients backward.",
        _normal(_xavier), GAIN,
    ),
    Initializer(
        "xavier_uniform", "Xavier, uniform",
        r"\mathcal U(\pm g\sqrt{6/(D_\mathrm{in}+D_\mathrm{out})})",
        "Xavier's variance, drawn from an interval.",
        _uniform(_xavier), GAIN,
    ),
    Initializer(
        "lecun_normal", "LeCun, normal", r"\mathcal N(0, g^2/D_\mathrm{in})",
        "Keeps the variance of a linear layer.",
        _normal(_lecun), GAIN,
    ),
    Initializer(
        "lecun_uniform", "LeCun, uniform", r"\mathcal U(\pm g\sqrt{3/D_\mathrm{in}})",
        "LeCun's variance, drawn from an interval.",
        _uniform(_lecun), GAIN,
    ),
    Initializer(
        "normal", "normal", r"\mathcal N(0,\sigma^2)",
        "The same spread whatever the width: too small and signals vanish, too large and they "
        "explode.",
        lambda w, alpha, k, g: _fill_normal(w, k["sigma"], g), SIGMA,
    ),
    Initializer(
        "uniform", "uniform", r"\mathcal U(-a, a)",
        "The same interval whatever the width.",
        lambda w, alpha, k, g: _fill_uniform(w, k["a"], g), WIDTH,
    ),
    Initializer(
        "orthogonal", "orthogonal", r"W W^\top = g^2 I",
        "A random rotation: keeps lengths exactly, also in deep linear nets.",
        _orthogonal, GAIN,
    ),
    Initializer(
        "zero", "zero", "W = 0",
        "All units of a layer stay alike for ever: a lesson, not a choice.",
        lambda w, alpha, k, g: _fill_zero(w),
    ),
)  # fmt: skip


def _fill_normal(w: Tensor, sigma: float, g: Generator) -> None:
    w.normal_(0.0, sigma, generator=g)


def _fill_uniform(w: Tensor, a: float, g: Generator) -> None:
    w.uniform_(-a, a, generator=g)


def _fill_zero(w: Tensor) -> None:
    w.zero_()


INITIALIZERS = {row.kind: row for row in ROWS}
