"""Probes of what identity connections do to gradients."""

from __future__ import annotations

from pydantic import Field

from livenet.probes.row import ProbeRow
from livenet.spec.base import Frozen


class GradientDepthOptions(Frozen):
    examples: int = Field(64, ge=1, le=512, description="test examples that are averaged over")


class GradientCorrelationOptions(Frozen):
    points: int = Field(128, ge=8, le=512, description="places on the segment")


ROWS = (
    ProbeRow(
        "gradient_depth",
        "Gradient by depth",
        "How the gradient grows or shrinks from layer to layer, with and without identities.",
        "multilayer perceptrons and CNNs",
        GradientDepthOptions,
        models=("mlp", "cnn"),
    ),
    ProbeRow(
        "gradient_correlation",
        "Shattered gradients",
        "How alike gradients at neighbouring inputs are, with and without identity connections.",
        "multilayer perceptrons and CNNs",
        GradientCorrelationOptions,
        models=("mlp", "cnn"),
    ),
)
