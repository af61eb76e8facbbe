"""The training and evaluation of a multilayer perceptron in machine code.

A network is described by numbers (livenet.training.compiled.layout), so that one compilation serves
all of them. Examples are processed in blocks: a layer's values are (D, LANES), one column per
example, so that every inner loop runs over a fixed number of examples and is vectorised at any
width. In the last block, columns without an example repeat the last one, with δ = 0.

    z(l) = W(l) h(l-1) + b(l)       s(l) = σ(z(l))       h(l) = (s(l) or h(l-1) + s(l)) ⊙ mask
    δ(l) = ∂L/∂z(l)                 ∂L/∂W(l) = δ(l) h(l-1)ᵀ           ∂L/∂h(l-1) = W(l)ᵀ δ(l)
"""

from __future__ import annotations

from math import isfinite, sqrt

import numpy as np

from livenet.training.compiled.layout import (
    BIAS,
    CARRIED,
    COLUMNS,
    D_IN,
    D_OUT,
    DELTA,
    DONE,
    INPUT_ROW,
    KEY,
    LANES,
    LOSS,
    NO_BIAS,
    NORM,
    NOT_FINITE,
    PLANES,
    POSITION,
    RESIDUAL,
    RESULTS,
    ROW,
    SLOPE,
    STEPS,
    STOPPED,
    SUMS,
    VALUE,
    WEIGHT,
    WORDS,
    H,
    M,
    S,
    Z,
)
from livenet.training.compiled.philox import philox_block
from livenet.training.compiled.translation import (
    array_at,
    call,
    compiled,
    each,
    lanes_of,
    part,
    put_lanes,
    rows_of,
    total,
)

# Arrays of a block are flat here: row j has the places j · LANES to (j + 1) · LANES. Products make
# four rows in each pass, so that what is loaded for one is used for four.


@compiled
def product(w, right, result, inner, rows, row_stride, inner_stride):
    """result += A right, with A_ji = w[j · row_stride + i · inner_stride]."""
    for j in range(0, rows - rows % 4, 4):
        start, place = j * LANES, j * row_stride
        r0, r1 = lanes_of(result, start), lanes_of(result, start + LANES)
        r2, r3 = lanes_of(result, start + 2 * LANES), lanes_of(result, start + 3 * LANES)
        for i in range(inner):
            value = lanes_of(right, i * LANES)
            r0 = r0 + each(w[place]) * value
            r1 = r1 + each(w[place + row_stride]) * value
            r2 = r2 + each(w[place + 2 * row_stride]) * value
            r3 = r3 + each(w[place + 3 * row_stride]) * value
            place += inner_stride
        put_lanes(result, start, r0)
        put_lanes(result, start + LANES, r1)
        put_lanes(result, start + 2 * LANES, r2)
        put_lanes(result, start + 3 * LANES, r3)
    for j in range(rows - rows % 4, rows):
        place = j * row_stride
        r0 = lanes_of(result, j * LANES)
        for i in range(inner):
            r0 = r0 + each(w[place]) * lanes_of(right, i * LANES)
            place += inner_stride
        put_lanes(result, j * LANES, r0)


@compiled
def multiply(w, h, z, d_in, d_out):
    """z += W h, with W (D_out · D_in,), h (D_in · LANES,) and z (D_out · LANES,)."""
    product(w, h, z, d_in, d_out, d_in, 1)


@compiled
def multiply_back(w, delta, into, d_in, d_out):
    """into += Wᵀ δ, with W (D_out · D_in,), δ (D_out · LANES,) and into (D_in · LANES,)."""
    product(w, delta, into, d_out, d_in, 1, d_in)


@compiled
def add_outer(g, delta, h, turned, d_in, d_out):
    """G += δ hᵀ, with G (D_out · D_in,), δ (D_out · LANES,) and h (D_in · LANES,).

    Whole groups of LANES columns of G are sums over examples of vectors along a row, for which h is
    transposed into ``turned`` (LANES · LANES,); the rest are sums over the lanes.
    """
    whole = d_in - d_in % LANES
    for first in range(0, whole, LANES):
        for b in range(LANES):
            for i in range(LANES):
                turned[b * LANES + i] = h[(first + i) * LANES + b]
        for j in range(d_out):
            sums = lanes_of(g, j * d_in + first)
            for b in range(LANES):
                sums = sums + each(delta[j * LANES + b]) * lanes_of(turned, b * LANES)
            put_lanes(g, j * d_in + first, sums)
    for j in range(d_out):
        mine = lanes_of(delta, j * LANES)
        for i in range(whole, d_in):
            g[j * d_in + i] += total(mine * lanes_of(h, i * LANES))


@compiled
def masks(key, step, draw, keep, first, m, d_out, count, words):
    """Writes the dropout factors of examples ``first`` … into m (D · LANES,)."""
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
            m[j * LANES + b] = scale if drawn < limit else 0


@compiled
def forward(layers, knobs, phi, values, count, dropout, key, step, first, words):
    """Computes all layers of a block whose h(0) is in place; θ is the z of the last layer."""
    for number in range(len(layers)):
        layer = layers[number]
        d_in, d_out, row = layer[D_IN], layer[D_OUT], layer[ROW]
        h, z = rows_of(values, H, layer[INPUT_ROW], d_in), rows_of(values, Z, row, d_out)
        for j in range(d_out):
            bias = phi[layer[BIAS] + j] if layer[BIAS] != NO_BIAS else phi.dtype.type(0)
            put_lanes(z, j * LANES, each(bias))
        multiply(part(phi, layer[WEIGHT], d_in * d_out), h, z, d_in, d_out)
        if number == len(layers) - 1:
            return
        s, out = rows_of(values, S, row, d_out), rows_of(values, H, row, d_out)
        call(layer[VALUE], (z.ctypes.data, s.ctypes.data, d_out * LANES, knobs[number]))
        for j in range(0, d_out * LANES, LANES):
            value = lanes_of(s, j)
            if layer[RESIDUAL]:
                value = value + lanes_of(h, j)
            put_lanes(out, j, value)
        if dropout > 0:
            m = rows_of(values, M, row, d_out)
            masks(key, step, np.uint64(number), 1 - dropout, first, m, d_out, count, words)
            for j in range(0, d_out * LANES, LANES):
                put_lanes(out, j, lanes_of(out, j) * lanes_of(m, j))


@compiled
def backward(layers, knobs, phi, g, values, turned, dropout):
    """Adds a block's gradient to g; δ of the last layer is in place."""
    for number in range(len(layers) - 1, -1, -1):
        layer = layers[number]
        d_in, d_out, row, below = layer[D_IN], layer[D_OUT], layer[ROW], layer[INPUT_ROW]
        delta, h = rows_of(values, DELTA, row, d_out), rows_of(values, H, below, d_in)
        add_outer(part(g, layer[WEIGHT], d_in * d_out), delta, h, turned, d_in, d_out)
        if layer[BIAS] != NO_BIAS:
            for j in range(d_out):
                g[layer[BIAS] + j] += total(lanes_of(delta, j * LANES))
        if number == 0:
            return
        into = rows_of(values, CARRIED, below, d_in)  # ∂L/∂h(l-1), without its mask
        carried = rows_of(values, CARRIED, row, d_out)
        for j in range(0, d_in * LANES, LANES):
            put_lanes(into, j, lanes_of(carried, j) if layer[RESIDUAL] else each(phi.dtype.type(0)))
        multiply_back(part(phi, layer[WEIGHT], d_in * d_out), delta, into, d_in, d_out)
        if dropout > 0:
            m = rows_of(values, M, below, d_in)
            for j in range(0, d_in * LANES, LANES):
                put_lanes(into, j, lanes_of(into, j) * lanes_of(m, j))
        z, s = rows_of(values, Z, below, d_in), rows_of(values, S, below, d_in)
        under = rows_of(values, DELTA, below, d_in)
        places = into.ctypes.data, z.ctypes.data, s.ctypes.data, under.ctypes.data
        call(layers[number - 1][SLOPE], (*places, d_in * LANES, knobs[number - 1]))


@compiled
def pass_block(
    layers, knobs, phi, x, y, rows, first, count, loss, sigma, dropout, key, step, values, targets,
    words, sums,
):  # fmt: skip
    """Passes examples ``rows[first : first + count]`` of x (N, D) and y (N,) through the network.

    Adds to the sums, and writes ∂(−log p)/∂θ of each example into the last layer's δ.
    """
    last = layers[len(layers) - 1]
    theta = rows_of(values, Z, last[ROW], last[D_OUT])
    delta = rows_of(values, DELTA, last[ROW], last[D_OUT])
    h = rows_of(values, H, 0, x.shape[1])
    for b in range(LANES):
        row = rows[first + min(b, count - 1)]
        targets[b] = y[row]
        for i in range(x.shape[1]):
            h[i * LANES + b] = x[row, i]
    forward(layers, knobs, phi, values, count, dropout, key, step, first, words)
    places = theta.ctypes.data, targets.ctypes.data, delta.ctypes.data, sums.ctypes.data
    call(loss, (*places, last[D_OUT], count, sigma))


@compiled
def gradient(
    layers, knobs, phi, g, x, y, rows, loss, sigma, dropout, key, step, values, turned,
    targets, words, sums,
):  # fmt: skip
    """Writes ∂L/∂φ of a minibatch (B,) into g, without penalties; returns L in nats."""
    g[:] = 0
    sums[:] = 0
    size, last = len(rows), layers[len(layers) - 1]
    delta = rows_of(values, DELTA, last[ROW], last[D_OUT])
    share = phi.dtype.type(1 / size)
    for first in range(0, size, LANES):
        count = min(LANES, size - first)
        pass_block(
            layers, knobs, phi, x, y, rows, first, count, loss, sigma, dropout, key, step, values,
            targets, words, sums,
        )  # fmt: skip
        for k in range(last[D_OUT]):
            for b in range(LANES):
                place = k * LANES + b
                delta[place] = delta[place] * share if b < count else 0
        backward(layers, knobs, phi, g, values, turned, dropout)
    return sums[0] / size


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


def train(
    layers, knobs, depth, phi, g, size, state, states, x, y, examples, inputs, order, epochs,
    position, batch, etas, steps, step, loss, sigma, l1, l2, dropout, key, update, numbers, values,
    rows, turned, targets, words, sums, results,
):  # fmt: skip
    """Does a step for each of ``etas``, after ``step`` finished steps, on the minibatches from
    ``position`` of the epochs in ``order`` (E, N), the last one of each epoch smaller.

    Stops before the update of a step whose loss or gradient is not finite.
    """
    layers, knobs = array_at(layers, (depth, COLUMNS)), array_at(knobs, (depth,))
    phi, g = array_at(phi, (size,)), array_at(g, (size,))
    x, y = array_at(x, (examples, inputs)), array_at(y, (examples,))
    order, etas = array_at(order, (epochs * examples,)), array_at(etas, (steps,))
    key, results = array_at(key, (KEY,)), array_at(results, (RESULTS,))
    values, targets = array_at(values, (PLANES * rows * LANES,)), array_at(targets, (LANES,))
    words, sums = array_at(words, (WORDS,)), array_at(sums, (SUMS,))
    turned = array_at(turned, (LANES * LANES,))
    norm = nats = 0.0
    results[STOPPED] = DONE
    for done in range(steps):
        left = examples - position % examples
        chosen = part(order, position, min(batch, left))
        nats = gradient(
            layers, knobs, phi, g, x, y, chosen, loss, sigma, dropout, key, np.uint64(step + done),
            values, turned, targets, words, sums,
        )  # fmt: skip
        penalize(phi, g, l1, l2)
        square = phi.dtype.type(0)
        for i in range(size):
            square += g[i] * g[i]
        if not isfinite(nats) or not isfinite(square):
            results[STOPPED] = NOT_FINITE
            steps = done
            break
        norm = sqrt(square)
        places = phi.ctypes.data, g.ctypes.data, state, numbers
        call(update, (*places, size, states, etas[done], step + done + 1))
        position += len(chosen)
    results[STEPS], results[POSITION], results[LOSS], results[NORM] = steps, position, nats, norm


def evaluate(
    layers, knobs, depth, phi, size, x, y, examples, inputs, chosen, loss, sigma, values, rows,
    turned, targets, words, sums,
):  # fmt: skip
    """Writes the sums over ``chosen`` (N,), all examples."""
    layers, knobs, phi = (
        array_at(layers, (depth, COLUMNS)),
        array_at(knobs, (depth,)),
        array_at(phi, (size,)),
    )
    x, y = array_at(x, (examples, inputs)), array_at(y, (examples,))
    chosen = array_at(chosen, (examples,))
    values, targets = array_at(values, (PLANES * rows * LANES,)), array_at(targets, (LANES,))
    words, sums = array_at(words, (WORDS,)), array_at(sums, (SUMS,))
    sums[:] = 0
    for first in range(0, examples, LANES):
        count = min(LANES, examples - first)
        pass_block(
            layers, knobs, phi, x, y, chosen, first, count, loss, sigma, 0.0, words, np.uint64(0),
            values, targets, words, sums,
        )  # fmt: skip


def maps(
    layers, knobs, depth, phi, size, x, points, inputs, first, into, units, values, rows, turned,
    targets, words, sums,
):  # fmt: skip
    """Writes rows ``first`` … of a block's values at points x (N, D(0)) into ``into`` (units, N):
    h(0), then h(l) of every layer, and θ at the end."""
    layers, knobs = array_at(layers, (depth, COLUMNS)), array_at(knobs, (depth,))
    phi, x = array_at(phi, (size,)), array_at(x, (points, inputs))
    into, values = array_at(into, (units, points)), array_at(values, (PLANES * rows * LANES,))
    words = array_at(words, (WORDS,))
    h, z = rows_of(values, H, 0, rows), rows_of(values, Z, 0, rows)
    theta = layers[depth - 1][ROW]
    for start in range(0, points, LANES):
        count = min(LANES, points - start)
        for b in range(LANES):
            point = start + min(b, count - 1)
            for i in range(inputs):
                h[i * LANES + b] = x[point, i]
        forward(layers, knobs, phi, values, count, 0.0, words, np.uint64(0), start, words)
        for unit in range(units):
            row = first + unit
            place = row * LANES
            for b in range(count):
                into[unit, start + b] = h[place + b] if row < theta else z[place + b]
