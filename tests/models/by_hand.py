"""The multilayer perceptron once more, in NumPy and float64: the oracle of other tests too.

Nothing is shared with the implementation but the spec.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf, expit, softmax

from livenet.spec import RunSpec
from tests.spec.perceptron import perceptron

Floats = NDArray[np.float64]
Function = Callable[[Floats, Mapping[str, float]], Floats]

VALUES: dict[str, Function] = {
    "tanh": lambda z, k: np.tanh(z),
    "relu": lambda z, k: np.maximum(0, z),
    "leaky_relu": lambda z, k: np.where(z > 0, z, k["alpha"] * z),
    "sigmoid": lambda z, k: expit(z),
    "arctan": lambda z, k: np.arctan(z),
    "linear": lambda z, k: z,
    "elu": lambda z, k: np.where(z > 0, z, k["alpha"] * np.expm1(np.minimum(z, 0))),
    "gelu": lambda z, k: z * (1 + erf(z / np.sqrt(2))) / 2,
    "silu": lambda z, k: z * expit(z),
    "softplus": lambda z, k: np.logaddexp(0, z),
    "sine": lambda z, k: np.sin(k["omega"] * z),
    "softmax": lambda z, k: softmax(z, axis=-1),
}

# softmax has a Jacobian, not a derivative: see test_activations.
DERIVATIVES: dict[str, Function] = {
    "tanh": lambda z, k: 1 - np.tanh(z) ** 2,
    "relu": lambda z, k: np.where(z > 0, 1.0, 0.0),
    "leaky_relu": lambda z, k: np.where(z > 0, 1.0, k["alpha"]),
    "sigmoid": lambda z, k: expit(z) * expit(-z),
    "arctan": lambda z, k: 1 / (1 + z**2),
    "linear": lambda z, k: np.ones_like(z),
    "elu": lambda z, k: np.where(z > 0, 1.0, k["alpha"] * np.exp(np.minimum(z, 0))),
    "gelu": lambda z, k: (
        (1 + erf(z / np.sqrt(2))) / 2 + z * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    ),
    "silu": lambda z, k: expit(z) * (1 + z * expit(-z)),
    "softplus": lambda z, k: expit(z),
    "sine": lambda z, k: k["omega"] * np.cos(k["omega"] * z),
}

FEATURES: dict[str, Callable[[Floats], Floats]] = {
    "x1": lambda x: x[:, 0],
    "x2": lambda x: x[:, 1],
    "x1_squared": lambda x: x[:, 0] ** 2,
    "x2_squared": lambda x: x[:, 1] ** 2,
    "x1_x2": lambda x: x[:, 0] * x[:, 1],
    "sin_x1": lambda x: np.sin(x[:, 0]),
    "sin_x2": lambda x: np.sin(x[:, 1]),
}


@dataclass(frozen=True)
class Traced:
    """Every layer of a forward pass: h[0] (N, D(0)) … h[L] (N, K), and z[l] with z[0] unused."""

    h: list[Floats]
    z: list[Floats]

    @property
    def theta(self) -> Floats:
        return self.h[-1]


def features(spec: RunSpec, x: Any) -> Floats:
    """h(0) of points (N, D_in)."""
    points = np.asarray(x, dtype=np.float64)
    return np.stack([FEATURES[name](points) for name in perceptron(spec).features], axis=1)


def forward(spec: RunSpec, parameters: Mapping[str, Any], x: Any) -> Traced:
    """The net of a spec with these parameters at points x (N, D_in), layer by layer."""
    h = features(spec, x)
    hs, zs = [h], [h]
    chosen = perceptron(spec).activations
    for layer in range(len(chosen) + 1):
        w = np.asarray(parameters[f"layers.{layer}.weight"], dtype=np.float64)
        z = h @ w.T
        if f"layers.{layer}.bias" in parameters:
            z = z + np.asarray(parameters[f"layers.{layer}.bias"], dtype=np.float64)
        if layer == len(chosen):
            h = z
        else:
            value = VALUES[chosen[layer].kind](z, chosen[layer].knobs)
            residual = perceptron(spec).residual and w.shape[0] == w.shape[1]
            h = h + value if residual else value
        zs.append(z)
        hs.append(h)
    return Traced(hs, zs)
