"""The probe that takes one step of training apart."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from livenet.probes.row import ProbeRow
from livenet.spec.base import Frozen


class StepByStepOptions(Frozen):
    stage: str | None = Field(
        None, description="the stage that is shown, one of the fact `stages`; by default the first"
    )
    part: Literal["batch", "train", "test"] = Field(
        "batch", description="where the example is from; `batch` is the minibatch of the next step"
    )
    example: int = Field(0, ge=0, description="the number of the example in its part")
    row: int = Field(0, ge=0, description="the entry that is worked out: its row (unit)")
    column: int = Field(0, ge=0, description="and its column; 0 of a vector")
    channel: int = Field(
        0, ge=0, description="of convolutional networks and autoencoders: the channel of a layer"
    )
    input: int = Field(
        0, ge=0, description="of the same: the channel of the layer's input, where a sum is over it"
    )
    parameter: str | None = Field(
        None, description="the parameter whose update is shown; by default the first"
    )


ROWS = (
    ProbeRow(
        "step_by_step",
        "Step by step",
        "One step of training: every number of the forward pass, the backward pass and the update.",
        "every multilayer perceptron, convolutional network and autoencoder",
        StepByStepOptions,
        models=("mlp", "cnn", "autoencoder", "vae"),
    ),
)
