"""Our elementary functions in single precision, against the C library's in double precision."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

numba = pytest.importorskip("numba", reason="needs Numba")
from livenet.training.compiled.elementary import SINGLE  # noqa: E402  # after the check for Numba

DRAWS = np.random.default_rng(0)
X = np.concatenate(
    [
        np.linspace(-87, 88, 200_001),
        DRAWS.normal(size=100_000),
        DRAWS.normal(size=10_000) * 1e-3,
        DRAWS.choice([-1.0, 1.0], 20_000) * 10.0 ** DRAWS.uniform(-30, 1.9, 20_000),
        [0.0, -0.0],
    ]
).astype(np.float32)
DOMAINS = {"sqrt": np.abs(X), "log1p": np.abs(X)}
ENDS = {
    "exp": [(-math.inf, 0.0), (-200.0, 0.0), (0.0, 1.0), (90.0, math.inf), (math.inf, math.inf)],
    "expm1": [(-math.inf, -1.0), (-200.0, -1.0), (0.0, 0.0), (90.0, math.inf)],
    "log1p": [(0.0, 0.0)],
    "sqrt": [(0.0, 0.0), (math.inf, math.inf)],
    "tanh": [(-math.inf, -1.0), (math.inf, 1.0), (0.0, 0.0)],
}


def over(name: str, x: Any) -> Any:
    """A function of machine code over an array (N,) float32."""
    function = SINGLE[name]

    def loop(x: Any, result: Any) -> None:
        for i in range(len(x)):
            result[i] = function(x[i])

    result = np.empty_like(x)
    numba.njit(loop)(x, result)
    return result


@pytest.mark.parametrize("name", SINGLE)
def test_within_three_units_in_the_last_place(name: str) -> None:
    x = DOMAINS.get(name, X)
    exact = np.array([getattr(math, name)(float(one)) for one in x])
    unit = np.spacing(np.abs(exact).astype(np.float32)).astype(np.float64)
    assert float(np.max(np.abs(over(name, x) - exact) / unit)) < 3


@pytest.mark.parametrize("name", SINGLE)
def test_ends_and_nan(name: str) -> None:
    places, wanted = zip(*ENDS[name], strict=True)
    found = over(name, np.array([*places, math.nan], np.float32))
    assert found[:-1].tolist() == list(wanted)
    assert math.isnan(found[-1])
