"""The multilayer perceptron, as a spec names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from livenet.errors import SpecError
from livenet.spec.base import Listed, knob
from livenet.spec.choice import ActivationChoice, Choice, InitializerChoice, activation
from livenet.spec.data.base import DataKind, Family
from livenet.spec.data.points import Points
from livenet.spec.features import FEATURES, FeatureName
from livenet.spec.layer import Count, LayerShape
from livenet.spec.model.base import Defaults, Extent, ModelKind, rectifying

if TYPE_CHECKING:
    from livenet.spec.run import RunSpec

Width = Annotated[int, Field(ge=1, le=1_000_000_000)]


class Mlp(ModelKind):
    """A multilayer perceptron: h(l) = σ(W(l) h(l-1) + b(l)), its last layer linear."""

    kind: Literal["mlp"] = "mlp"
    label: ClassVar[str] = "Multilayer perceptron"
    explain: ClassVar[str] = "Layers of units, each a weighted sum of all units before it."
    families: ClassVar[tuple[Family, ...]] = ("points",)
    data: ClassVar[str] = "spiral"
    formula: ClassVar[str] = r"h^{(l)}=\sigma(W^{(l)}h^{(l-1)}+b^{(l)})"

    features: Annotated[Listed[FeatureName], Field(min_length=1)] = knob(
        ("x1", "x2"), label="Input features", explain="What the first layer sees of a point.",
    )  # fmt: skip
    hidden: Listed[Width] = knob(
        (8, 8), label="Hidden layers", explain="Units of each hidden layer.",
    )  # fmt: skip
    activation: ActivationChoice | Listed[ActivationChoice] = knob(
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

    @classmethod
    def defaults(cls, data: DataKind, given: Mapping[str, Any]) -> Defaults:
        found: Defaults = {}
        if isinstance(data, Points):
            found["features"] = ("x1", "x2")[: data.inputs]
        if rectifying(given):
            found["initializer"] = "he_normal"
        return found

    def widths(self, outputs: int) -> tuple[int, ...]:
        """Units by layer, input features and outputs included."""
        return (len(self.features), *self.hidden, outputs)

    @property
    def summary(self) -> str:
        return "·".join(map(str, self.hidden)) or "linear"

    def extents(self) -> Iterable[Extent]:
        yield "model.hidden", len(self.hidden), "layers", "hidden layers"
        for place, width in enumerate(self.hidden):
            yield f"model.hidden.{place}", width, "width", "units in a layer"

    def layers(self, spec: RunSpec) -> tuple[LayerShape, ...]:
        widths = self.widths(spec.outputs)
        last = len(widths) - 1
        chosen = self.activations
        found = []
        for number, (d_in, d_out) in enumerate(pairwise(widths), start=1):
            name, hidden = f"layers.{number - 1}", number < last
            tensors: dict[str, tuple[int, ...]] = {f"{name}.weight": (d_out, d_in)}
            if self.bias:
                tensors[f"{name}.bias"] = (d_out,)
            found.append(
                LayerShape(
                    name=name,
                    label=f"Hidden {number}" if hidden else "Output",
                    kind="dense",
                    output=(d_out,),
                    flops=2 * (d_in * d_out + (d_out if self.bias else 0)),
                    tensors=tensors,
                    terms=f"{d_in}\\cdot{d_out}" + (f"+{d_out}" if self.bias else ""),
                    activation=chosen[number - 1].document() if hidden else "linear",
                    formula=activation(chosen[number - 1]).formula if hidden else "z",
                    residual=hidden and self.residual and d_in == d_out,
                )
            )
        return tuple(found)

    def counts(self, spec: RunSpec) -> tuple[Count, ...]:
        """Those for K hidden layers of one width D, with biases; none for other shapes."""
        if not self.hidden or len(set(self.hidden)) > 1 or not self.bias:
            return ()
        d_in, d, d_out, k = len(self.features), self.hidden[0], spec.outputs, len(self.hidden)
        between = d * (d + 1)
        ends = (d_in + 1) * d + (d + 1) * d_out

        def long(blocks: str, count: int, *, right: bool, label: str, explain: str) -> Count:
            formula = rf"(D_{{in}}+1)\,D+{blocks}\,D(D+1)+(D+1)\,D_{{out}}"
            middle = rf"{count}\cdot {d}\cdot {d + 1}"
            numbers = rf"{d_in + 1}\cdot {d}+{middle}+{d + 1}\cdot {d_out}"
            return Count(label, formula, numbers, ends + count * between, right, explain)

        found = [
            long(
                "(K-1)", k - 1, right=True, label="K hidden layers of width D",
                explain="Between K hidden layers there are K − 1 matrices of D × D.",
            ),
            long(
                "K", k, right=False, label="As some courses print it",
                explain="It has K matrices between hidden layers: one too many.",
            ),
        ]  # fmt: skip
        if d_in == d_out == 1:
            short = 3 * d + 1 + (k - 1) * between
            found.append(
                Count(
                    "One input, one output", r"3D+1+(K-1)\,D(D+1)",
                    rf"3\cdot {d}+1+{k - 1}\cdot {d}\cdot {d + 1}", short, True,
                    "The same for one input and one output.",
                )
            )  # fmt: skip
        return tuple(found)

    def check(self, spec: RunSpec) -> None:
        data = spec.data
        assert isinstance(data, Points)
        for index, name in enumerate(self.features):
            if FEATURES[name].inputs > data.inputs:
                allowed = [row.kind for row in FEATURES.values() if row.inputs <= data.inputs]
                raise SpecError(
                    f"model.features has {name!r}, but {data.kind} has one input, x1",
                    path=f"model.features.{index}",
                    hint=f"Allowed: {', '.join(allowed)}.",
                )
        if len(set(self.features)) < len(self.features):
            raise SpecError(
                f"model.features names a feature twice: {list(self.features)}",
                path="model.features",
                hint="Name each feature once.",
            )
        if not isinstance(self.activation, Choice) and len(self.activation) != len(self.hidden):
            raise SpecError(
                f"model.activation lists {len(self.activation)} activations for "
                f"{len(self.hidden)} hidden layers",
                path="model.activation",
                hint="Give one name for all hidden layers, or one a layer.",
            )
        pairs = zip(self.widths(spec.outputs), self.hidden, strict=False)
        if self.residual and not any(before == after for before, after in pairs):
            raise SpecError(
                f"model.residual is on, but no two neighbouring layers of {list(self.hidden)} are "
                "equally wide",
                path="model.residual",
                hint="Give two neighbouring hidden layers the same width, or switch it off.",
            )
