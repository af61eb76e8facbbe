"""A spec in numbers: its layers with shapes and parameter counts, and the total."""

from __future__ import annotations

from typing import Any

from livenet.spec.choice import activation
from livenet.spec.cost import step_seconds
from livenet.spec.run import RunSpec


def describe(spec: RunSpec) -> dict[str, Any]:
    """The filled-in spec, each layer's shape and parameter count, the total and its formula."""
    layers = []
    widths = spec.widths
    last = len(widths) - 1
    terms = []
    for index in range(1, len(widths)):
        d_in, d_out = widths[index - 1], widths[index]
        biases = d_out if spec.model.bias else 0
        hidden = index < last
        terms.append(f"{d_in}\\cdot{d_out}" + (f"+{d_out}" if biases else ""))
        layers.append(
            {
                "name": f"layers.{index - 1}",
                "label": f"Hidden {index}" if hidden else "Output",
                "weight": [d_out, d_in],
                "bias": [biases] if biases else None,
                "activation": spec.model.activations[index - 1].document() if hidden else "linear",
                "formula": activation(spec.model.activations[index - 1]).formula if hidden else "z",
                "residual": hidden and spec.model.residual and d_in == d_out,
                "parameters": d_in * d_out + biases,
            }
        )
    return {
        "spec": spec.document(),
        "layers": layers,
        "parameters": spec.parameter_count,
        "formula": " + ".join(terms) + f" = {spec.parameter_count}",
        "train_count": spec.data.train_count,
        "test_count": spec.data.samples - spec.data.train_count,
        "step_seconds": step_seconds(spec),
    }
