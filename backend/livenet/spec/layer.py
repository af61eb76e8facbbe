"""Describes a layer before it is built: its shape, its parameters, its cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import prod
from typing import Any

Shape = tuple[int, ...]


@dataclass(frozen=True)
class LayerShape:
    """One layer of a model, derived from its spec.

    ``tensors`` are the shapes of its parameters by their names in the model; a test compares them
    with the real ones. ``flops`` are the floating-point operations of the forward pass of one
    example, ``calls`` the number of small operations regardless of its width (several per time step
    for a recurrent layer).
    """

    name: str  # of the module: "layers.0"
    label: str  # the displayed name: "Hidden 1"
    kind: str  # "dense", "conv", "max_pool", ...
    output: Shape  # of one example
    flops: int
    tensors: Mapping[str, Shape] = field(default_factory=dict)
    terms: str = ""  # LaTeX, how the parameters are counted: "9\\cdot1\\cdot16+16"
    size: str = ""  # LaTeX, the computation of the output's size, with numbers
    activation: str | dict[str, Any] = "linear"
    formula: str = ""  # LaTeX, its function
    residual: bool = False
    calls: int = 1
    within: Shape = ()  # of the values inside it, where they are more than its output

    @property
    def parameters(self) -> int:
        return sum(prod(shape) for shape in self.tensors.values())

    @property
    def values(self) -> int:
        """The most values of one example that it computes at once."""
        return max(prod(self.output), prod(self.within))

    def document(self) -> dict[str, Any]:
        """The layer as plain JSON values; ``weight`` and ``bias`` are None if it has none."""
        weight = self.tensors.get(f"{self.name}.weight")
        bias = self.tensors.get(f"{self.name}.bias")
        return {
            "name": self.name,
            "label": self.label,
            "kind": self.kind,
            "output": list(self.output),
            "tensors": {name: list(shape) for name, shape in self.tensors.items()},
            "weight": list(weight) if weight else None,
            "bias": list(bias) if bias else None,
            "activation": self.activation,
            "formula": self.formula,
            "size": self.size,
            "terms": self.terms,
            "residual": self.residual,
            "parameters": self.parameters,
        }


@dataclass(frozen=True)
class Count:
    """A formula for the number of all parameters, and what it gives for a spec."""

    label: str
    formula: str
    """LaTeX, in symbols."""
    numbers: str
    """LaTeX, the same with the spec's numbers."""
    value: int
    right: bool
    """Whether it is the number of parameters; a formula in print may be wrong."""
    explain: str

    def document(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)
