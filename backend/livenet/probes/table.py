"""What probes there are: their names, what they show, whom they fit, and their options. No torch.

To add one: a row here, and a function in a file of its name beside this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import Field

from livenet.spec.base import Frozen


class DecisionOptions(Frozen):
    """The window is [x_min, x_max, y_min, y_max], or [x_min, x_max] on the line."""

    window: list[float] | None = Field(None, description="what part of the plane or line")
    resolution: int = Field(64, ge=8, le=256, description="cells a side, or points on the line")
    points: bool = Field(True, description="draw the data points, too")  # a field


class NeuronsOptions(Frozen):
    window: list[float] | None = Field(None, description="what part of the plane or line")
    resolution: int = Field(20, ge=4, le=256, description="cells a side of a map")
    units: int = Field(16, ge=1, le=512, description="units shown of a layer")
    layer: int | None = Field(None, ge=0, description="only this layer; 0 is the input features")
    unit: int | None = Field(None, ge=0, description="only this unit of the layer")


class NetworkOptions(Frozen):
    units: int = Field(16, ge=1, le=512, description="units shown of a layer")


class WeightsOptions(Frozen):
    layer: int | None = Field(None, ge=1, description="only this layer's matrix")


class RegionsOptions(Frozen):
    window: list[float] | None = Field(None, description="what part of the plane or line")
    point: list[float] | None = Field(
        None, description="[x1, x2] or [x1]: answered with its region's pattern and affine map"
    )
    merge: bool = Field(False, description="draw linear regions, not activation regions")
    max_faces: int = Field(20_000, ge=100, description="most activation regions that are cut")
    polygons: bool = Field(True, description="send the polygons, not the counts alone")


@dataclass(frozen=True)
class ProbeRow:
    """One probe, as the catalogue lists it."""

    kind: str
    label: str
    explain: str
    fits: str
    options: type[Frozen]

    def document(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "label": self.label,
            "explain": self.explain,
            "fits": self.fits,
            "options": self.options.model_json_schema(),
        }


ROWS = (
    ProbeRow(
        "decision",
        "Output",
        "The net's output over the plane, or the fitted curve on the line, with the data points.",
        "every model on points of the plane or the line",
        DecisionOptions,
    ),
    ProbeRow(
        "neurons",
        "Neurons",
        "Every unit's output h over the plane, as a small map of its own.",
        "every multilayer perceptron",
        NeuronsOptions,
    ),
    ProbeRow(
        "network",
        "Network",
        "The network as a graph: units, and each weight's sign and size.",
        "every multilayer perceptron",
        NetworkOptions,
    ),
    ProbeRow(
        "weights",
        "Weights",
        "Each layer's W as a matrix, with its biases.",
        "every multilayer perceptron",
        WeightsOptions,
    ),
    ProbeRow(
        "regions",
        "Linear regions",
        "The exact pieces on which the net is one affine map, cut neuron by neuron.",
        "piecewise-linear nets: ReLU, leaky ReLU or linear units on the features x1, x2",
        RegionsOptions,
    ),
)

PROBES = {row.kind: row for row in ROWS}
