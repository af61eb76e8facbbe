"""What an engine and its workers say to each other, over a pipe between our own processes.

Every message about a run bears its incarnation, so that words of a worker that is gone can be told
from those of the one that took over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from livenet.errors import LivenetError
from livenet.wire.journal import Entry
from livenet.wire.messages import Message

Metrics = Mapping[str, float | None]


@dataclass(frozen=True)
class Open:
    """Take this run: from its spec, or from a snapshot."""

    run: str
    incarnation: int
    spec: dict[str, Any]
    snapshot: bytes | None
    journal: tuple[Entry, ...]
    step: int
    """Where to stand: the journal is replayed from the snapshot to here."""
    status: str
    """What it is to be once it stands there: running, paused, or an ended one to look at."""
    pace: float | None
    last_row: int | None = None
    """The step of the last row that there is; the row of ``step`` is made if it is missing."""


@dataclass(frozen=True)
class Close:
    run: str


@dataclass(frozen=True)
class Do:
    """A command; answered by Reply with the step at which it took effect."""

    ref: int
    run: str
    command: Message


@dataclass(frozen=True)
class Watch:
    """Send pictures of this probe on this channel, at most so many a second."""

    run: str
    channel: str
    probe: str
    options: dict[str, Any]
    fps: float


@dataclass(frozen=True)
class Unwatch:
    run: str
    channel: str


@dataclass(frozen=True)
class Taken:
    """The channel's last frame has been read: the next may come."""

    run: str
    channel: str


@dataclass(frozen=True)
class Look:
    """One picture, or the weights, of a run at a step; None is the present one.

    ``form`` is "frame", "json" or "weights". A past step is replayed from
    ``snapshot``.
    """

    ref: int
    run: str
    form: str
    probe: str
    options: dict[str, Any]
    step: int | None
    snapshot: bytes | None
    journal: tuple[Entry, ...]
    channel: str


@dataclass(frozen=True)
class Leave:
    """End the process."""


ToWorker = Open | Close | Do | Watch | Unwatch | Taken | Look | Leave


@dataclass(frozen=True)
class Ready:
    """The worker has loaded what it needs."""

    device: str


@dataclass(frozen=True)
class State:
    """Where a run stands."""

    run: str
    incarnation: int
    status: str
    step: int
    epoch: float
    steps_per_second: float | None
    metrics: Metrics | None
    error: dict[str, str] | None


@dataclass(frozen=True)
class Rows:
    """New rows of a run's series: (step, epoch, steps a second, metrics)."""

    run: str
    incarnation: int
    rows: tuple[tuple[int, float, float | None, Metrics], ...]


@dataclass(frozen=True)
class Kept:
    """A snapshot, packed."""

    run: str
    incarnation: int
    step: int
    data: bytes


@dataclass(frozen=True)
class Took:
    """A command took effect: an entry for the journal, if it changed numbers."""

    run: str
    incarnation: int
    entry: Entry


@dataclass(frozen=True)
class Framed:
    """A frame on a channel, or the reason why there is none."""

    run: str
    channel: str
    seq: int
    data: bytes | None
    error: LivenetError | None = None


@dataclass(frozen=True)
class Reply:
    ref: int
    value: Any = None
    error: LivenetError | None = None


FromWorker = Ready | State | Rows | Kept | Took | Framed | Reply
