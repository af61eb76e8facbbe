"""Batched logistic regressions, against scipy's minimum of their objective, one by one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from livenet.probes.autoencoders.logistic import fit

SHAPES = {  # problems, rows, inputs, classes
    "few rows": (3, 10, 6, 10),
    "a code": (5, 90, 2, 3),
    "more inputs than rows": (2, 40, 64, 4),
    "many rows": (2, 300, 6, 10),
}


def fitted(x: np.ndarray, y: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    found = fit(x, y, classes)
    assert found is not None
    return found


def by_scipy(x: np.ndarray, y: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights (D, C) and biases (C,) that minimise the summed cross-entropy and half the weights'
    squared norm: scikit-learn's objective at C = 1."""
    width = x.shape[1]
    truth = np.eye(classes)[y]
    centre = x.mean(0)  # for the solver's sake: the biases have no penalty

    def objective(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights, biases = flat[classes:].reshape(width, classes), flat[:classes]
        z = (x - centre) @ weights + biases
        error = softmax(z, axis=1) - truth
        loss = -(log_softmax(z, axis=1) * truth).sum() + (weights**2).sum() / 2
        slope = (x - centre).T @ error + weights
        return loss, np.concatenate([error.sum(0), slope.ravel()])

    start = np.zeros(classes * (width + 1))
    options = {"maxiter": 20_000, "maxfun": 50_000, "ftol": 0.0, "gtol": 1e-7}
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options=options)
    assert np.abs(found.jac).max() < 1e-4
    weights = found.x[classes:].reshape(width, classes)
    biases = found.x[:classes] - centre @ weights
    return weights, biases - biases.mean()


def problems(name: str, overlap: float) -> tuple[np.ndarray, np.ndarray, int]:
    """Classes around centres of their own, each class at least once, inputs with a mean."""
    count, rows, width, classes = SHAPES[name]
    draw = np.random.default_rng(3)
    y = np.stack([draw.permutation(np.arange(rows) % classes) for _ in range(count)])
    centres = draw.normal(0, 2, (classes, width))
    return centres[y] + overlap * draw.normal(0, 1, (count, rows, width)) + 5.0, y, classes


@pytest.mark.parametrize("overlap", [0.1, 2.0])
@pytest.mark.parametrize("name", SHAPES)
def test_weights_biases_and_predictions_are_scipys(name: str, overlap: float) -> None:
    x, y, classes = problems(name, overlap)
    weights, biases = fitted(x, y, classes)
    asked = np.random.default_rng(4).normal(5, 3, (200, x.shape[2]))
    for k, (inputs, labels) in enumerate(zip(x, y, strict=True)):
        oracle_weights, oracle_biases = by_scipy(inputs, labels, classes)
        assert np.abs(weights[k] - oracle_weights).max() < 1e-3
        expected = asked @ oracle_weights + oracle_biases
        p = np.exp(asked @ weights[k] + biases[k])
        assert p / p.sum(1, keepdims=True) == pytest.approx(softmax(expected, axis=1), abs=5e-3)
        shown = (asked @ weights[k] + biases[k]).argmax(1)
        assert (shown == expected.argmax(1)).mean() >= 0.99


def test_a_problem_is_fitted_as_if_it_were_alone() -> None:
    x, y, classes = problems("a code", 2.0)
    scaled = x * np.array([1e-3, 1.0, 1.0, 30.0, 1.0])[:, None, None]
    together, _ = fitted(scaled, y, classes)
    for k in range(len(x)):
        alone, _ = fitted(scaled[k : k + 1], y[k : k + 1], classes)
        assert together[k] == pytest.approx(alone[0], abs=2e-3)


def test_a_step_that_goes_too_far_is_taken_back() -> None:
    """Large inputs: whole steps of Newton's method go astray in one problem, not in the other."""
    draw = np.random.default_rng(1)
    y = np.tile(np.arange(10), (2, 1))
    x = draw.normal(0, 10, (2, 10, 2)) * np.array([1.0, 0.01])[:, None, None]
    weights, biases = fitted(x, y, 10)
    for k in range(2):
        oracle_weights, oracle_biases = by_scipy(x[k], y[k], 10)
        assert np.abs(weights[k] - oracle_weights).max() < 5e-3
        assert np.abs(biases[k, 0] - oracle_biases).max() < 5e-3


def test_inputs_that_say_nothing_leave_the_shares_of_the_classes() -> None:
    weights, biases = fitted(np.full((1, 6, 2), 7.0), np.array([[0, 0, 0, 1, 1, 2]]), 3)
    assert weights == pytest.approx(0.0, abs=1e-9)
    shares = np.exp(biases[0, 0]) / np.exp(biases).sum()
    assert shares == pytest.approx([3 / 6, 2 / 6, 1 / 6], abs=1e-3)
