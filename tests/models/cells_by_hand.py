"""Recurrent cells in NumPy, one sequence and one time step after the other, in float64."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Named = dict[str, Floats]


def sigmoid(z: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def step(cell: str, w: Named, x: Floats, h: Floats, c: Floats, relu: bool = False) -> Named:
    """All that a cell computes from x_t, h_{t-1} and C_{t-1}, by name."""
    d = len(h)
    w_x, w_h, b = w["input.weight"], w["state.weight"], w["bias"]

    def z(k: int) -> Floats:
        rows = slice(k * d, (k + 1) * d)
        return np.asarray(w_x[rows] @ x + w_h[rows] @ h + b[rows])

    if cell == "lstm":
        i, f, candidate, o = sigmoid(z(0)), sigmoid(z(1)), np.tanh(z(2)), sigmoid(z(3))
        new = f * c + i * candidate
        return {"i": i, "f": f, "C̃": candidate, "o": o, "C": new, "h": o * np.tanh(new)}
    if cell == "gru":
        r, u = sigmoid(z(0)), sigmoid(z(1))
        last = slice(2 * d, 3 * d)
        n = np.tanh(w_x[last] @ x + b[last] + r * (w_h[last] @ h))
        return {"r": r, "z": u, "n": n, "h": (1 - u) * n + u * h}
    return {"h": np.maximum(z(0), 0.0) if relu else np.tanh(z(0))}


def run(cell: str, w: Named, x: Floats, relu: bool = False) -> list[Named]:
    """Every time step of a sequence x (T, D_in)."""
    h = c = np.zeros(w["state.weight"].shape[1])
    found = []
    for now in x:
        found.append(step(cell, w, now, h, c, relu))
        h, c = found[-1]["h"], found[-1].get("C", c)
    return found


def weights(named: dict[str, Any], layer: int) -> Named:
    """A layer's W_x, W_h and b of a model's named parameters."""
    start = f"layers.{layer}."
    return {
        name.removeprefix(start): value.detach().double().numpy()
        for name, value in named.items()
        if name.startswith(start)
    }
