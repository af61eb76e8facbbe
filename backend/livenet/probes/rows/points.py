"""Probes of models on points, and of multilayer perceptrons."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from livenet.probes.rows.base import ProbeRow
from livenet.probes.rows.fit import not_piecewise_linear
from livenet.spec.base import Frozen

First = Annotated[
    list[Annotated[int, Field(ge=0)]],
    Field(
        default_factory=list,
        description="the first unit shown of each layer, from layer 0, the input features, on; "
        "0 where nothing is said of a layer",
    ),
]


class DecisionOptions(Frozen):
    """The window is [x_min, x_max, y_min, y_max], or [x_min, x_max] on the line."""

    window: list[float] | None = Field(None, description="what part of the plane or line")
    resolution: int = Field(64, ge=8, le=256, description="cells a side, or points on the line")
    points: bool = Field(True, description="draw the data points, too")  # a field


class NeuronsOptions(Frozen):
    window: list[float] | None = Field(None, description="what part of the plane or line")
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


class RegionsOptions(Frozen):
    """On images the plane is x(u, v) = a + u (b − a) + v (c − a), through the three images a, b
    and c at (0, 0), (1, 0) and (0, 1); window and point are in u and v."""

    window: list[float] | None = Field(
        None,
        description="what part of the plane or line; on images [u_min, u_max, v_min, v_max]",
    )
    narrow: bool | None = Field(
        None,
        description="on images, where the window holds more than max_faces regions: draw a part "
        "about its middle that is cut by every layer, instead of all of it cut by the first "
        "units alone; by default where no window is given",
    )
    point: list[float] | None = Field(
        None, description="[x1, x2] or [x1]: answered with its region's pattern and affine map"
    )
    merge: bool = Field(False, description="draw linear regions, not activation regions")
    max_faces: int | None = Field(
        None,
        ge=100,
        description="most activation regions that are cut: 20,000, between images 1,300",
    )
    polygons: bool = Field(True, description="send the polygons, not the counts alone")
    images: list[Annotated[int, Field(ge=0)]] = Field(
        [0, 1, 2],
        min_length=3,
        max_length=3,
        description="on images: the test images that the plane goes through, at (0, 0), (1, 0) "
        "and (0, 1)",
    )


ROWS = (
    ProbeRow(
        "decision",
        "Output",
        "The net's output over the plane, or the fitted curve on the line, with the data points.",
        "every model on points of the plane or the line",
        DecisionOptions,
        families=("points",),
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
        "network",
        "Network",
        "The network as a graph: units, and each weight's sign and size.",
        "every multilayer perceptron",
        NetworkOptions,
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
        "At how many training examples each unit answers: which are dead, which are saturated.",
        "every multilayer perceptron",
        ActivityOptions,
        models=("mlp",),
    ),
    ProbeRow(
        "regions",
        "Linear regions",
        "The exact pieces on which the net is one affine map, cut neuron by neuron.",
        "piecewise-linear nets (ReLU, leaky ReLU or linear units, max pooling): MLPs on the "
        "features x1, x2, and convolutional networks, between three images",
        RegionsOptions,
        models=("mlp", "cnn"),
        families=("points", "images"),
        unfit=not_piecewise_linear,
    ),
)
