"""Elementary functions that LLVM can vectorise: those of the C library are calls, one per number.

These are for single precision. With x = n ln 2 + r and |r| ≤ ½ ln 2,

    eˣ = 2ⁿ q + 2ⁿ      eˣ − 1 = 2ⁿ q + (2ⁿ − 1)      q = eʳ − 1, its series up to r⁷

and the others follow from these. NaN stays NaN. eˣ is 0 where it would be a subnormal number, as
everywhere in processes that train, and infinite from x = 88.3 on.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, types

from livenet.training.compiled.translation import OPTIONS, bitcast, translated_by

Function = Callable[..., Any]
real = np.float32
ZERO, HALF, ONE, TWO = real(0), real(0.5), real(1), real(2)
LOG2_E = real(1 / math.log(2))
LN_2_HIGH = real(0.693359375)  # with few digits, so that its products with n are exact
LN_2_LOW = real(math.log(2) - 0.693359375)
LEAST, MOST, INFINITY = real(-87.3), real(88.3), real(math.inf)
TANH_IS_ONE = real(20)  # times ½
C2, C3, C4, C5, C6, C7 = (real(1 / math.factorial(k)) for k in range(2, 8))
MANTISSA_BITS, BIAS = np.int32(23), np.int32(127)
ROOT_HALF = np.int32(0x3F3504F3)  # the bits of √½
FRACTION = np.int32(0x007FFFFF)
A1, A2, A3, A4 = (real(2 / (2 * k + 1)) for k in range(1, 5))
"""ln((1 + u)/(1 − u)) = 2u + ⅔u³ + ⅖u⁵ + …, here with |u| ≤ 0.172."""


as_real = bitcast(types.float32, types.int32)
as_bits = bitcast(types.int32, types.float32)
exact = njit(fastmath={"contract"}, **OPTIONS)


@exact
def power_and_rest(x: Any) -> Any:
    """2ⁿ and q = eʳ − 1."""
    x = real(x)
    held = LEAST if x < LEAST else (MOST if x > MOST else x)
    n = np.floor(held * LOG2_E + HALF)
    r = (held - n * LN_2_HIGH) - n * LN_2_LOW
    q = r + r * r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * (C6 + r * C7)))))
    p = as_real((np.int32(n) + BIAS) << MANTISSA_BITS)
    return ZERO if x < LEAST else p, q


@exact
def exp(x: Any) -> Any:
    p, q = power_and_rest(x)
    return INFINITY if x > MOST else p * q + p


@exact
def expm1(x: Any) -> Any:
    p, q = power_and_rest(x)
    return INFINITY if x > MOST else p * q + (p - ONE)


@exact
def tanh(x: Any) -> Any:
    """e/(e + 2) with e = e^{2|x|} − 1, and the sign of x."""
    x = real(x)
    twice = TWO * abs(x)
    e = expm1(TANH_IS_ONE if twice > TANH_IS_ONE else twice)
    h = e / (e + TWO)
    return -h if x < ZERO else h


@exact
def log1p(x: Any) -> Any:
    """ln(1 + x) for x > −1, with what 1 + x loses by rounding."""
    x = real(x)
    whole = ONE + x
    lost = x - (whole - ONE)
    bits = as_bits(whole) - ROOT_HALF
    n = real(bits >> MANTISSA_BITS)
    m = as_real((bits & FRACTION) + ROOT_HALF)  # whole = 2ⁿ m, with √½ ≤ m < √2
    u = (m - ONE) / (m + ONE)
    square = u * u
    series = u * square * (A1 + square * (A2 + square * (A3 + square * A4)))
    return n * LN_2_HIGH + (TWO * u + (series + (n * LN_2_LOW + lost / whole)))


@translated_by
def root(typing: Any, x: Any) -> Any:
    """The processor's own √x: the C library's also sets errno, and is not vectorised."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kind = given[0].type
        function = builder.module.declare_intrinsic("llvm.sqrt", [kind])
        return builder.call(function, given)

    return types.float32(types.float32), generate


@exact
def sqrt(x: Any) -> Any:
    return root(real(x))


SINGLE: dict[str, Function] = {
    "exp": exp,
    "expm1": expm1,
    "log1p": log1p,
    "sqrt": sqrt,
    "tanh": tanh,
}
"""By their names in the module math."""
