"""The counter-based generator Philox4x64-10 (Salmon et al. 2011), as NumPy's Philox computes it.

Every draw is a pure function of a key and a counter, so that no generator is seeded for a mask:
livenet.models.step_random draws the same numbers with NumPy.
"""

from __future__ import annotations

import numpy as np

from livenet.training.compiled.translation import compiled

MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
HALF = np.uint64(32)
LOW = np.uint64(0xFFFFFFFF)
ROUNDS = 10


@compiled
def high_product(a, b):
    """The upper 64 bits of the product of two uint64."""
    a_low, a_high = a & LOW, a >> HALF
    b_low, b_high = b & LOW, b >> HALF
    middle = a_high * b_low + ((a_low * b_low) >> HALF)
    carried = (middle & LOW) + a_low * b_high
    return a_high * b_high + (middle >> HALF) + (carried >> HALF)


@compiled
def philox_block(key, block, draw, step, words):
    """Writes the 4 words of the counter (block, draw, step, 0) for a key (2,), all uint64."""
    c0, c1, c2, c3 = block, draw, step, np.uint64(0)
    k0, k1 = key[0], key[1]
    for _ in range(ROUNDS):
        high_0, low_0 = high_product(MULTIPLIER_0, c0), MULTIPLIER_0 * c0
        high_1, low_1 = high_product(MULTIPLIER_1, c2), MULTIPLIER_1 * c2
        c0, c1, c2, c3 = high_1 ^ c1 ^ k0, low_1, high_0 ^ c3 ^ k1, low_0
        k0 += WEYL_0
        k1 += WEYL_1
    words[0], words[1], words[2], words[3] = c0, c1, c2, c3
