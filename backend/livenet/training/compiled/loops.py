"""The loops over arrays in which the registries' plain functions become machine code.

Arguments are as in livenet.training.compiled.layout.
"""

from __future__ import annotations

from typing import Any

from livenet.training.compiled.layout import LANES, NUMBERS
from livenet.training.compiled.translation import array_at


def one(*arguments: Any) -> Any:
    """Stands for the plain function, which livenet.training.compiled.build puts in its place."""
    raise NotImplementedError


def value(z, s, count, knob):
    for b in range(count):
        s[b] = one(z[b], knob)


def slope(carried, z, s, delta, count, knob):
    for b in range(count):
        delta[b] = carried[b] * one(z[b], s[b], knob)


def loss(theta, y, delta, sums, outputs, count, sigma):
    thetas, deltas = array_at(theta, (outputs, LANES)), array_at(delta, (outputs, LANES))
    # Added up in registers: LLVM cannot know that ``deltas`` and ``sums`` do not overlap.
    all_nats = all_measures = 0.0
    for b in range(count):
        nats, measure = one(thetas, y[b], b, sigma, deltas)
        all_nats += nats
        all_measures += measure
    sums[0] += all_nats
    sums[1] += all_measures


def update(phi, g, state, numbers, size, states, eta, t):
    one(
        array_at(phi, (size,)), array_at(g, (size,)), array_at(state, (states, size)),
        array_at(numbers, (NUMBERS,)), eta, t,
    )  # fmt: skip
