"""Messages between an engine and its workers, over a pipe between our own processes.

Every report about a run has its incarnation, which separates the messages of a worker that is gone
from those of the worker that took over. A worker reports all changes of a run in one message
(``RunUpdate``): if it dies, all of them were reported or none, and the run continues from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from livenet.errors import LivenetError
from livenet.spec.arithmetic import Used
from livenet.wire.journal import Entry
from livenet.wire.messages import Message

Row = tuple[int, float, float | None, "Metrics"]
"""Step, epoch, steps a second, metrics."""

Metrics = Mapping[str, float | None]


@dataclass(frozen=True)
class RunState:
    """The state of a run's session, from which another worker can take over."""

    status: str
    until_step: int | None = None
    until_epoch: int | None = None
    pace: float | None = None
    error: dict[str, str] | None = None


@dataclass(frozen=True)
class Open:
    """Open this run from its spec or from a snapshot."""

    run: str
    number: int
    """Its number in a worker's heartbeat."""
    incarnation: int
    spec: dict[str, Any]
    snapshot: bytes | None
    journal: tuple[Entry, ...]
    step: int
    """The step to open it at: the journal is replayed from the snapshot to here."""
    state: RunState
    """Its state at that step: running, paused, queued, or ended and open to probe requests."""
    last_row: int | None = None
    """The step of the last row; the row of ``step`` is made if it is missing."""
    share: tuple[str, str] = ("", "")
    """The network that the run's owner uses, and the owner: see ``worker.fair_shares``."""


@dataclass(frozen=True)
class Close:
    run: str


@dataclass(frozen=True)
class Release:
    """Give the run back for another worker; its last RunUpdate has the snapshot to resume from."""

    run: str


class Admit(Message):
    """Start a queued run. The engine's own command: a run that was paused meanwhile stays so."""

    kind: Literal["admit"] = "admit"


@dataclass(frozen=True)
class CommandRequest:
    """A command; answered by the RunUpdate of its effect, or by a Reply that refuses it.

    ``reason`` is the error that the run shows from then on, when the engine or an administrator
    pauses it. With ``queued`` a command to train queues the run instead of starting it.
    """

    ref: int
    run: str
    command: Message
    reason: dict[str, str] | None = None
    queued: bool = False


@dataclass(frozen=True)
class Watch:
    """Send pictures of this probe on this channel, at most ``fps`` a second."""

    run: str
    number: int
    """Its number in a worker's heartbeat."""
    channel: str
    probe: str
    options: dict[str, Any]
    fps: float


@dataclass(frozen=True)
class Unwatch:
    run: str
    channel: str


@dataclass(frozen=True)
class FrameAck:
    """The channel's last frame has been read: the next may be sent."""

    run: str
    channel: str


@dataclass(frozen=True)
class ProbeRequest:
    """One picture, or the weights, of a run at a step; None is the current step.

    ``form`` is "frame", "json" or "weights". A past step is replayed from the snapshot before it,
    at the step ``since``. The snapshot is fetched only when it is needed: it may be large, and
    most requests made while scrubbing are dropped. ``journal`` has the entries in between, and
    ``version`` tells it from other journals up to this step. ``seq`` numbers a frame that belongs
    to the sequence of a channel.
    """

    ref: int
    run: str
    number: int
    """Its number in a worker's heartbeat."""
    form: str
    probe: str
    options: dict[str, Any]
    step: int | None
    since: int | None
    journal: tuple[Entry, ...]
    version: int
    channel: str
    seq: int | None = None


@dataclass(frozen=True)
class SnapshotReply:
    """The snapshot that a probe request waits for, and the journal from there to its step."""

    ref: int
    snapshot: bytes
    journal: tuple[Entry, ...]


@dataclass(frozen=True)
class CancelRequest:
    """Cancel this probe request."""

    ref: int


@dataclass(frozen=True)
class Shutdown:
    """Report the final state of every run, and end the process."""


ToWorker = (
    Open
    | Close
    | Release
    | CommandRequest
    | Watch
    | Unwatch
    | FrameAck
    | ProbeRequest
    | SnapshotReply
    | CancelRequest
    | Shutdown
)


@dataclass(frozen=True)
class Ready:
    """The worker has loaded what it needs; ``uncompiled`` is why it has no machine code, if so."""

    device: str
    uncompiled: str | None = None


@dataclass(frozen=True)
class RunUpdate:
    """All changes of a run since the last update, and its state."""

    run: str
    incarnation: int
    step: int
    epoch: float | None
    """None if unchanged."""
    steps_per_second: float | None
    metrics: Metrics | None
    state: RunState
    rows: tuple[Row, ...] = ()
    """New rows of its series."""
    snapshot: bytes | None = None
    """Its state at ``step``, packed."""
    entry: Entry | None = None
    """A command that changed its numbers, for the journal."""
    ref: int | None = None
    """The command that this answers: it took effect at ``step``."""
    arithmetic: Used | None = None
    """The arithmetic that it trains with; None if it could not be opened."""
    released: bool = False
    """The worker has given it back."""


@dataclass(frozen=True)
class ChannelFrame:
    """A frame on a channel, or the reason why there is none.

    ``seq`` increases across incarnations, too.
    """

    run: str
    incarnation: int
    channel: str
    seq: int
    data: bytes | None
    error: LivenetError | None = None


@dataclass(frozen=True)
class SnapshotRequest:
    """A probe request has its turn, and needs the snapshot before its step."""

    ref: int


@dataclass(frozen=True)
class Reply:
    ref: int
    value: Any = None
    error: LivenetError | None = None


FromWorker = Ready | RunUpdate | ChannelFrame | SnapshotRequest | Reply
