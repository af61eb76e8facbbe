"""Objectives: the likelihood p(y | θ) whose negative logarithm is minimised, θ = f_φ(x).

To add one, add a class here, also to the union at the end, which describes the prediction; and its
computation in livenet.training.likelihoods (and pixels, if images can have it).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from livenet.spec.base import Kind, knob, members
from livenet.spec.data.base import DataKind, Target

Shown = Literal["probability", "class", "mean"]
"""What a map of the output shows: p(y = 1 | x), the most probable class, or the mean of y."""


class ObjectiveKind(Kind):
    """A likelihood, and the description of its prediction."""

    targets: ClassVar[tuple[Target, ...]]
    """The kinds of targets that it supports."""
    shows: ClassVar[Shown]
    symbol: ClassVar[str]
    """LaTeX: the symbol of the net's output as a function of x, ``f`` or ``\\mu``."""
    prediction: ClassVar[str]
    """The label of a map or curve of the output, such as ``p(y = 1 | x)``."""
    link: ClassVar[tuple[str, str] | None] = None
    """The inverse link, from θ to the distribution's parameter: its name, and LaTeX. None is the
    identity."""
    compiled: ClassVar[bool] = False
    """Whether ``EXAMPLES`` of livenet.training.likelihoods has it, for machine code."""
    numbered: ClassVar[bool] = False
    """Whether a target is the number of its class, an index (and not 0.0 or 1.0)."""
    binary: ClassVar[bool] = False
    """Whether y is 0 or 1: the pixels of images are rounded to it."""
    pixels: ClassVar[str] = ""
    """LaTeX of −log p(x | z) over an image's pixels; "" if images do not support it."""

    @classmethod
    def fits(cls, data: DataKind) -> bool:
        """Whether it supports these targets."""
        return data.target in cls.targets

    @classmethod
    def outputs(cls, data: DataKind) -> int:
        """The number of outputs θ per target."""
        return 1


class Bernoulli(ObjectiveKind):
    kind: Literal["bernoulli"] = "bernoulli"
    compiled: ClassVar[bool] = True
    label: ClassVar[str] = "Bernoulli"
    explain: ClassVar[str] = "Two classes: the net gives the logit of p(y = 1 | x)."
    formula: ClassVar[str] = r"-y\log\lambda-(1-y)\log(1-\lambda),\ \lambda=\sigma(f(x))"
    targets: ClassVar[tuple[Target, ...]] = ("classes",)
    shows: ClassVar[Shown] = "probability"
    symbol: ClassVar[str] = "f"
    prediction: ClassVar[str] = "p(y = 1 | x)"
    link: ClassVar[tuple[str, str] | None] = "sigmoid", r"p(y{=}1\mid x) = \sigma(f(x))"
    binary: ClassVar[bool] = True
    pixels: ClassVar[str] = r"-\sum_i x_i\log\lambda_i+(1-x_i)\log(1-\lambda_i)"

    @classmethod
    def fits(cls, data: DataKind) -> bool:
        return data.target == "classes" and data.classes == 2


class Categorical(ObjectiveKind):
    kind: Literal["categorical"] = "categorical"
    compiled: ClassVar[bool] = True
    label: ClassVar[str] = "Categorical"
    explain: ClassVar[str] = "K classes: the net gives a logit a class, softmax their shares."
    formula: ClassVar[str] = r"-\log\operatorname{softmax}(f(x))_y"
    targets: ClassVar[tuple[Target, ...]] = ("classes", "tokens")
    shows: ClassVar[Shown] = "class"
    symbol: ClassVar[str] = "f"
    prediction: ClassVar[str] = "most probable class"
    link: ClassVar[tuple[str, str] | None] = (
        "softmax", r"p(y\mid x) = \operatorname{softmax}(f(x))_y",
    )  # fmt: skip
    numbered: ClassVar[bool] = True

    @classmethod
    def outputs(cls, data: DataKind) -> int:
        return data.classes


class Gaussian(ObjectiveKind):
    kind: Literal["gaussian"] = "gaussian"
    compiled: ClassVar[bool] = True
    label: ClassVar[str] = "Gaussian"
    explain: ClassVar[str] = "A real target: the net gives the mean, σ is fixed."
    formula: ClassVar[str] = r"\frac{(y-\mu)^2}{2\sigma^2}+\log\sigma+\tfrac12\log 2\pi"
    targets: ClassVar[tuple[Target, ...]] = ("real",)
    shows: ClassVar[Shown] = "mean"
    symbol: ClassVar[str] = r"\mu"
    prediction: ClassVar[str] = "μ(x)"
    pixels: ClassVar[str] = r"\sum_i\tfrac{(x_i-\mu_i)^2}{2\sigma^2}+\log\sigma\sqrt{2\pi}"
    sigma: float = knob(
        1.0, gt=0.0, le=100.0, shown=(0.01, 10.0), scale="log", label="σ", symbol=r"\sigma",
        explain="The fixed standard deviation of the target around the net's output.",
    )  # fmt: skip


Objective = Annotated[Bernoulli | Categorical | Gaussian, Field(discriminator="kind")]
KINDS: tuple[type[ObjectiveKind], ...] = members(Objective)
