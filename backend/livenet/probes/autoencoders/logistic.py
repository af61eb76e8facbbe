"""Multinomial logistic regression, many of one shape at once, in NumPy.

It minimizes Σ_n −log softmax(xₙW + b)[yₙ] + ½‖W‖², with b not penalized: scikit-learn's objective
for C = 1. Newton's method, with steps by conjugate gradients, which need no explicit Hessian.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livenet.budget import Budget

Floats = NDArray[np.float64]
Array = NDArray[Any]

TOLERANCE = 1e-3
"""Of the gradient's norm: the Hessian is at least 1 in W, so no W is farther from the optimum."""
WIDE = 2  # dimensions per row from which inputs are written in a basis of the rows' span
STEPS = 50  # of Newton's method, at most: some ten are taken
INNER = 50  # conjugate gradients of a step, at most
MIN_SHARE = 1e-6  # the smallest share of a step that is tried


def fit(
    x: Floats, y: Array, classes: int, budget: Budget | None = None
) -> tuple[Floats, Floats] | None:
    """W (B, D, K) and b (B, 1, K) of B problems: inputs (B, N, D), classes (B, N) from 0 to K − 1.
    None where the budget ends before they are fitted.

    The inputs must be finite. One number added to all biases changes nothing: they are those
    that sum to 0.
    """
    if budget is None:
        budget = Budget.unlimited()
    mean = x.mean(1, keepdims=True)
    # Centred inputs decouple W from the bias, and a step needs fewer gradients.
    centred, basis = _reduced(x - mean)
    inputs = np.concatenate([centred, np.ones((*x.shape[:2], 1))], axis=2)
    targets = np.eye(classes)[y]
    decay = np.ones((inputs.shape[2], 1))
    decay[-1] = 0.0
    back = inputs.swapaxes(1, 2)
    w = np.zeros((len(x), inputs.shape[2], classes))
    loss, p = _costs(inputs, targets, decay, w)
    for _ in range(STEPS):
        gradient = back @ (p - targets) + decay * w
        size = _norm(gradient)
        if (size <= TOLERANCE).all():
            break
        precision = np.minimum(0.1, np.sqrt(size))
        step = _newton(inputs, back, decay, p, gradient, precision, budget)
        if budget.spent:
            return None
        w, loss, p = _descended(inputs, targets, decay, w, step, loss, p)
    weights = w[:, :-1] if basis is None else basis @ w[:, :-1]
    biases = w[:, -1:] - mean @ weights
    return weights, biases - biases.mean(2, keepdims=True)


def _reduced(x: Floats) -> tuple[Floats, Floats | None]:
    """Inputs of many more dimensions than rows (B, N, D) in an orthonormal basis (B, D, N) of the
    space that the rows span: W lies in it, since what is orthogonal to all rows only adds to ‖W‖.
    """
    if x.shape[2] < WIDE * x.shape[1]:
        return x, None
    basis, lengths = np.linalg.qr(x.swapaxes(1, 2))
    return lengths.swapaxes(1, 2), basis


def _costs(inputs: Floats, targets: Floats, decay: Floats, w: Floats) -> tuple[Floats, Floats]:
    """The objective of each problem (B,), and its probabilities (B, N, K)."""
    logits = inputs @ w
    logits -= logits.max(2, keepdims=True)
    p = np.exp(logits)
    total = p.sum(2, keepdims=True)
    p /= total
    nats = np.log(total).sum((1, 2)) - (logits * targets).sum((1, 2))
    return nats + 0.5 * (decay * w * w).sum((1, 2)), p


def _newton(
    inputs: Floats,
    back: Floats,
    decay: Floats,
    p: Floats,
    gradient: Floats,
    precision: Floats,
    budget: Budget,
) -> Floats:
    """−H⁻¹ gradient, to a share of the gradient's norm: conjugate gradients from 0, as many as the
    budget allows."""
    found = np.zeros_like(gradient)
    rest = -gradient
    way = rest
    old = (rest * rest).sum((1, 2))
    objective = old * precision**2
    for _ in range(INNER):
        going = old > objective
        if not going.any() or budget.spent:
            break
        moved = inputs @ way
        moved -= (p * moved).sum(2, keepdims=True)
        bent = back @ (p * moved) + decay * way
        curve = (way * bent).sum((1, 2))
        # A solved problem does not change while the others continue.
        length = _column(np.divide(old, curve, out=np.zeros_like(old), where=going & (curve > 0)))
        found = found + length * way
        rest = rest - length * bent
        new = (rest * rest).sum((1, 2))
        way = rest + _column(np.divide(new, old, out=np.zeros_like(old), where=going)) * way
        old = new
    return found


def _descended(
    inputs: Floats, targets: Floats, decay: Floats, w: Floats, step: Floats, loss: Floats, p: Floats
) -> tuple[Floats, Floats, Floats]:
    """The step, halved for problems where it would raise the objective, finally to 0."""
    share = np.ones(len(w))
    while True:
        tried = w + _column(share) * step
        found, likely = _costs(inputs, targets, decay, tried)
        worse = found > loss + 1e-12 * np.abs(loss)
        if not worse.any():
            return tried, found, likely
        share = np.where(worse, np.where(share > MIN_SHARE, share / 2, 0.0), share)


def _norm(of: Floats) -> Floats:
    found: Floats = np.sqrt((of * of).sum((1, 2)))
    return found


def _column(values: Array) -> Array:
    """One number per problem (B,), shaped to broadcast with its matrix."""
    return values[:, None, None]
