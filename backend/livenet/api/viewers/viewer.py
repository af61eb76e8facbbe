"""The messages that are still to be sent to one viewer of a run. No sockets, no clock.

Pictures are conflated: a subscription has at most two unacknowledged frames in flight, more where a
round trip is long, holds back only the newest, and has its own rate, independent of other
subscriptions. For the series it keeps only a position in the run's own rows. So no buffer grows,
however slow the viewer is. Times are seconds of the caller's clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from livenet.api.viewers.frames import Frame
from livenet.api.viewers.line import Line
from livenet.api.viewers.run_messages import RunMessages
from livenet.engine.base import Watch
from livenet.wire.outbound import Outbound
from livenet.wire.packed import split

UNACKNOWLEDGED = 2
MAX_REPLIES = 16
EARLY = 0.1  # seconds that a frame may be early: the intervals between pictures vary
CATCH_UP = 1.02  # times the requested rate, so that one late frame does not delay all later ones


class NoWatch:
    """Stands in for a watch that does not exist yet."""

    def request_next(self) -> None:
        pass

    def cancel(self) -> None:
        pass


@dataclass
class Subscription:
    """One of a viewer's pictures, with its highest rate."""

    fps: float = inf
    watch: Watch = field(default_factory=NoWatch)
    packed: bool = False
    """Whether the viewer can read packed frames."""
    newest: Frame | None = None
    latest: int = -1
    """The number of the last frame that came."""
    sent: deque[int] = field(default_factory=deque)
    requested: bool = False
    due: float = -inf
    reference: Frame | None = None
    """The last packed frame, which the viewer has."""
    parts: deque[bytes] = field(default_factory=deque)
    """What is still to be sent of it."""

    @property
    def sendable_at(self) -> float:
        """When the rate allows the next frame."""
        return self.due - EARLY

    def send(self, now: float) -> Frame:
        """The newest frame; counts it as in flight."""
        assert self.newest is not None
        frame, self.newest = self.newest, None
        self.sent.append(frame.seq)
        self.due = max(self.due, now) + 1 / (CATCH_UP * self.fps)
        return frame

    def acknowledged(self, seq: int) -> bool:
        """The viewer has painted this frame and all before it; whether any was in flight."""
        any_sent = False
        while self.sent and self.sent[0] <= seq:
            self.sent.popleft()
            any_sent = True
        return any_sent


class Viewer:
    """Decides what is sent next: replies, then state, rows, and the newest pictures. The state of a
    run that has ended follows its last rows, except at first."""

    def __init__(self, messages: RunMessages, elsewhere: bool = True) -> None:
        self.messages = messages
        self.elsewhere = elsewhere
        """Whether the viewer is known to be on another machine."""
        self.line = Line()
        self.subscriptions: dict[str, Subscription] = {}
        self.replies: deque[Outbound] = deque()
        self.cursor: int | None = None
        self.run_due = True
        self._journal: int | None = None
        """The version of the journal that was sent; None if none was: the whole run is due."""
        self.progress_due = False
        self.snapshots_due = True
        self.pictures_due = False
        """Whether there may be a picture to send or to request."""
        self.sendable_at: float | None = None
        """When a picture is due that only its rate holds back."""
        self.conflated = 0
        self._sent_rows_last = False

    def frame(self, id: str, frame: Frame) -> None:  # `id` is the name in the protocol
        """A new picture; replaces one that waits. Large ones may come late: see Frame."""
        subscription = self.subscriptions.get(id)
        if subscription and frame.number > subscription.latest:
            subscription.latest = frame.number
            self.conflated += subscription.newest is not None
            subscription.newest, subscription.requested = frame, False
            self.pictures_due |= self._accepts_more(subscription)

    def acknowledge(
        self, seqs: Mapping[str, int], received: int | None = None, now: float = 0.0
    ) -> bool:
        """The viewer has painted these frames and all before them, and received so many bytes of
        binary messages in all; whether that was new."""
        news = received is not None and self.line.received(received, now)
        self.pictures_due |= news
        for id, seq in seqs.items():  # `id` is the name in the protocol
            if (subscription := self.subscriptions.get(id)) and subscription.acknowledged(seq):
                news = True
                self.pictures_due |= subscription.newest is not None or not subscription.requested
        return news

    @property
    def packs(self) -> bool:
        """Whether bytes are worth the time of packing them: not within one machine."""
        return self.elsewhere or self.line.far

    def next(self, now: float) -> str | Frame | bytes | None:
        """The next message to send, where bytes are a packed frame or a part of one; None if
        nothing is due."""
        if self.replies:
            return self.replies.popleft().model_dump_json()
        status_may_be_sent = self._journal is None or not self._last_rows_due
        if self.run_due and status_may_be_sent and (text := self._run()) is not None:
            self.run_due = self.progress_due = False
            return text
        if self.progress_due and status_may_be_sent:
            self.progress_due = False
            return self.messages.progress()
        if self.snapshots_due:
            self.snapshots_due = False
            return self.messages.snapshots()
        # A long series of past rows and current pictures take turns.
        if self._sent_rows_last:
            return self._picture(now) or self._rows()
        return self._rows() or self._picture(now)

    def _run(self) -> str | None:
        """The whole run at first, and then what has changed; None if that must not be seen yet."""
        if self._journal is None:
            text, self._journal = self.messages.document()
            return text
        if (change := self.messages.change(self._journal)) is None:
            return None
        text, self._journal = change
        return text

    @property
    def _last_rows_due(self) -> bool:
        """Whether the run has ended, and rows are still to be sent: they precede that status."""
        return self.messages.run.ended and self._rows_due

    @property
    def _rows_due(self) -> bool:
        return self.cursor is not None and self.cursor < self.messages.rows

    def _rows(self) -> str | None:
        self._sent_rows_last = self._rows_due
        if not self._sent_rows_last or self.cursor is None:
            return None
        text, self.cursor = self.messages.series(self.cursor)
        return text

    def _accepts_more(self, subscription: Subscription) -> bool:
        """Whether the viewer can accept another frame soon."""
        most = self.line.frames_in_flight(subscription.fps, UNACKNOWLEDGED)
        return len(subscription.sent) < most

    def _picture(self, now: float) -> Frame | bytes | None:
        """A picture or a part of one that may be sent; requests from the engine those that could be
        sent at once."""
        self._sent_rows_last = False
        if not self.pictures_due and (self.sendable_at is None or now < self.sendable_at):
            return None
        self.sendable_at = None
        if not self.line.has_room():
            self.pictures_due = False  # until the viewer has received more
            return None
        found: str | None = None
        for id, subscription in self.subscriptions.items():  # `id` is the name in the protocol
            if subscription.parts:
                found = found or id
            elif not self._accepts_more(subscription):
                continue
            elif subscription.sendable_at > now:
                self.sendable_at = min(subscription.sendable_at, self.sendable_at or inf)
            elif subscription.newest is not None:
                found = found or id
            elif not subscription.requested:
                subscription.requested = True
                subscription.watch.request_next()
        self.pictures_due = found is not None
        return None if found is None else self._send(found, now)

    def _send(self, id: str, now: float) -> Frame | bytes:  # `id` is the name in the protocol
        # Moves to the end of the queue, so that subscriptions take turns: small pictures are not
        # delayed by more than a part of a large one.
        subscription = self.subscriptions[id] = self.subscriptions.pop(id)
        if not subscription.parts:
            frame = subscription.send(now)
            if not (subscription.packed and self.packs and frame.packable):
                self.line.sent(len(frame.data), now)
                return frame
            subscription.parts.extend(split(id, frame.packed(subscription.reference)))
            subscription.reference = frame
        part = subscription.parts.popleft()
        self.line.sent(len(part), now)
        return part
