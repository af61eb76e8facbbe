"""Probes of what a network predicts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from livenet.probes.fit import without_classes
from livenet.probes.row import ProbeRow
from livenet.spec.base import Frozen

CNN = ("cnn",)
PART = "which convolution within a residual block; 0 is the first"


class DecisionOptions(Frozen):
    """The window is [x_min, x_max, y_min, y_max], or [x_min, x_max] on the line."""

    window: list[float] | None = Field(
        None, description="the part of the plane or line that is shown"
    )
    resolution: int = Field(64, ge=8, le=256, description="cells a side, or points on the line")
    points: bool = Field(True, description="draw the data points, too")  # a field


class ConfusionOptions(Frozen):
    part: Literal["train", "test"] = Field(
        "test", description="the part of the data that is counted"
    )


class WrongOptions(Frozen):
    count: int = Field(16, ge=1, le=100, description="how many images")


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
        "confusion",
        "Confusion",
        "How often each class is predicted as each of the others.",
        "models that predict classes: MLPs on points with classes, convolutional networks",
        ConfusionOptions,
        models=("mlp", "cnn"),
        families=("points", "images"),
        unfit=without_classes,
    ),
    ProbeRow(
        "wrong",
        "Most wrong",
        "The test images with the largest loss, with their true and predicted classes.",
        "convolutional networks",
        WrongOptions,
        models=CNN,
    ),
)
