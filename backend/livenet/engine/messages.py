"""What an engine and its workers say to each other, over a pipe between our own processes.

Every message about a run bears its incarnation, so that words of a worker that is gone can be told
from those of the one that took over. What a worker has to say of a run it says in one message
(``News``): where it dies, all of it has been said, or nothing, and the run goes on from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from livenet.errors import LivenetError
from livenet.wire.journal import Entry
from livenet.wire.messages import Message

Row = tuple[int, float, float | None, "Metrics"]
"""Step, epoch, steps a second, metrics."""

Metrics = Mapping[str, float | None]


@dataclass(frozen=True)
class RunState:
    """Where a run's session stands, so that another worker can take it over."""

    status: str
    until_step: int | None = None
    until_epoch: int | None = None
    pace: float | None = None
    error: dict[str, str] | None = None


@dataclass(frozen=True)
class Open:
    """Take this run: from its spec, or from a snapshot."""

    run: str
    number: int
    """What a worker's heartbeat calls it."""
    incarnation: int
    spec: dict[str, Any]
    snapshot: bytes | None
    journal: tuple[Entry, ...]
    step: int
    """Where to stand: the journal is replayed from the snapshot to here."""
    standing: RunState
    """How it is to stand there: running, paused, or an ended one to look at."""
    last_row: int | None = None
    """The step of the last row that there is; the row of ``step`` is made if it is missing."""


@dataclass(frozen=True)
class Close:
    run: str


@dataclass(frozen=True)
class Release:
    """Give the run back, for another worker: its last News bears the snapshot to go on from."""

    run: str


@dataclass(frozen=True)
class Do:
    """A command; answered by the News of its effect, or by a Reply that refuses it.

    ``reason`` is an error that the run shows from then on: why the engine itself pauses it.
    """

    ref: int
    run: str
    command: Message
    reason: dict[str, str] | None = None


@dataclass(frozen=True)
class Watch:
    """Send pictures of this probe on this channel, at most so many a second."""

    run: str
    number: int
    """What a worker's heartbeat calls it."""
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
    """The channel's last frame has been read: the next may come."""

    run: str
    channel: str


@dataclass(frozen=True)
class ProbeRequest:
    """One picture, or the weights, of a run at a step; None is the present one.

    ``form`` is "frame", "json" or "weights". A past step is replayed from the snapshot before it,
    which stands at the step ``since`` and is fetched where it is needed: it may be large, and most
    looks of somebody who scrubs are dropped. ``journal`` is what lies between. ``seq`` is a number
    for a frame that takes its place among those of a channel.
    """

    ref: int
    run: str
    number: int
    """What a worker's heartbeat calls it."""
    form: str
    probe: str
    options: dict[str, Any]
    step: int | None
    since: int | None
    journal: tuple[Entry, ...]
    channel: str
    seq: int | None = None


@dataclass(frozen=True)
class Given:
    """The snapshot that a look waits for, and the journal from there to its step."""

    ref: int
    snapshot: bytes
    journal: tuple[Entry, ...]


@dataclass(frozen=True)
class Drop:
    """Nobody waits for the answer to this look any more."""

    ref: int


@dataclass(frozen=True)
class Leave:
    """Tell the last of every run, and end the process."""


ToWorker = (
    Open | Close | Release | Do | Watch | Unwatch | FrameAck | ProbeRequest | Given | Drop | Leave
)


@dataclass(frozen=True)
class Ready:
    """The worker has loaded what it needs."""

    device: str


@dataclass(frozen=True)
class RunUpdate:
    """All that is new of a run, and where it stands."""

    run: str
    incarnation: int
    step: int
    epoch: float | None
    """None where it is as it was."""
    steps_per_second: float | None
    metrics: Metrics | None
    standing: RunState
    rows: tuple[Row, ...] = ()
    """New rows of its series."""
    snapshot: bytes | None = None
    """Its state at ``step``, packed."""
    entry: Entry | None = None
    """A command that changed its numbers, for the journal."""
    ref: int | None = None
    """The command that this answers: it took effect at ``step``."""
    released: bool = False
    """The worker has given it back."""


@dataclass(frozen=True)
class Framed:
    """A frame on a channel, or the reason why there is none.

    Numbers increase over incarnations, too.
    """

    run: str
    incarnation: int
    channel: str
    seq: int
    data: bytes | None
    error: LivenetError | None = None


@dataclass(frozen=True)
class Fetch:
    """A look has its turn, and needs the snapshot before its step."""

    ref: int


@dataclass(frozen=True)
class Reply:
    ref: int
    value: Any = None
    error: LivenetError | None = None


FromWorker = Ready | RunUpdate | Framed | Fetch | Reply
