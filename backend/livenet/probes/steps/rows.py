"""The probe that takes one step of training apart."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from livenet.probes.row import ProbeRow
from livenet.spec.base import Frozen
from livenet.spec.text import Typed


class StepByStepOptions(Frozen):
    stage: str | None = Field(
        None, description="the stage that is shown, one of the fact `stages`; by default the first"
    )
    part: Literal["batch", "train", "test"] = Field(
        "batch", description="where the example is from; `batch` is the minibatch of the next step"
    )
    example: int = Field(0, ge=0, description="the number of the example in its part")
    text: Typed | None = Field(
        None,
        description="of sequences: a typed one in place of an example, in the data's own symbols, "
        "or numbers with spaces between them (addition: a + before each summand)",
    )
    place: int | None = Field(
        None,
        ge=0,
        description="recurrent networks and transformers: the time step that is shown, from 0; of "
        "attention, the query; by default one that is scored",
    )
    layer: int | None = Field(
        None, ge=1, description="recurrent networks: which layer is shown; by default the last"
    )
    head: int = Field(1, ge=1, description="transformers: which head of a layer is shown")
    key: int | None = Field(
        None,
        ge=0,
        description="transformers: the place that the query looks at, from 0; by default the one "
        "with the largest share",
    )
    temperature: float = Field(
        1.0, ge=0.0, le=5.0, description="transformers: of sampling; 0 takes the likeliest"
    )
    top_k: int | None = Field(
        None, ge=1, description="transformers: sample among only so many of the likeliest"
    )
    ablate: tuple[tuple[int, int], ...] = Field(
        (),
        max_length=64,
        description="transformers: [layer, head] of heads that are left out, both from 1",
    )
    row: int = Field(
        0,
        ge=0,
        description="the entry that is worked out: its row (unit); without row and column, of maps "
        "the place of the image's brightest pixel",
    )
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

    @property
    def placed(self) -> bool:
        """Whether an entry was asked for."""
        return not self.model_fields_set.isdisjoint({"row", "column"})


USED_BY: dict[str, tuple[str, ...]] = {
    "text": ("rnn", "transformer"),
    "place": ("rnn", "transformer"),
    "layer": ("rnn",),
    "head": ("transformer",),
    "key": ("transformer",),
    "temperature": ("transformer",),
    "top_k": ("transformer",),
    "ablate": ("transformer",),
    "channel": ("cnn", "autoencoder", "vae"),
    "input": ("cnn", "autoencoder", "vae"),
}
"""The models that an option is for; those that are not named are for all."""

ROWS = (
    ProbeRow(
        "step_by_step",
        "Step by step",
        "One step of training: every number of the forward pass, the backward pass and the update.",
        "every model",
        StepByStepOptions,
    ),
)
