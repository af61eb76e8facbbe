"""One viewer of a run: what it is still owed, and nothing more. No sockets.

Pictures are conflated: a subscription has at most two unacknowledged frames on their way, and holds
back only the newest. Series are a cursor into the run's own rows. So no buffer grows, however slow
the viewer is.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from livenet.engine.base import Watch
from livenet.store import Run
from livenet.wire.messages import Outbound, Progress, RunNow, SeriesRows

UNACKNOWLEDGED = 2
ROWS_A_MESSAGE = 2000
MOST_REPLIES = 256


class NoWatch:
    """A watch that is not there yet."""

    def taken(self) -> None:
        pass

    def leave(self) -> None:
        pass


@dataclass
class Subscription:
    """One of a viewer's pictures."""

    watch: Watch = field(default_factory=NoWatch)
    newest: bytes | None = None
    sent: deque[int] = field(default_factory=deque)

    @property
    def ready(self) -> bool:
        return self.newest is not None and len(self.sent) < UNACKNOWLEDGED

    def take(self) -> None:
        """Asks for the next picture, once it could be sent on at once."""
        if self.newest is None and len(self.sent) < UNACKNOWLEDGED:
            self.watch.taken()


class Viewer:
    """What is to be sent next: replies first, then state, rows, and the newest pictures."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.subscriptions: dict[str, Subscription] = {}
        self.replies: deque[Outbound] = deque()
        self.cursor: int | None = None
        self.run_due = True
        self.progress_due = False

    def frame(self, id: str, data: bytes) -> None:  # the wire's word
        """A new picture: takes the place of one that waits."""
        if subscription := self.subscriptions.get(id):
            subscription.newest = data

    def acknowledge(self, seqs: dict[str, int]) -> None:
        """The viewer has painted these, and all before them."""
        for id, seq in seqs.items():  # the wire's word
            if subscription := self.subscriptions.get(id):
                while subscription.sent and subscription.sent[0] <= seq:
                    subscription.sent.popleft()
                subscription.take()

    def next(self) -> str | bytes | None:
        """The next message to send; None where nothing is due."""
        if self.replies:
            return self.replies.popleft().model_dump_json()
        if self.run_due:
            self.run_due = self.progress_due = False
            return RunNow(run=self.run.document()).model_dump_json()
        if self.progress_due:
            self.progress_due = False
            return self._progress().model_dump_json()
        if self.cursor is not None and self.cursor < len(self.run.series):
            rows = self.run.series.rows(self.cursor, ROWS_A_MESSAGE)
            self.cursor += len(rows)
            return SeriesRows(columns=self.run.series.columns, rows=rows).model_dump_json()
        for id, subscription in self.subscriptions.items():  # the wire's word
            if subscription.ready:
                # To the end of the queue, so that subscriptions take turns.
                self.subscriptions[id] = self.subscriptions.pop(id)
                data, subscription.newest = subscription.newest, None
                assert data is not None
                subscription.sent.append(sequence_number(data))
                subscription.take()
                return data
        return None

    def _progress(self) -> Progress:
        run = self.run
        return Progress(
            status=run.status,
            step=run.step,
            epoch=run.epoch,
            steps_per_second=run.steps_per_second,
            metrics=run.metrics,
        )


def sequence_number(frame: bytes) -> int:
    """The ``seq`` of a frame, from its metadata."""
    size = int.from_bytes(frame[:8], "little")
    start = frame.index(b'"seq":"', 8, 8 + size) + 7
    return int(frame[start : frame.index(b'"', start)])
