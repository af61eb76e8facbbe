"""What the server says to a viewer over ``WS /api/runs/{id}/stream``, but for frames.

Text, one JSON object a message, told apart by ``kind``; every field is always there.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from livenet.wire.documents import Metrics, Of, Problem, RunDocument, Status
from livenet.wire.messages import Command, Message


class RunNow(Message):
    """The whole run, as GET /api/runs/{id} gives it: on connecting and when its status changes."""

    kind: Literal["run"] = "run"
    incarnation: str
    run: Annotated[dict[str, Any], Of(RunDocument)]


class Progress(Message):
    """Where the run stands, about ten times a second while it goes on."""

    kind: Literal["progress"] = "progress"
    status: Status
    step: int
    epoch: float
    steps_per_second: float | None
    metrics: Metrics


class Snapshots(Message):
    """The steps that have a snapshot: on connecting, and some time after they have changed."""

    kind: Literal["snapshots"] = "snapshots"
    steps: list[int]


class SeriesRows(Message):
    """Rows in order, each a list in the order of ``columns``; the first column is its number."""

    kind: Literal["series"] = "series"
    columns: list[str]
    rows: list[list[float | None]]


class Subscribed(Message):
    """Frames of this subscription bear this channel in their metadata."""

    kind: Literal["subscribed"] = "subscribed"
    id: str
    channel: str


class Applied(Message):
    """A command of yours took effect at this step."""

    kind: Literal["applied"] = "applied"
    command: Annotated[dict[str, Any], Of(Command)]
    step: int


class Refused(Message):
    """What you asked for was refused: ``id`` names a subscription, ``command`` is a command."""

    kind: Literal["error"] = "error"
    error: Annotated[dict[str, str], Of(Problem)]
    id: str | None = None
    command: dict[str, Any] | None = None


Outbound = RunNow | Progress | Snapshots | SeriesRows | Subscribed | Applied | Refused
