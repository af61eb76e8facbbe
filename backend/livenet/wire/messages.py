"""Messages from a viewer to the server over ``WS /api/runs/{id}/stream``.

Each is one JSON object, sent as text; ``kind`` is its tag. The server's messages are in
livenet.wire.outbound, and frames in livenet.wire.frame. docs/stream.md describes all of them; a
test compares it with these files.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Scalar = float | int | bool | str | None
MAX_ACKNOWLEDGED = 64
LEAST_PACE = 1e-3  # steps or pictures a second; far above the smallest float
Whole = Annotated[int, Field(strict=True)]  # excludes true and "1"
Number = Annotated[float, Field(strict=True)]
StepsPerSecond = Annotated[Number, Field(ge=LEAST_PACE, le=1e6)]


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Subscribe(Message):
    """Subscribe to a probe's pictures under the name ``id``; with ``step`` to one of an earlier
    step."""

    kind: Literal["subscribe"]
    id: str = Field(min_length=1, max_length=64)
    probe: str = Field(min_length=1, max_length=64)
    options: dict[str, Any] = Field(default_factory=dict)
    fps: Number = Field(30.0, ge=LEAST_PACE, le=60)
    step: Whole | None = Field(None, ge=0)
    packed: bool = Field(False, strict=True)
    """Whether the viewer reads packed frames: see livenet.wire.packed."""


class Unsubscribe(Message):
    kind: Literal["unsubscribe"]
    id: str = Field(min_length=1, max_length=64)


class SeriesFrom(Message):
    """Request all rows after this number, and every new one."""

    kind: Literal["series"]
    after: Whole = Field(0, ge=0)


class Ack(Message):
    """The newest frame that the viewer has painted, for each subscription, and how many bytes of
    binary messages it has received on this connection."""

    kind: Literal["ack"]
    seqs: dict[str, Whole] = Field(max_length=MAX_ACKNOWLEDGED)
    received: Whole | None = Field(None, ge=0)


class Pause(Message):
    kind: Literal["pause"]


class Resume(Message):
    kind: Literal["resume"]


class Stop(Message):
    kind: Literal["stop"]


class StepOn(Message):
    """Train for a number of steps, or to the end of a number of epochs, then pause."""

    kind: Literal["step"]
    steps: Whole | None = Field(None, ge=1, le=1_000_000_000)
    epochs: Whole | None = Field(None, ge=1, le=1_000_000)


class Set(Message):
    """Change live fields of the spec, by path."""

    kind: Literal["set"]
    changes: dict[str, Any] = Field(min_length=1, max_length=64)


class Edit(Message):
    """One number of one parameter."""

    parameter: str
    index: tuple[Whole, ...] = Field(max_length=4, fail_fast=True)
    value: Number


class EditParameters(Message):
    kind: Literal["edit"]
    edits: tuple[Edit, ...] = Field(min_length=1, max_length=1000, fail_fast=True)


class Pace(Message):
    """The most steps a second; None is no limit. Does not change the run's numbers."""

    kind: Literal["pace"]
    steps_per_second: StepsPerSecond | None = None


Command = Annotated[
    Pause | Resume | Stop | StepOn | Set | EditParameters | Pace, Field(discriminator="kind")
]
Inbound = Annotated[
    Subscribe
    | Unsubscribe
    | SeriesFrom
    | Ack
    | Pause
    | Resume
    | Stop
    | StepOn
    | Set
    | EditParameters
    | Pace,
    Field(discriminator="kind"),
]

COMMAND: TypeAdapter[Any] = TypeAdapter(Command)
INBOUND: TypeAdapter[Any] = TypeAdapter(Inbound)
