"""Models, as a spec names them: a family a class."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from livenet.spec.base import Kind, knob
from livenet.spec.choice import ActivationChoice, Choice, InitializerChoice

FeatureName = Literal["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2"]
Width = Annotated[int, Field(ge=1, le=1_000_000_000)]


class Mlp(Kind):
    """A multilayer perceptron: h(l) = σ(W(l) h(l-1) + b(l)), its last layer linear."""

    kind: Literal["mlp"] = "mlp"
    label: ClassVar[str] = "Multilayer perceptron"
    explain: ClassVar[str] = "Layers of units, each a weighted sum of all units before it."
    formula: ClassVar[str] = r"h^{(l)}=\sigma(W^{(l)}h^{(l-1)}+b^{(l)})"

    features: Annotated[tuple[FeatureName, ...], Field(min_length=1)] = knob(
        ("x1", "x2"), label="Input features", explain="What the first layer sees of a point.",
    )  # fmt: skip
    hidden: tuple[Width, ...] = knob(
        (8, 8), label="Hidden layers", explain="Units of each hidden layer.",
    )  # fmt: skip
    activation: ActivationChoice | tuple[ActivationChoice, ...] = knob(
        Choice("tanh", {}), label="Activation", symbol=r"\sigma",
        explain="The function that a hidden unit applies to its weighted sum z.",
    )  # fmt: skip
    initializer: InitializerChoice = knob(
        Choice("xavier_normal", {"gain": 1.0}), label="Initialization",
        explain="How the weights are drawn at the start; biases start at 0.",
    )  # fmt: skip
    bias: bool = knob(True, label="Biases", explain="Let units add a constant b to their sum.")
    residual: bool = knob(
        False, label="Residual connections",
        explain="Add a layer's input to its output, where both have the same width.",
    )  # fmt: skip

    @property
    def activations(self) -> tuple[Choice, ...]:
        """One activation a hidden layer."""
        if isinstance(self.activation, Choice):
            return (self.activation,) * len(self.hidden)
        return self.activation


Model = Mlp
