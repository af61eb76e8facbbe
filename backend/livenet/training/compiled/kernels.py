"""The training and evaluation of a multilayer perceptron in machine code.

A network is described by numbers (livenet.training.compiled.layout), so that one compilation serves
all of them. Examples are processed in blocks: a layer's values are (D, LANES), one column per
example, so that every inner loop runs over examples and is vectorised at any width.

    z(l) = W(l) h(l-1) + b(l)       s(l) = σ(z(l))       h(l) = (s(l) or h(l-1) + s(l)) ⊙ mask
    δ(l) = ∂L/∂z(l)                 ∂L/∂W(l) = δ(l) h(l-1)ᵀ           ∂L/∂h(l-1) = W(l)ᵀ δ(l)
"""

from __future__ import annotations

from math import isfinite, sqrt

import numpy as np
from numba import njit, types

from livenet.spec.activations import ROWS
from livenet.training.compiled.dispatch import (
    FAST,
    by_code,
    call_link,
    compiled,
    inlined,
    slope_link,
    value_link,
)
from livenet.training.compiled.philox import philox_block
from livenet.training.likelihoods import EXAMPLES
from livenet.training.optimizers import UPDATES

entry = njit(error_model="numpy", fastmath=FAST)
LANES = 32  # examples of a block

SCALARS = [row for row in ROWS if row.scalar and row.slope]
ACTIVATION_CODES = {row.kind: code for code, row in enumerate(SCALARS)}
LIKELIHOOD_CODES = {kind: code for code, kind in enumerate(EXAMPLES)}
OPTIMIZER_CODES = {kind: code for code, kind in enumerate(UPDATES)}

sigma_of = by_code([inlined(row.scalar) for row in SCALARS if row.scalar], value_link)
slope_of = by_code([inlined(row.slope) for row in SCALARS if row.slope], slope_link)
example = by_code([compiled(function) for function in EXAMPLES.values()], call_link)
update = by_code([compiled(one.update) for one in UPDATES.values()], call_link)

# Columns of a layer's description.
D_IN, D_OUT, WEIGHT, BIAS, ACTIVATION, RESIDUAL, INPUT_ROW, ROW = range(8)
NO_BIAS = -1
# Rows of the values of a block.
Z, S, H, M, DELTA, CARRIED = range(6)
PLANES = 6
# Why training stopped.
DONE, NOT_FINITE = range(2)


@compiled
def activate(code, z, s, count, knob):
    """s = σ(z) in the first ``count`` columns of z and s (D, B)."""
    for j in range(z.shape[0]):
        for b in range(count):
            s[j, b] = sigma_of(code, z[j, b], knob)


@compiled
def differentiate(code, delta, z, s, count, knob):
    """δ ← δ σ′(z) in the first ``count`` columns of δ, z and s = σ(z), each (D, B)."""
    for j in range(z.shape[0]):
        for b in range(count):
            delta[j, b] *= slope_of(code, z[j, b], s[j, b], knob)


# Products take four terms in each pass over the examples, so that a value is loaded and stored once
# for four multiplications.


@compiled
def multiply(w, h, z, d_in, d_out, count):
    """z += W h, with W (D_out · D_in,), h (D_in, B) and z (D_out, B)."""
    whole = d_in - d_in % 4
    for j in range(d_out):
        row = j * d_in
        for i in range(0, whole, 4):
            w0, w1, w2, w3 = w[row + i], w[row + i + 1], w[row + i + 2], w[row + i + 3]
            for b in range(count):
                z[j, b] += w0 * h[i, b] + w1 * h[i + 1, b] + w2 * h[i + 2, b] + w3 * h[i + 3, b]
        for i in range(whole, d_in):
            w0 = w[row + i]
            for b in range(count):
                z[j, b] += w0 * h[i, b]


@compiled
def multiply_back(w, delta, into, d_in, d_out, count):
    """into += Wᵀ δ, with W (D_out · D_in,), δ (D_out, B) and into (D_in, B)."""
    whole = d_out - d_out % 4
    for i in range(d_in):
        for j in range(0, whole, 4):
            place = j * d_in + i
            w0, w1, w2, w3 = w[place], w[place + d_in], w[place + 2 * d_in], w[place + 3 * d_in]
            for b in range(count):
                into[i, b] += (
                    w0 * delta[j, b]
                    + w1 * delta[j + 1, b]
                    + w2 * delta[j + 2, b]
                    + w3 * delta[j + 3, b]
                )
        for j in range(whole, d_out):
            w0 = w[j * d_in + i]
            for b in range(count):
                into[i, b] += w0 * delta[j, b]


@compiled
def add_outer(g, delta, h, d_in, d_out, count):
    """G += δ hᵀ, with G (D_out · D_in,), δ (D_out, B) and h (D_in, B)."""
    zero = g.dtype.type(0)
    whole = d_in - d_in % 4
    for j in range(d_out):
        row = j * d_in
        for i in range(0, whole, 4):
            g0 = g1 = g2 = g3 = zero
            for b in range(count):
                d = delta[j, b]
                g0 += d * h[i, b]
                g1 += d * h[i + 1, b]
                g2 += d * h[i + 2, b]
                g3 += d * h[i + 3, b]
            g[row + i] += g0
            g[row + i + 1] += g1
            g[row + i + 2] += g2
            g[row + i + 3] += g3
        for i in range(whole, d_in):
            g0 = zero
            for b in range(count):
                g0 += delta[j, b] * h[i, b]
            g[row + i] += g0


@compiled
def masks(key, step, draw, keep, first, m, d_out, count):
    """Writes the dropout factors of examples ``first`` … into m (D, B)."""
    words = np.empty(4, np.uint64)
    limit = np.uint64(keep * 4294967296.0)
    scale = m.dtype.type(1 / keep)
    block = np.uint64(0)
    for b in range(count):
        for j in range(d_out):
            index = np.uint64((first + b) * d_out + j)
            wanted = (index >> np.uint64(3)) + np.uint64(1)
            if wanted != block:
                philox_block(key, wanted, draw, step, words)
                block = wanted
            place = index & np.uint64(7)
            word = words[place >> np.uint64(1)]
            drawn = (word >> (np.uint64(32) * (place & np.uint64(1)))) & np.uint64(0xFFFFFFFF)
            m[j, b] = scale if drawn < limit else 0


@compiled
def forward(layers, knobs, phi, values, count, dropout, key, step, first):
    """Computes all layers of a block whose h(0) is in place; θ is the z of the last layer."""
    for number in range(len(layers)):
        layer = layers[number]
        d_in, d_out, row = layer[D_IN], layer[D_OUT], layer[ROW]
        h = values[H, layer[INPUT_ROW] : layer[INPUT_ROW] + d_in]
        z = values[Z, row : row + d_out]
        for j in range(d_out):
            bias = phi[layer[BIAS] + j] if layer[BIAS] != NO_BIAS else phi.dtype.type(0)
            for b in range(count):
                z[j, b] = bias
        multiply(phi[layer[WEIGHT] :], h, z, d_in, d_out, count)
        if number == len(layers) - 1:
            return
        s = values[S, row : row + d_out]
        out = values[H, row : row + d_out]
        activate(layer[ACTIVATION], z, s, count, knobs[number])
        for j in range(d_out):
            for b in range(count):
                out[j, b] = s[j, b] + h[j, b] if layer[RESIDUAL] else s[j, b]
        if dropout > 0:
            m = values[M, row : row + d_out]
            masks(key, step, np.uint64(number), 1 - dropout, first, m, d_out, count)
            for j in range(d_out):
                for b in range(count):
                    out[j, b] *= m[j, b]


@compiled
def backward(layers, knobs, phi, g, values, count, dropout):
    """Adds a block's gradient to g; δ of the last layer is in place."""
    for number in range(len(layers) - 1, -1, -1):
        layer = layers[number]
        d_in, d_out, row, below = layer[D_IN], layer[D_OUT], layer[ROW], layer[INPUT_ROW]
        delta = values[DELTA, row : row + d_out]
        h = values[H, below : below + d_in]
        add_outer(g[layer[WEIGHT] :], delta, h, d_in, d_out, count)
        if layer[BIAS] != NO_BIAS:
            for j in range(d_out):
                total = phi.dtype.type(0)
                for b in range(count):
                    total += delta[j, b]
                g[layer[BIAS] + j] += total
        if number == 0:
            return
        before = layers[number - 1]
        into = values[CARRIED, below : below + d_in]  # ∂L/∂h(l-1), without its mask
        for i in range(d_in):
            for b in range(count):
                into[i, b] = 0
        multiply_back(phi[layer[WEIGHT] :], delta, into, d_in, d_out, count)
        if layer[RESIDUAL]:
            carried = values[CARRIED, row : row + d_out]
            for i in range(d_in):
                for b in range(count):
                    into[i, b] += carried[i, b]
        if dropout > 0:
            m = values[M, below : below + d_in]
            for i in range(d_in):
                for b in range(count):
                    into[i, b] *= m[i, b]
        under = values[DELTA, below : below + d_in]
        for i in range(d_in):
            for b in range(count):
                under[i, b] = into[i, b]
        z, s = values[Z, below : below + d_in], values[S, below : below + d_in]
        differentiate(before[ACTIVATION], under, z, s, count, knobs[number - 1])


@compiled
def gather(x, rows, first, values, count):
    """Copies the examples ``rows[first : first + count]`` of x (N, D) into h(0)."""
    for b in range(count):
        row = rows[first + b]
        for i in range(x.shape[1]):
            values[H, i, b] = x[row, i]


@compiled
def gradient(layers, knobs, phi, g, x, y, rows, likelihood, sigma, dropout, key, step, values):
    """Writes ∂L/∂φ of a minibatch (B,) into g, without penalties; returns L in nats."""
    g[:] = 0
    size, last = len(rows), layers[len(layers) - 1]
    theta = values[Z, last[ROW] : last[ROW] + last[D_OUT]]
    delta = values[DELTA, last[ROW] : last[ROW] + last[D_OUT]]
    share = phi.dtype.type(1 / size)
    loss = 0.0
    for first in range(0, size, LANES):
        count = min(LANES, size - first)
        gather(x, rows, first, values, count)
        forward(layers, knobs, phi, values, count, dropout, key, step, first)
        for b in range(count):
            loss += example(likelihood, theta, y[rows[first + b]], b, sigma, delta)[0]
            for k in range(last[D_OUT]):
                delta[k, b] *= share
        backward(layers, knobs, phi, g, values, count, dropout)
    return loss / size


@compiled
def penalize(phi, g, l1, l2):
    """g += λ₂φ + λ₁ sign φ."""
    if l2 > 0:
        strength = phi.dtype.type(l2)
        for i in range(len(phi)):
            g[i] += strength * phi[i]
    if l1 > 0:
        strength = phi.dtype.type(l1)
        for i in range(len(phi)):
            g[i] += strength * np.sign(phi[i])


@entry
def train(
    layers, knobs, phi, g, state, x, y, order, batch, etas, step, likelihood, sigma, penalties,
    key, optimizer, numbers, values,
):  # fmt: skip
    """Does a step for each of ``etas``, on the minibatches of ``order`` (N,), the last one smaller.

    Returns why it stopped, the finished steps, and the last step's L and ‖g‖. Stops before the
    update of a step whose loss or gradient is not finite.
    """
    l1, l2, dropout = penalties
    norm = loss = 0.0
    for done in range(len(etas)):
        rows = order[done * batch : (done + 1) * batch]
        loss = gradient(
            layers, knobs, phi, g, x, y, rows, likelihood, sigma, dropout, key,
            np.uint64(step + done), values,
        )  # fmt: skip
        penalize(phi, g, l1, l2)
        square = phi.dtype.type(0)
        for i in range(len(g)):
            square += g[i] * g[i]
        if not isfinite(loss) or not isfinite(square):
            return NOT_FINITE, done, loss, norm
        norm = sqrt(square)
        update(optimizer, phi, g, state, numbers, etas[done], step + done + 1)
    return DONE, len(etas), loss, norm


@entry
def evaluate(layers, knobs, phi, x, y, likelihood, sigma, values, sums):
    """Writes [Σ −log p, count, Σ measure] over all examples into ``sums`` (3,)."""
    last = layers[len(layers) - 1]
    theta = values[Z, last[ROW] : last[ROW] + last[D_OUT]]
    delta = values[DELTA, last[ROW] : last[ROW] + last[D_OUT]]
    key = np.zeros(2, np.uint64)
    sums[:] = 0
    for first in range(0, len(x), LANES):
        count = min(LANES, len(x) - first)
        for b in range(count):
            for i in range(x.shape[1]):
                values[H, i, b] = x[first + b, i]
        forward(layers, knobs, phi, values, count, 0.0, key, np.uint64(0), first)
        for b in range(count):
            loss, measure = example(likelihood, theta, y[first + b], b, sigma, delta)
            sums[0] += loss
            sums[2] += measure
    sums[1] = len(x)


# The types of the arguments in training: single precision, and contiguous memory.
REALS, MATRIX, WORDS = types.float32[::1], types.float32[:, ::1], types.uint64[::1]
NETWORK = types.int64[:, ::1], REALS, REALS
DATA = MATRIX, REALS
LOSS = types.int64, types.float64
BLOCK = types.float32[:, :, ::1]
TRAIN = (
    *NETWORK, REALS, MATRIX, *DATA, types.int64[::1], types.int64, types.float64[::1], types.int64,
    *LOSS, types.UniTuple(types.float64, 3), WORDS, types.int64, types.float64[::1], BLOCK,
)  # fmt: skip
EVALUATE = (*NETWORK, *DATA, *LOSS, BLOCK, types.float64[::1])


def load() -> None:
    """Compiles the entry points, or reads them from Numba's cache. Calls with other types are
    errors from then on: compiling for them would take seconds unnoticed."""
    for function, signature in ((train, TRAIN), (evaluate, EVALUATE)):
        function.enable_caching()
        function.compile(signature)
        function.disable_compile()
