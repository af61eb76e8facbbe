"""Decides from the spec alone whether a probe fits a run. No torch.

Each function takes a spec and returns the refusal, or None if the probe fits. A row names its own
(``ProbeRow.unfit``); the page shows the probes that fit (``probes`` of the run's document).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from livenet.errors import ProbeUnfit
from livenet.geometry.steps import MAX_WINDOW
from livenet.spec.choice import activation
from livenet.spec.data import Characters, Pairs, Waves
from livenet.spec.features import FEATURES
from livenet.spec.model import Cnn, LayerNorm, MaxPool, Mlp, ModelKind, Rnn
from livenet.spec.run import RunSpec

NO_REGIONS = "This net has no linear regions:"
KERNELS = ("conv", "residual")
"""Kinds of a CNN's blocks that have kernels."""
BENDING = ("conv", "dense", "residual")
"""Kinds of a CNN's blocks that apply the model's activation."""


def without_gates(spec: RunSpec) -> ProbeUnfit | None:
    """A plain recurrent cell has no gates."""
    if not isinstance(spec.model, Rnn) or spec.model.cell != "rnn":
        return None
    return ProbeUnfit(
        "gates fits recurrent networks with LSTM or GRU cells; this run has plain cells, which "
        "have no gates",
        path="model.cell",
        hint="Use states, or a run whose model.cell is 'lstm' or 'gru'.",
    )


def without_continuation(spec: RunSpec) -> ProbeUnfit | None:
    """A model can continue a sequence if its predictions have the form of its inputs."""
    data, model = spec.data, spec.model
    if isinstance(data, Waves) and isinstance(model, Rnn):
        return None
    if isinstance(data, Characters | Pairs) and model.causal:
        return None
    return ProbeUnfit(
        "continuations fits models that read what they predict: recurrent networks and decoder "
        "transformers on characters and pairs, recurrent ones on waves; this run has "
        f"{model.label.lower()} on {data.kind}",
        path="probe",
        hint="Use tokens, or data of kind 'characters'.",
    )


def without_classes(spec: RunSpec) -> ProbeUnfit | None:
    """A confusion matrix needs classes."""
    if spec.data.target == "classes":
        return None
    return ProbeUnfit(
        f"confusion fits models that predict classes; {spec.data.kind} has a real target",
        path="probe",
        hint="Take data with classes, such as spiral or digits.",
    )


def kernel_layers(spec: RunSpec) -> list[int]:
    """Numbers, from 1, of the layers that have kernels."""
    return [n for n, layer in enumerate(spec.layers, start=1) if layer.kind in KERNELS]


def map_layers(spec: RunSpec) -> list[int]:
    """Numbers, from 1, of the layers that output feature maps."""
    return [n for n, layer in enumerate(spec.layers, start=1) if len(layer.output) == 3]


def without_kernels(spec: RunSpec) -> ProbeUnfit | None:
    return _without(kernel_layers(spec), "kernels")


def without_maps(spec: RunSpec) -> ProbeUnfit | None:
    return _without(map_layers(spec), "feature maps")


def _without(layers: list[int], noun: str) -> ProbeUnfit | None:
    if layers:
        return None
    return ProbeUnfit(
        f"No layer of this cnn has {noun}",
        path="probe",
        hint="Put a convolution among the model's blocks.",
    )


def not_piecewise_linear(spec: RunSpec) -> ProbeUnfit | None:
    """Linear regions exist for nets that are piecewise affine."""
    return CURVED[type(spec.model)](spec, spec.model)


def _curved_mlp(spec: RunSpec, model: Mlp) -> ProbeUnfit | None:
    bent = [name for name in model.features if not FEATURES[name].linear]
    curved = [one.kind for one in model.activations if activation(one).pieces is None]
    if not bent and not curved:
        return None
    what = f"features {', '.join(bent)}" if bent else f"activation {curved[0]}"
    return ProbeUnfit(
        f"{NO_REGIONS} {what} is not piecewise linear",
        path="model.features" if bent else "model.activation",
        hint="Take ReLU, leaky ReLU or linear units on the features x1 and x2.",
    )


def _curved_cnn(spec: RunSpec, model: Cnn) -> ProbeUnfit | None:
    curved = activation(model.activation).pieces is None
    for place, (block, layer) in enumerate(zip(model.blocks, spec.layers, strict=False)):
        path = f"model.blocks.{place}"
        if isinstance(block, LayerNorm):
            return ProbeUnfit(
                f"{NO_REGIONS} {layer.label} ({path}) divides by the spread of its own input, "
                "which is not piecewise linear",
                path=path,
                hint="Take batch norm instead, which is affine in testing, or leave it out.",
            )
        if isinstance(block, MaxPool) and block.kernel**2 > MAX_WINDOW:
            return ProbeUnfit(
                f"The regions of this net cannot be cut: {path} (max_pool) takes the largest of "
                f"{block.kernel**2} values, and at most {MAX_WINDOW} are allowed here",
                path=f"{path}.kernel",
                hint="Take a window of 8 or fewer pixels a side.",
            )
        if curved and layer.kind in BENDING:
            return ProbeUnfit(
                f"{NO_REGIONS} {model.activation.kind}, the activation of {layer.label}, is not "
                "piecewise linear",
                path="model.activation",
                hint="Take ReLU, leaky ReLU or linear units.",
            )
    return None


CURVED: dict[type[ModelKind], Callable[[RunSpec, Any], ProbeUnfit | None]] = {
    Mlp: _curved_mlp,
    Cnn: _curved_cnn,
}
"""Why a model is not piecewise linear, for each family whose regions can be cut."""
