"""Compiled functions that choose one of a registry's plain functions by its code.

Numba compiles calls of functions that it knows beforehand. So a choice at run time is a chain of
comparisons with the codes, which are the places in the registry; an unknown code is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from numba import njit

Function = Callable[..., Any]
FAST = {"reassoc", "contract", "nsz"}
"""What LLVM may assume: sums in any order (vectorised, and the same at every call), and fused
multiplications. Infinities and NaN keep their meaning: they show a step that is not finite."""


def compiled(function: Function) -> Function:
    """The machine code of a function, made at its first call for each combination of types."""
    made: Function = njit(error_model="numpy", fastmath=FAST)(function)
    return made


def inlined(function: Function) -> Function:
    """A function that becomes a part of each compiled function that calls it."""
    made: Function = njit(error_model="numpy", fastmath=FAST, inline="always")(function)
    return made


Link = Callable[[int, Function, Function | None], Function]
UNKNOWN = "no function of the registry has this code"


def by_code(functions: Sequence[Function], link: Link) -> Function:
    """A function ``f(code, …)`` that calls ``functions[code]``, all with equal types.

    ``link`` makes it from a code, its function, and the same for higher codes.
    """
    chosen: Function | None = None
    for code in reversed(range(len(functions))):
        chosen = link(code, functions[code], chosen)
    assert chosen is not None
    return chosen


def value_link(here: int, function: Function, rest: Function | None) -> Function:
    """A link for activations: h of a code, z and a knob."""
    if rest is None:

        def link(code: int, z: float, knob: float) -> Any:
            if code != here:
                raise ValueError(UNKNOWN)
            return function(z, knob)
    else:

        def link(code: int, z: float, knob: float) -> Any:
            if code == here:
                return function(z, knob)
            return rest(code, z, knob)

    return inlined(link)


def slope_link(here: int, function: Function, rest: Function | None) -> Function:
    """A link for their derivatives: dh/dz of a code, z, h and a knob."""
    if rest is None:

        def link(code: int, z: float, h: float, knob: float) -> Any:
            if code != here:
                raise ValueError(UNKNOWN)
            return function(z, h, knob)
    else:

        def link(code: int, z: float, h: float, knob: float) -> Any:
            if code == here:
                return function(z, h, knob)
            return rest(code, z, h, knob)

    return inlined(link)


def call_link(here: int, function: Function, rest: Function | None) -> Function:
    """A link for longer functions with any arguments, which stay functions of their own."""
    if rest is None:

        def link(code: int, *arguments: Any) -> Any:
            if code != here:
                raise ValueError(UNKNOWN)
            return function(*arguments)
    else:

        def link(code: int, *arguments: Any) -> Any:
            if code == here:
                return function(*arguments)
            return rest(code, *arguments)

    return compiled(link)
