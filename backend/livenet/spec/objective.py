"""Objectives: the likelihood p(y | θ) whose negative logarithm is minimised, θ = f_φ(x)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from livenet.spec.base import Kind, knob


class Bernoulli(Kind):
    kind: Literal["bernoulli"] = "bernoulli"
    label: ClassVar[str] = "Bernoulli"
    explain: ClassVar[str] = "Two classes: the net gives the logit of p(y = 1 | x)."
    formula: ClassVar[str] = r"-y\log\lambda-(1-y)\log(1-\lambda),\ \lambda=\sigma(f(x))"


class Categorical(Kind):
    kind: Literal["categorical"] = "categorical"
    label: ClassVar[str] = "Categorical"
    explain: ClassVar[str] = "K classes: the net gives a logit a class, softmax their shares."
    formula: ClassVar[str] = r"-\log\operatorname{softmax}(f(x))_y"


class Gaussian(Kind):
    kind: Literal["gaussian"] = "gaussian"
    label: ClassVar[str] = "Gaussian"
    explain: ClassVar[str] = "A real target: the net gives the mean, σ is fixed."
    formula: ClassVar[str] = r"\frac{(y-\mu)^2}{2\sigma^2}+\log\sigma+\tfrac12\log 2\pi"
    sigma: float = knob(
        1.0, gt=0.0, le=100.0, shown=(0.01, 10.0), scale="log", label="σ", symbol=r"\sigma",
        explain="The fixed standard deviation of the target around the net's output.",
    )  # fmt: skip


KINDS: tuple[type[Kind], ...] = (Bernoulli, Categorical, Gaussian)
Objective = Annotated[Bernoulli | Categorical | Gaussian, Field(discriminator="kind")]
