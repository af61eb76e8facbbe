"""The code of a VAE: z = μ + σ ⊙ ε, the divergence of q(z | x) from the prior, and the way back.

    KL = Σ_d ½ (μ_d² + σ_d² − log σ_d² − 1)

Through the sample (Kingma and Welling 2014), ∂ℓ/∂μ = ∂ℓ/∂z + β μ and
∂ℓ/∂log σ² = ½ σ ε ∂ℓ/∂z + ½ β (σ² − 1). By the score function, R = −log p(x | z) weighs the
derivatives of log q(z | x) in place of ∂ℓ/∂z: R ε/σ, and ½ R (ε² − 1).
"""

from __future__ import annotations

import numpy as np
from torch import Tensor

from livenet.pictures import Equation, Operand, Plot, Sign, Term
from livenet.probes.steps.equations import (
    Named,
    array,
    derivative,
    explained,
    factor,
    few,
    number,
    operand,
    pointwise,
    product,
)
from livenet.probes.steps.operations.operation import Operation, Place, Value
from livenet.training.evidence import kl_by_dimension

LOG_VARIANCE = r"\log\sigma^2"
MU, SIGMA = r"\mu", r"\sigma"


class Sampling(Operation):
    """z (B, D_z) of the code layer's output (B, 2 D_z), μ before log σ². ``reward`` is R of the
    example where the gradient is the score function's; None where it goes through the sample."""

    def __init__(
        self, source: Value, result: Value, noise: Tensor, beta: float, reward: float | None
    ) -> None:
        super().__init__(source, result)
        self.noise = noise
        self.beta = beta
        self.reward = reward

    def halves(self, place: Place) -> tuple[Tensor, Tensor]:
        """μ and log σ² of the example, (D_z,) each."""
        mu, log_variance = self.source.tensor[place.example].detach().chunk(2)
        return mu, log_variance

    def _named(self, place: Place) -> tuple[Named, Named, Named, Named]:
        """μ, log σ², σ, ε."""
        mu, log_variance = self.halves(place)
        return (
            Named(MU, array(mu)),
            Named(LOG_VARIANCE, array(log_variance)),
            Named(SIGMA, array((0.5 * log_variance).exp()), colors="sequential"),
            Named(r"\varepsilon", array(self.noise[place.example]), note="from N(0, 1)"),
        )

    def _row(self, place: Place) -> int:
        return place.row_of(self.result.tensor.shape[1])

    # Forward

    def forward(self, place: Place) -> list[Plot]:
        mu, log_variance, sigma, noise = self._named(place)
        row = self._row(place)
        spread = pointwise(
            sigma,
            log_variance,
            lambda z: rf"e^{{{z}/2}}",
            formula=rf"\sigma = e^{{{LOG_VARIANCE} / 2}},"
            rf"\quad (\mu, {LOG_VARIANCE}) = {self.source.symbol}",
            at=(row, 0),
        )
        z, _ = self.result.shown(place)
        terms = (
            Term(mu.entry(row, 0), "", mu.at(row, 0), ((2, row, 0),)),
            Term(
                rf"{sigma.entry(row, 0)}\, {noise.entry(row, 0)}",
                product((sigma.at(row, 0), noise.at(row, 0))),
                sigma.at(row, 0) * noise.at(row, 0),
                ((4, row, 0), (6, row, 0)),
            ),
        )
        items = (
            operand(mu, row, 0), Sign("+"), operand(sigma, row, 0), Sign(r"\odot"),
            operand(noise, row, 0),
        )  # fmt: skip
        formula = r"z = \mu + \sigma \odot \varepsilon,\quad \varepsilon \sim \mathcal N(0, I)"
        sample = explained(z, items, terms, formula=formula, at=(row, 0))
        return [
            Plot("sigma", (spread,), title="The spread of the code"),
            Plot("z", (sample,), title="Draw a code"),
        ]

    def divergence(self, place: Place) -> Equation:
        """KL(q(z | x) ‖ p(z)), dimension by dimension."""
        mu, _, sigma, _ = self._named(place)
        each = self.kl(place)
        row = int(np.argmax(each))
        terms = [
            Term(
                rf"\tfrac12 ({mu.entry(d, 0)}^2 + {sigma.entry(d, 0)}^2"
                rf" - \log {sigma.entry(d, 0)}^2 - 1)",
                rf"\tfrac12 ({factor(mu.at(d, 0))}^2 + {factor(sigma.at(d, 0))}^2"
                rf" - \log {factor(sigma.at(d, 0))}^2 - 1)",
                float(value),
                ((3, d, 0), (5, d, 0)),
            )
            for d, value in enumerate(each)
        ]
        items = (
            Sign(r"\operatorname{KL}\big(\mu ="), operand(mu, row, 0),
            Sign(r",\ \sigma ="), operand(sigma, row, 0), Sign(r"\big)"),
        )  # fmt: skip
        result = Named(r"\mathrm{KL}", np.array([[each.sum()]]))
        formula = (
            r"\mathrm{KL}(q(z \mid x) \,\|\, p(z)) ="
            r" \sum_d \tfrac12 (\mu_d^2 + \sigma_d^2 - \log \sigma_d^2 - 1)"
        )
        return explained(result, items, few(terms), formula=formula, at=(0, 0))

    def kl(self, place: Place) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """KL of each dimension, (D_z,), from μ and log σ² in double precision."""
        mu, log_variance = self.halves(place)
        found: np.ndarray[tuple[int], np.dtype[np.float64]] = (
            kl_by_dimension(mu.double(), log_variance.double()).cpu().numpy()
        )
        return found

    # Backward

    def backward(self, place: Place) -> list[Plot]:
        by_mean, by_variance = self.source.differentiated[place.example].chunk(2)
        return [
            Plot("mu", (self._by_mean(place, by_mean),), title="How the loss depends on μ"),
            Plot(
                "variance",
                (self._by_variance(place, by_variance),),
                title="How it depends on log σ²",
            ),
        ]

    def _by_mean(self, place: Place, gradient: Tensor) -> Equation:
        mu, _, sigma, noise = self._named(place)
        row, beta = self._row(place), number(self.beta)
        m, s, e = (one.at(row, 0) for one in (mu, sigma, noise))
        prior = Term(
            rf"\beta\, {mu.entry(row, 0)}",
            rf"{beta} \times {factor(m)}",
            self.beta * m,
            ((3, row, 0),),
        )
        items: list[Operand | Sign] = [Sign(rf"{beta} \times"), operand(mu, row, 0)]
        formula = r"\frac{\partial \ell}{\partial \mu} = \beta\, \mu"
        if self.reward is None:
            back, _ = self.result.back(place)
            items += [Sign("+"), operand(back, row, 0)]
            own = Term(back.entry(row, 0), "", back.at(row, 0), ((5, row, 0),))
            formula += f" + {back.latex}"
        else:
            reward = number(self.reward)
            items += [Sign(rf"+\ {reward} \times"), operand(noise, row, 0)]
            items += [Sign("/"), operand(sigma, row, 0)]
            own = Term(
                rf"R\, {noise.entry(row, 0)} / {sigma.entry(row, 0)}",
                rf"{reward} \times {factor(e)} / {number(s)}",
                self.reward * e / s,
                ((5, row, 0), (7, row, 0)),
            )
            formula += r" + R\, \frac{\varepsilon}{\sigma},\quad R = -\log p(x \mid z)"
        result = derivative(MU, array(gradient))
        return explained(result, items, (prior, own), formula=formula, at=(row, 0))

    def _by_variance(self, place: Place, gradient: Tensor) -> Equation:
        _, _, sigma, noise = self._named(place)
        row, beta = self._row(place), number(self.beta)
        s, e = sigma.at(row, 0), noise.at(row, 0)
        spread, drawn = sigma.entry(row, 0), noise.entry(row, 0)
        terms = [
            Term(
                rf"\tfrac12 \beta\, {spread}^2",
                rf"\tfrac12 \times {beta} \times {factor(s)}^2",
                0.5 * self.beta * s * s,
                ((3, row, 0),),
            ),
            Term(r"-\tfrac12 \beta", rf"-\tfrac12 \times {beta}", -0.5 * self.beta),
        ]
        items: list[Operand | Sign] = [
            Sign(rf"\tfrac12 \times {beta}\, \big("), operand(sigma, row, 0),
        ]  # fmt: skip
        formula = (
            rf"\frac{{\partial \ell}}{{\partial {LOG_VARIANCE}}} = \tfrac12 \beta (\sigma^2 - 1)"
        )
        if self.reward is None:
            back, _ = self.result.back(place)
            items += [Sign(r"^2 - 1 \big) + \tfrac12\, \sigma \odot"), operand(noise, row, 0)]
            items += [Sign(r"\odot"), operand(back, row, 0)]
            terms.append(
                Term(
                    rf"\tfrac12\, {spread}\, {drawn}\, {back.entry(row, 0)}",
                    rf"\tfrac12 \times {product((s, e, back.at(row, 0)))}",
                    0.5 * s * e * back.at(row, 0),
                    ((3, row, 0), (5, row, 0), (7, row, 0)),
                )
            )
            formula += rf" + \tfrac12\, \sigma \odot \varepsilon \odot {back.latex}"
        else:
            reward = number(self.reward)
            items += [Sign(rf"^2 - 1 \big) + \tfrac12 \times {reward}\, \big(")]
            items += [operand(noise, row, 0), Sign(r"^2 - 1 \big)")]
            terms += [
                Term(
                    rf"\tfrac12 R\, {drawn}^2",
                    rf"\tfrac12 \times {reward} \times {factor(e)}^2",
                    0.5 * self.reward * e * e,
                    ((5, row, 0),),
                ),
                Term(r"-\tfrac12 R", rf"-\tfrac12 \times {reward}", -0.5 * self.reward),
            ]
            formula += r" + \tfrac12 R\, (\varepsilon^2 - 1),\quad R = -\log p(x \mid z)"
        result = derivative(LOG_VARIANCE, array(gradient))
        return explained(result, items, terms, formula=formula, at=(row, 0))
