"""From θ to the distribution of an image's pixels, to −log p(x | θ), and back to ∂ℓ/∂θ.

θ are (B, 1, H, W); −log p is summed over pixels, in nats. To add an objective of images, add a
class here and its line in ``PIXELS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import log

import numpy as np
from torch import Tensor

from livenet.pictures import Equation, Operand, Plot, Sign, Term
from livenet.probes.steps.equations import (
    Named,
    Numbers,
    combined,
    explained,
    factor,
    largest,
    number,
    operand,
    pointwise,
)
from livenet.probes.steps.operations.operation import Operation, Place, Value, map_of, numbers
from livenet.spec import objective
from livenet.training.likelihoods import HALF_LOG_2PI
from livenet.training.pixels import GaussianPixels, Pixels

FIRST = (0, 0)


class PixelOperation(Operation):
    """The base of both. Its ``source`` and ``result`` are θ; x (B, 1, H, W) are the images."""

    def __init__(self, theta: Value, likelihood: Pixels, x: Tensor) -> None:
        super().__init__(theta, theta)
        self.likelihood = likelihood
        self.x = x

    def _image(self, place: Place) -> Named:
        return map_of("x", self.x[place.example], 0)

    def total(self, place: Place) -> float:
        """−log p(x | θ) of the example."""
        one = slice(place.example, place.example + 1)
        theta = self.source.tensor.detach()[one]
        return float(self.likelihood.nll(theta, self.x[one]))

    def mean(self, place: Place) -> Named:
        """The mean of p(x | θ) (H, W)."""
        raise NotImplementedError

    def reconstruction(self, place: Place, symbol: str) -> Equation:
        """−log p(x | θ), called ``symbol``, as a sum over pixels."""
        raise NotImplementedError

    def _summed(
        self,
        place: Place,
        symbol: str,
        predicted: Named,
        values: Numbers,
        written: Callable[[int, int], tuple[str, str]],
        formula: str,
        more: tuple[Term, ...] = (),
    ) -> Equation:
        """The sum over pixels of values (H, W), from the image and what is predicted of it."""
        width = values.shape[1]
        row, column = np.unravel_index(int(np.abs(values).argmax()), values.shape)
        near = int(row), int(column)

        def made(index: int) -> Term:
            i, j = divmod(index, width)
            return Term(*written(i, j), float(values[i, j]), ((3, i, j), (5, i, j)))

        items: tuple[Operand | Sign, ...] = (
            Sign(r"-\sum_{ij} \log p\,\big("),
            operand(self._image(place), *near),
            Sign(r"\big|"),
            operand(predicted, *near),
            Sign(r"\big)"),
        )
        terms = (*largest(values.reshape(-1), made), *more)
        result = Named(symbol, np.array([[self.total(place)]]))
        return explained(result, items, terms, formula=formula, at=FIRST)


class BernoulliImage(PixelOperation):
    """Black and white pixels, each with its λ = p(x = 1), the sigmoid of θ."""

    def mean(self, place: Place) -> Named:
        own = self.likelihood.mean(self.source.tensor.detach())[place.example]
        return replace(map_of(r"\lambda", own, 0), colors="sequential", peak=1.0)

    def forward(self, place: Place) -> list[Plot]:
        theta, at = self.source.shown(place, 0)
        mark = pointwise(
            self.mean(place),
            theta,
            lambda z: rf"\sigma\left({z}\right)",
            formula=r"\lambda_{ij} = p(x_{ij}{=}1 \mid z) = \sigma(\theta_{ij})",
            at=at,
        )
        return [Plot("prediction", (mark,), title="The distribution of each pixel")]

    def reconstruction(self, place: Place, symbol: str) -> Equation:
        x, mean = self._image(place), self.mean(place)
        theta = numbers(self.source.tensor[place.example, 0]).astype(np.float64)
        # −log λ = log(1 + e^−θ), which is finite where λ rounds to 0 or 1.
        with np.errstate(invalid="ignore"):  # NaN of a network that has diverged
            values = np.logaddexp(0.0, theta) - x.values * theta

        def written(i: int, j: int) -> tuple[str, str]:
            entry, value = mean.entry(i, j), mean.at(i, j)
            if x.at(i, j) > 0.5:
                return rf"-\log {entry}", rf"-\log {factor(value)}"
            return rf"-\log(1 - {entry})", rf"-\log {factor(1 - value)}"

        formula = (
            rf"{symbol} = -\log p(x \mid z) ="
            r" -\sum_{ij} \left[ x_{ij} \log \lambda_{ij}"
            r" + (1 - x_{ij}) \log(1 - \lambda_{ij}) \right]"
        )
        return self._summed(place, symbol, mean, values, written, formula)

    def backward(self, place: Place) -> list[Plot]:
        delta, at = self.source.back(place, 0)
        formula = rf"{self.source.slope_symbol} = \lambda - x"
        parts = [self.mean(place), self._image(place)]
        mark = combined(delta, parts, "-", at=at, formula=formula)
        return [Plot("delta", (mark,), title="Where the way back begins")]


class GaussianImage(PixelOperation):
    """Pixels around their means θ, with one fixed σ."""

    @property
    def sigma(self) -> float:
        assert isinstance(self.likelihood, GaussianPixels)
        return self.likelihood.sigma

    def mean(self, place: Place) -> Named:
        return map_of(self.source.symbol, self.source.tensor[place.example], 0)

    def forward(self, place: Place) -> list[Plot]:
        return []  # θ is the mean

    def reconstruction(self, place: Place, symbol: str) -> Equation:
        x, mean, s = self._image(place), self.mean(place), self.sigma
        values = (x.values.astype(np.float64) - mean.values) ** 2 / (2 * s * s)

        def written(i: int, j: int) -> tuple[str, str]:
            a, b = x.at(i, j), mean.at(i, j)
            return (
                rf"\frac{{({x.entry(i, j)} - {mean.entry(i, j)})^2}}{{2\sigma^2}}",
                rf"\frac{{({number(a)} - {factor(b)})^2}}{{2 \times {number(s)}^2}}",
            )

        count = values.size
        constant = Term(
            r"H W (\log \sigma + \tfrac12 \log 2\pi)",
            rf"{count} \times ({number(log(s))} + {number(HALF_LOG_2PI)})",
            count * (log(s) + HALF_LOG_2PI),
        )
        formula = (
            rf"{symbol} = -\log p(x \mid z) = \sum_{{ij}}"
            rf" \frac{{(x_{{ij}} - \theta_{{ij}})^2}}{{2\sigma^2}}"
            rf" + \log \sigma + \tfrac12 \log 2\pi,\quad \sigma = {number(s)}"
        )
        return self._summed(place, symbol, mean, values, written, formula, (constant,))

    def backward(self, place: Place) -> list[Plot]:
        delta, at = self.source.back(place, 0)
        x, mean, s = self._image(place), self.mean(place), self.sigma
        variance = number(s * s)
        terms = (
            Term(
                rf"\frac{{{mean.entry(*at)}}}{{\sigma^2}}",
                rf"\frac{{{number(mean.at(*at))}}}{{{variance}}}",
                mean.at(*at) / (s * s),
                ((3, *at),),
            ),
            Term(
                rf"-\frac{{{x.entry(*at)}}}{{\sigma^2}}",
                rf"-\frac{{{factor(x.at(*at))}}}{{{variance}}}",
                -x.at(*at) / (s * s),
                ((5, *at),),
            ),
        )
        items = (
            Sign("("), operand(mean, *at), Sign("-"), operand(x, *at),
            Sign(rf")\;/\;{number(s)}^2"),
        )  # fmt: skip
        formula = rf"{self.source.slope_symbol} = \frac{{\theta - x}}{{\sigma^2}}"
        mark = explained(delta, items, terms, formula=formula, at=at)
        return [Plot("delta", (mark,), title="Where the way back begins")]


PIXELS: dict[type[objective.ObjectiveKind], type[PixelOperation]] = {
    objective.Bernoulli: BernoulliImage,
    objective.Gaussian: GaussianImage,
}
