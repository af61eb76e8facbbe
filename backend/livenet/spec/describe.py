"""Describes a spec: its layers with shapes and parameter counts, and the total."""

from __future__ import annotations

from typing import Any

from livenet.spec.cost import step_seconds
from livenet.spec.run import RunSpec


def describe(spec: RunSpec) -> dict[str, Any]:
    """The filled-in spec, each layer's shape and parameter count, the total with its formula, and
    formulas in print for it."""
    layers = spec.layers
    terms = [layer.terms for layer in layers if layer.terms]
    return {
        "spec": spec.document(),
        "layers": [layer.document() for layer in layers],
        "parameters": spec.parameter_count,
        "formula": f"{' + '.join(terms)} = {spec.parameter_count}",
        "counts": [count.document() for count in spec.model.counts(spec)],
        "train_count": spec.data.train_count,
        "test_count": spec.data.samples - spec.data.train_count,
        "step_seconds": step_seconds(spec),
    }
