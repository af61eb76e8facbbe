"""From θ to the distribution that it stands for, to the loss, and back to ∂ℓ/∂θ.

ℓ is the loss of one example, in nats; δ = ∂ℓ/∂θ. To add an objective, add a class here and its line
in ``PREDICTIONS``.
"""

from __future__ import annotations

import re
from math import log
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from livenet.pictures import Equation, Operand, Sign, Term, Worked
from livenet.probes.steps.equations import (
    Named,
    Numbers,
    array,
    combined,
    factor,
    number,
    operand,
    pointwise,
)
from livenet.spec import objective
from livenet.training.likelihoods import HALF_LOG_2PI, Gaussian, Likelihood, RealSteps


class Prediction(Protocol):
    """One example's θ (K,) and y, in equations."""

    def predicted(self, row: int) -> Equation | None:
        """The distribution's parameter from θ; None if it is θ itself."""

    def loss(self) -> Equation:
        """ℓ = −log p(y | θ)."""
        ...

    def delta(self, symbol: str, row: int) -> Equation:
        """∂ℓ/∂θ (K, 1), called ``symbol``."""
        ...


def _loss(terms: list[Term], total: float, formula: str) -> Equation:
    items: tuple[Operand | Sign, ...] = (operand(Named(r"\ell", np.array([[total]])), 0, 0),)
    return Equation(formula, items, Worked(r"\ell", 0, 0, tuple(terms), total))


class Bernoulli:
    """λ = p(y = 1), the sigmoid of θ."""

    def __init__(self, likelihood: Likelihood, theta: Tensor, y: Tensor) -> None:
        self.y = float(y)
        self.theta = Named(r"\theta", array(theta))
        self.nll = float(likelihood.nll(theta[None], y[None]))
        self.p = Named("p", array(likelihood.mean(theta[None])[0]), colors="sequential", peak=1.0)
        self.back = array(likelihood.gradient(theta[None], y[None])[0])

    def predicted(self, row: int) -> Equation | None:
        return pointwise(
            self.p,
            self.theta,
            lambda z: rf"\sigma\left({z}\right)",
            formula=r"p = p(y{=}1 \mid x) = \sigma(\theta) = \frac{1}{1 + e^{-\theta}}",
            at=(0, 0),
        )

    def loss(self) -> Equation:
        p = self.p.at(0, 0)
        theta = float(self.theta.values[0, 0])
        # log λ = −log(1 + e^−θ), which is finite where λ rounds to 0 or 1.
        terms = [
            Term(
                r"-y \log p",
                rf"-{number(self.y)} \times \log {factor(p)}",
                self.y * float(np.logaddexp(0.0, -theta)),
            ),
            Term(
                r"-(1 - y) \log(1 - p)",
                rf"-{number(1 - self.y)} \times \log {factor(1 - p)}",
                (1 - self.y) * float(np.logaddexp(0.0, theta)),
            ),
        ]
        return _loss(terms, self.nll, r"\ell = -\log p(y \mid x) = -y\log p-(1-y)\log(1-p)")

    def delta(self, symbol: str, row: int) -> Equation:
        y = Named("y", np.array([[self.y]], np.float32))
        return combined(
            Named(symbol, self.back),
            [self.p, y],
            "-",
            formula=rf"{symbol} = \frac{{\partial \ell}}{{\partial \theta}} = p - y",
            at=(0, 0),
        )


class Categorical:
    """p, the softmax of θ (K,)."""

    def __init__(self, likelihood: Likelihood, theta: Tensor, y: Tensor) -> None:
        self.y = int(y)
        self.theta = Named(r"\theta", array(theta))
        self.p = Named("p", array(theta.softmax(0)), colors="sequential", peak=1.0)
        self.log_p = float(theta.double().log_softmax(0)[self.y])
        self.nll = float(torch.nn.functional.cross_entropy(theta[None], y[None].long()))
        truth = np.zeros((len(theta), 1), np.float32)
        truth[self.y] = 1.0
        self.truth = Named("y", truth, note="1 for the true class")
        self.back = self.p.values - truth

    def predicted(self, row: int) -> Equation | None:
        return softmax(self.p, self.theta, (row, 0))

    def loss(self) -> Equation:
        true = self.p.at(self.y, 0)
        name = rf"p_{{{self.y + 1}}}"
        term = Term(rf"-\log {name}", rf"-\log {factor(true)}", -self.log_p)
        return _loss([term], self.nll, r"\ell = -\log p(y \mid x) = -\log p_y")

    def delta(self, symbol: str, row: int) -> Equation:
        return combined(
            Named(symbol, self.back),
            [self.p, self.truth],
            "-",
            formula=rf"{symbol} = \frac{{\partial \ell}}{{\partial \theta}} = p - y",
            at=(row, 0),
        )


class Gauss:
    """μ = θ, with fixed σ."""

    def __init__(self, likelihood: Likelihood, theta: Tensor, y: Tensor) -> None:
        found = likelihood.each if isinstance(likelihood, RealSteps) else likelihood
        assert isinstance(found, Gaussian)
        self.sigma = found.sigma
        self.y = float(y)
        self.mu = Named(r"\mu", array(theta))
        self.nll = float(found.nll(theta[None], y[None]))
        self.back = array(found.gradient(theta[None], y[None])[0])

    def predicted(self, row: int) -> Equation | None:
        return None

    def loss(self) -> Equation:
        mu, s = self.mu.at(0, 0), self.sigma
        terms = [
            Term(
                r"\frac{(y - \mu)^2}{2\sigma^2}",
                rf"\frac{{({number(self.y)} - {factor(mu)})^2}}{{2 \times {number(s)}^2}}",
                (self.y - mu) ** 2 / (2 * s * s),
            ),
            Term(r"\log \sigma", rf"\log {number(s)}", log(s)),
            Term(r"\tfrac12 \log 2\pi", "", HALF_LOG_2PI),
        ]
        return _loss(
            terms,
            self.nll,
            r"\ell = -\log p(y \mid x) = \frac{(y-\mu)^2}{2\sigma^2}+\log\sigma+\tfrac12\log 2\pi",
        )

    def delta(self, symbol: str, row: int) -> Equation:
        y, s = self.y, self.sigma
        mu = self.mu
        result = Named(symbol, self.back)
        text = rf"\frac{{{number(mu.at(0, 0))} - {factor(y)}}}{{{number(s)}^2}}"
        term = Term(r"\frac{\mu - y}{\sigma^2}", text, (mu.at(0, 0) - y) / (s * s), ((2, 0, 0),))
        items = (
            operand(result, 0, 0),
            Sign("="),
            operand(mu, 0, 0),
            Sign("-"),
            operand(Named("y", np.array([[y]], np.float32)), 0, 0),
            Sign(rf"\;/\;{number(s)}^2"),
        )
        return Equation(
            rf"{symbol} = \frac{{\partial \ell}}{{\partial \mu}} = \frac{{\mu - y}}{{\sigma^2}}",
            items,
            Worked(symbol, 0, 0, (term,), float(self.back[0, 0])),
        )


def softmax(result: Named, scores: Named, at: tuple[int, int]) -> Equation:
    """Of each column: e^score over the column's sum of them."""
    row, column = at
    score = scores.entry(row, column)
    peak = float(scores.values[:, column].max())
    shifted: Numbers = np.exp(scores.values[:, column].astype(np.float64) - peak)
    value = float(shifted[row] / shifted.sum())
    any_score = re.sub(r"(?<=[{,])1(?=\d*[,}])", "k", scores.entry(0, column), count=1)
    total = rf"\sum_k e^{{{any_score}}}"
    above = rf"e^{{{number(scores.at(row, column))}}}"
    with np.errstate(over="ignore"):
        below = number(float(np.exp(scores.values[:, column].astype(np.float64)).sum()))
    term = Term(
        rf"\frac{{e^{{{score}}}}}{{{total}}}",
        rf"\frac{{{above}}}{{{below}}}",
        value,
        tuple((2, k, column) for k in range(scores.shape[0])),
    )
    items = (
        operand(result, row, column),
        Sign(r"= \operatorname{softmax}"),
        operand(scores, row, column),
    )
    worked = Worked(result.entry(row, column), row, column, (term,), result.at(row, column))
    return Equation(rf"{result.symbol} = \operatorname{{softmax}}({scores.symbol})", items, worked)


PREDICTIONS: dict[type[objective.ObjectiveKind], type[Prediction]] = {
    objective.Bernoulli: Bernoulli,
    objective.Categorical: Categorical,
    objective.Gaussian: Gauss,
}


def prediction(
    chosen: objective.ObjectiveKind, likelihood: Likelihood, theta: Tensor, y: Tensor
) -> Prediction:
    """The prediction for one example: its θ (K,) and y ()."""
    made: type = PREDICTIONS[type(chosen)]
    found: Prediction = made(likelihood, theta, y)
    return found
