"""A layer in numbers, before there is one: its shape, its parameters, what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

Shape = tuple[int, ...]


@dataclass(frozen=True)
class LayerShape:
    """One layer of a model, as its spec alone tells.

    ``tensors`` are its parameters by their names in the model; a test holds them against the real
    ones. ``flops`` are the floating-point operations of one example's way through it, ``calls``
    how many small operations it takes however wide it is (a recurrent one takes some a time step).
    """

    name: str  # of the module: "layers.0"
    label: str  # for people: "Hidden 1"
    kind: str  # "dense", "conv", "max_pool", ...
    output: Shape  # of one example
    flops: int
    tensors: Mapping[str, Shape] = field(default_factory=dict)
    terms: str = ""  # LaTeX, how the parameters are counted: "9\\cdot1\\cdot16+16"
    size: str = ""  # LaTeX, how the output's size comes about, with numbers
    activation: str | dict[str, Any] = "linear"
    formula: str = ""  # LaTeX, what it does
    residual: bool = False
    calls: int = 1

    @property
    def parameters(self) -> int:
        return sum(prod(shape) for shape in self.tensors.values())

    def document(self) -> dict[str, Any]:
        """The layer as plain JSON values; ``weight`` and ``bias`` are None where it has none."""
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
