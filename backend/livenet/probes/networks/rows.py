"""Probes of what a network is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from livenet.probes.row import ProbeRow
from livenet.spec.base import Frozen

First = Annotated[
    list[Annotated[int, Field(ge=0)]],
    Field(
        default_factory=list,
        description="the first unit shown of each layer, from layer 0, the input features, on; "
        "0 where a layer is not given",
    ),
]


class NeuronsOptions(Frozen):
    window: list[float] | None = Field(
        None, description="the part of the plane or line that is shown"
    )
    resolution: int = Field(20, ge=4, le=256, description="cells a side of a map")
    units: int = Field(16, ge=1, le=512, description="units shown of a layer")
    first: First
    layer: int | None = Field(None, ge=0, description="only this layer; 0 is the input features")
    unit: int | None = Field(None, ge=0, description="only this unit of the layer")


class NetworkOptions(Frozen):
    units: int = Field(16, ge=1, le=512, description="units shown of a layer")
    first: First


class WeightsOptions(Frozen):
    layer: int | None = Field(None, ge=1, description="only this layer's matrix")
    unit: int | None = Field(
        None, ge=0, description="only this unit of the layer: all its incoming weights"
    )


class ActivityOptions(Frozen):
    """It has none: all units, over all training examples."""


class ShapesOptions(Frozen):
    pass


ROWS = (
    ProbeRow(
        "network",
        "Network",
        "The network as a graph: units, and each weight's sign and size.",
        "every multilayer perceptron",
        NetworkOptions,
        models=("mlp",),
    ),
    ProbeRow(
        "neurons",
        "Neurons",
        "Every unit's output h over the plane, as a small map of its own.",
        "every multilayer perceptron",
        NeuronsOptions,
        models=("mlp",),
    ),
    ProbeRow(
        "weights",
        "Weights",
        "Each layer's W as a matrix, with its biases.",
        "every multilayer perceptron",
        WeightsOptions,
        models=("mlp",),
    ),
    ProbeRow(
        "activity",
        "Activity",
        "For how many training examples each unit is active: which are dead or saturated.",
        "every multilayer perceptron",
        ActivityOptions,
        models=("mlp",),
    ),
    ProbeRow(
        "shapes",
        "Shapes",
        "Each layer's output shape and parameters, with the formulas and their numbers.",
        "every model",
        ShapesOptions,
    ),
)
