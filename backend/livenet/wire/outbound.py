"""Messages from the server to a viewer over ``WS /api/runs/{id}/stream``, except frames.

Each is one JSON object, sent as text; ``kind`` is its tag. Every field is always present.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from livenet.wire.documents import (
    JournalChange,
    LiveSpec,
    Metrics,
    Of,
    Problem,
    RunDocument,
    RunState,
    Status,
)
from livenet.wire.messages import Command, Message


class RunNow(Message):
    """The run as GET /api/runs/{id} returns it: on connecting."""

    kind: Literal["run"] = "run"
    incarnation: str
    run: Annotated[dict[str, Any], Of(RunDocument)]


class RunChange(Message):
    """What has changed of the run since the last message about it: when its status, error, name or
    journal changes."""

    kind: Literal["change"] = "change"
    run: Annotated[dict[str, Any], Of(RunState)]
    spec_in_force: Annotated[dict[str, Any], Of(LiveSpec)]
    journal: Annotated[dict[str, Any], Of(JournalChange)]


class Progress(Message):
    """The run's status and step: about ten times a second while it trains, every second or two
    otherwise, so that a viewer notices when the server does not answer."""

    kind: Literal["progress"] = "progress"
    status: Status
    step: int
    epoch: float
    steps_per_second: float | None
    metrics: Metrics
    unsaved: str | None = None
    """Why changes of runs cannot be saved at present; null while they are saved."""


class Snapshots(Message):
    """The steps that have a snapshot: on connecting, and shortly after they have changed."""

    kind: Literal["snapshots"] = "snapshots"
    steps: list[int]


class SeriesRows(Message):
    """Rows in order, each a list in the order of ``columns``; the first column is the row's
    number."""

    kind: Literal["series"] = "series"
    columns: list[str]
    rows: list[list[float | None]]


class Subscribed(Message):
    """The channel of a subscription, which the metadata of its frames contains."""

    kind: Literal["subscribed"] = "subscribed"
    id: str
    channel: str


class Applied(Message):
    """A command of this viewer took effect at this step."""

    kind: Literal["applied"] = "applied"
    command: Annotated[dict[str, Any], Of(Command)]
    step: int


class Refused(Message):
    """A refusal; ``id`` is the refused subscription, ``command`` the refused command."""

    kind: Literal["error"] = "error"
    error: Annotated[dict[str, str], Of(Problem)]
    id: str | None = None
    command: dict[str, Any] | None = None


Outbound = RunNow | RunChange | Progress | Snapshots | SeriesRows | Subscribed | Applied | Refused
