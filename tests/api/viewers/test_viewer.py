"""What a viewer is owed, without a socket: nothing grows, nothing of a series is lost."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from livenet.api.viewers.frames import Frame
from livenet.api.viewers.run_messages import ROWS_A_MESSAGE, RunMessages
from livenet.api.viewers.viewer import CATCH_UP, EARLY, UNACKNOWLEDGED, Subscription, Viewer
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore
from livenet.wire.documents import Status
from livenet.wire.journal import Entry
from livenet.wire.outbound import Subscribed

FRAMES = [Frame(seq, b"frame %d" % seq) for seq in range(4000)]
NAMES = ("a", "b", "c")


class FakeWatch:
    """A watch that counts how often a picture was asked for."""

    def __init__(self) -> None:
        self.requests = 0

    def request_next(self) -> None:
        self.requests += 1

    def cancel(self) -> None:
        pass


def a_viewer(rows: int = 0) -> Viewer:
    run = Run(id="run", name="", spec=resolve({}), snapshots=SnapshotStore(1000))
    for step in range(rows):
        run.series.append(step, 0.0, {"train_loss": float(step)})
    return Viewer(RunMessages(run))


def subscribed_viewer(fps: float = 1e9) -> tuple[Viewer, Subscription, FakeWatch]:
    """A viewer with one subscription, ``a``, and nothing due."""
    viewer, watch = a_viewer(), FakeWatch()
    drained(viewer)
    subscription = viewer.subscriptions["a"] = Subscription(fps, watch)
    return viewer, subscription, watch


def drained(viewer: Viewer, now: float = 0.0) -> list[Any]:
    """All that is due now: documents, and the numbers of frames."""
    found: list[Any] = []
    while (message := viewer.next(now)) is not None:
        found.append(message.seq if isinstance(message, Frame) else json.loads(message))
    return found


class Conflation(RuleBasedStateMachine):
    """Frames come, are sent and acknowledged in any order of events."""

    def __init__(self) -> None:
        super().__init__()
        self.viewer = a_viewer()
        drained(self.viewer)
        self.seq = 0
        self.newest = dict.fromkeys(NAMES, -1)
        self.sent: dict[str, list[int]] = {name: [] for name in NAMES}
        self.acked = dict.fromkeys(NAMES, -1)
        self.owner: dict[int, str] = {}
        for name in NAMES:
            self.viewer.subscriptions[name] = Subscription()

    @rule(name=st.sampled_from(NAMES))
    def come(self, name: str) -> None:
        if self.seq < len(FRAMES):
            self.viewer.frame(name, FRAMES[self.seq])
            self.newest[name] = self.seq
            self.owner[self.seq] = name
            self.seq += 1

    @rule()
    def send(self) -> None:
        message = self.viewer.next(0.0)
        if message is None:
            for name in NAMES:  # what is newest was sent, or two are on their way
                on_their_way = [seq for seq in self.sent[name] if seq > self.acked[name]]
                newest_sent = self.sent[name][-1:] == [self.newest[name]]
                assert newest_sent or self.newest[name] < 0 or len(on_their_way) == UNACKNOWLEDGED
            return
        assert isinstance(message, Frame)
        seq = message.seq
        name = self.owner[seq]
        assert seq == self.newest[name]  # never one that a newer has taken the place of
        assert seq not in self.sent[name]
        self.sent[name].append(seq)

    @rule(name=st.sampled_from(NAMES), back=st.integers(0, 2))
    def paint(self, name: str, back: int) -> None:
        """Acknowledges one of the last that were sent, and so all before it."""
        if len(self.sent[name]) > back:
            seq = self.sent[name][-1 - back]
            news = self.viewer.acknowledge({name: seq, "another": 5})
            assert news == (seq > self.acked[name])
            self.acked[name] = max(self.acked[name], seq)

    @invariant()
    def at_most_two_on_their_way(self) -> None:
        for name in NAMES:
            assert len([seq for seq in self.sent[name] if seq > self.acked[name]]) <= UNACKNOWLEDGED


TestConflation = Conflation.TestCase


def test_newest_wins() -> None:
    viewer, subscription, _ = subscribed_viewer()
    for seq in range(50):
        viewer.frame("a", FRAMES[seq])
        drained(viewer)
    assert list(subscription.sent) == [0, 1]
    assert viewer.conflated == 47  # 2 were sent, and one waits
    viewer.acknowledge({"a": 1})
    assert drained(viewer) == [49]
    viewer.frame("gone", FRAMES[50])  # of a subscription that was just given up
    assert drained(viewer) == []


def test_next_picture_is_asked_for_while_it_could_be_sent() -> None:
    """Once for each, and never by a viewer that has two on their way."""
    viewer, _, watch = subscribed_viewer()
    viewer.frame("a", FRAMES[0])
    assert (drained(viewer), watch.requests) == ([0], 1)
    assert (drained(viewer), watch.requests) == ([], 1)
    viewer.frame("a", FRAMES[1])
    assert (drained(viewer), watch.requests) == ([1], 1)
    viewer.frame("a", FRAMES[2])  # another viewer's doing
    due = [viewer.pictures_due]
    assert (drained(viewer), watch.requests) == ([], 1)
    viewer.acknowledge({"a": 0})
    due.append(viewer.pictures_due)
    assert (drained(viewer), watch.requests) == ([2], 1)
    viewer.acknowledge({"a": 2})
    assert (drained(viewer), watch.requests) == ([], 2)
    viewer.acknowledge({"a": 2})
    due.append(viewer.pictures_due)
    assert due == [False, True, False]  # no room, room, and an acknowledgement of nothing
    viewer.frame("a", FRAMES[3])
    assert (drained(viewer), watch.requests) == ([3], 3)
    viewer.acknowledge({"a": 3})
    assert not viewer.pictures_due  # the next was asked for already
    viewer.subscriptions["b"] = Subscription()
    viewer.frame("b", FRAMES[4])
    assert (drained(viewer), watch.requests) == ([4], 3)  # and is not, because of another's


@pytest.mark.parametrize("fps", [0.5, 7.0, 30.0, 60.0])
@pytest.mark.parametrize("offered", [10.0, 30.0, 60.0, 1000.0])
def test_own_rate_whatever_others_ask_for(fps: float, offered: float) -> None:
    """Pictures come as fast as the fastest viewer asks; each gets no more than it asked for."""
    viewer, _, _ = subscribed_viewer(fps)
    sent: list[float] = []
    seconds = 20.0
    alarm = 0.0
    events = sorted([number / offered for number in range(int(seconds * offered))])
    for seq, now in enumerate(events):
        while viewer.sendable_at is not None and alarm < viewer.sendable_at <= now:
            alarm = viewer.sendable_at
            for one in drained(viewer, alarm):
                viewer.acknowledge({"a": one})
                sent.append(alarm)
        viewer.frame("a", Frame(seq, b"frame"))
        for one in drained(viewer, now):
            viewer.acknowledge({"a": one})
            sent.append(now)
    rate = min(fps, offered)
    assert rate * seconds - 2 <= len(sent) <= (seconds + EARLY) * CATCH_UP * rate + 1
    gaps = [after - before for before, after in pairwise(sent)]
    assert min(gaps, default=1.0) > 1 / (CATCH_UP * fps) - EARLY - 1e-9


def test_one_that_was_late_does_not_hold_up_all_after_it() -> None:
    """A stall is made up for, and then pictures go as they come again."""
    viewer, _, watch = subscribed_viewer(fps=30.0)
    late = 0
    for seq in range(600):
        now = seq / 30 + (EARLY if seq == 100 else 0.0)
        viewer.frame("a", FRAMES[seq])
        late += drained(viewer, now) != [seq]
        viewer.acknowledge({"a": seq})
    assert late < 5
    assert watch.requests > 400  # from some time on, each at once again


def test_slow_rate_gets_the_newest_and_asks_for_it_in_time() -> None:
    viewer, _, watch = subscribed_viewer(fps=1.0)
    viewer.frame("a", FRAMES[0])
    assert drained(viewer, 10.0) == [0]
    assert viewer.sendable_at == pytest.approx(10.0 + 1 / CATCH_UP - EARLY)
    assert watch.requests == 0  # one made now would be old when it goes
    viewer.acknowledge({"a": 0})
    for seq in range(1, 9):  # another asks for more
        viewer.frame("a", FRAMES[seq])
        assert drained(viewer, 10.0 + seq / 10) == []
    assert drained(viewer, 11.0) == [8]
    viewer.acknowledge({"a": 8})
    assert drained(viewer, 12.0) == []
    assert watch.requests == 1


def test_subscriptions_take_turns() -> None:
    viewer = a_viewer()
    drained(viewer)
    for name in NAMES:
        viewer.subscriptions[name] = Subscription()
    order = []
    for turn in range(4):
        for place, name in enumerate(NAMES):
            viewer.frame(name, FRAMES[10 * turn + place])
        message = viewer.next(0.0)
        assert isinstance(message, Frame)
        order.append(message.seq % 10)
    assert order == [0, 1, 2, 0]


@given(
    st.lists(st.integers(0, 3000), min_size=1, max_size=6),
    st.lists(st.integers(0, 5), min_size=6, max_size=6),
    st.integers(0, 50),
)
def test_series_is_lossless(grow: list[int], request_next: list[int], after: int) -> None:
    """However rows and chances to send alternate: every row above the cursor, once, in order."""
    viewer = a_viewer()
    drained(viewer)
    viewer.cursor = after
    got: list[list[Any]] = []

    def take() -> bool:
        message = viewer.next(0.0)
        if message is None:
            return False
        assert isinstance(message, str)
        found = json.loads(message)
        assert found["kind"] == "series"
        assert 0 < len(found["rows"]) <= ROWS_A_MESSAGE
        got.extend(found["rows"])
        return True

    series = viewer.messages.run.series
    for more, chances in zip(grow, request_next, strict=False):
        for _ in range(more):
            series.append(len(series), 0.0, {"train_loss": 1.0})
        viewer.messages.publish()
        for _ in range(chances):
            take()
    while take():
        pass
    assert [row[0] for row in got] == list(range(after + 1, sum(grow) + 1))


def test_order_of_what_is_due() -> None:
    """Replies, then the state, then rows, then pictures."""
    viewer = a_viewer(rows=3)
    viewer.cursor = 1
    viewer.subscriptions["a"] = Subscription()
    viewer.frame("a", FRAMES[7])
    viewer.progress_due = True
    viewer.replies.append(Subscribed(id="a", channel="channel"))
    found = drained(viewer)
    assert [one if isinstance(one, int) else one["kind"] for one in found] == [
        "subscribed",
        "run",
        "snapshots",
        "series",
        7,
    ]
    viewer.progress_due = True
    (progress,) = drained(viewer)
    assert progress["kind"] == "progress"


def test_long_past_does_not_hold_up_the_present() -> None:
    """Between two messages of rows a picture goes, where there is one."""
    viewer = a_viewer(rows=3 * ROWS_A_MESSAGE)
    viewer.cursor = 0
    viewer.subscriptions["a"] = Subscription()
    kinds = []
    for seq in range(6):
        viewer.frame("a", FRAMES[seq])
        message = viewer.next(0.0)
        assert message is not None
        kinds.append("picture" if isinstance(message, Frame) else json.loads(message)["kind"])
        viewer.acknowledge({"a": seq})
    assert kinds == ["run", "snapshots", "series", "picture", "series", "picture"]


def kinds_of(viewer: Viewer) -> list[str | int]:
    return [one if isinstance(one, int) else one["kind"] for one in drained(viewer)]


@pytest.mark.parametrize("ended", ["finished", "failed", "stopped"])
def test_last_rows_come_before_the_status_that_ends_the_run(ended: Status) -> None:
    """Whoever hears that a run has ended has its series, however far behind they were."""
    viewer = a_viewer(rows=3 * ROWS_A_MESSAGE + 5)
    viewer.cursor = 10
    viewer.next(0.0)  # the run, before any row
    viewer.next(0.0)  # its snapshots
    viewer.messages.run.status = ended
    viewer.messages.publish()
    viewer.run_due = viewer.progress_due = True
    viewer.subscriptions["a"] = Subscription()
    viewer.frame("a", FRAMES[7])
    assert kinds_of(viewer) == ["series", 7, "series", "series", "series", "change"]
    viewer.progress_due = True
    assert kinds_of(viewer) == ["progress"]


def test_progress_of_a_run_that_has_ended_follows_its_rows() -> None:
    viewer = a_viewer(rows=3)
    drained(viewer)
    viewer.cursor = 0
    viewer.messages.run.status = "finished"
    viewer.progress_due = True
    assert kinds_of(viewer) == ["series", "progress"]


def test_first_message_is_the_run_also_of_one_that_has_ended() -> None:
    """It says whether the rows that the viewer has are still valid."""
    viewer = a_viewer(rows=3)
    viewer.messages.run.status = "finished"
    viewer.cursor = 0
    assert kinds_of(viewer) == ["run", "snapshots", "series"]


def test_status_of_a_run_that_has_not_ended_does_not_wait_for_rows() -> None:
    viewer = a_viewer(rows=3 * ROWS_A_MESSAGE)
    drained(viewer)
    viewer.cursor = 0
    viewer.messages.run.status = "paused"
    viewer.run_due = True
    assert kinds_of(viewer)[0] == "change"


def test_status_does_not_wait_for_rows_that_nobody_requested() -> None:
    viewer = a_viewer(rows=3)
    drained(viewer)
    viewer.messages.run.status = "finished"
    viewer.run_due = True
    assert kinds_of(viewer) == ["change"]


def test_without_a_cursor_no_rows() -> None:
    viewer = a_viewer(rows=10)
    assert [one["kind"] for one in drained(viewer)] == ["run", "snapshots"]


class Journals(RuleBasedStateMachine):
    """A journal that grows, and viewers of any speed: each ends with what the server has."""

    def __init__(self) -> None:
        super().__init__()
        self.saving = False
        run = Run(id="run", name="", spec=resolve({}), snapshots=SnapshotStore(1000))
        self.messages = RunMessages(run, saving=lambda: self.saving)
        self.viewers = [Viewer(self.messages) for _ in range(3)]
        self.known: list[dict[str, Any]] = [{} for _ in self.viewers]
        self.step = 0

    @rule(further=st.booleans(), path=st.sampled_from(["optimizer.lr", "training.series_every"]))
    def change(self, further: bool, path: str) -> None:
        """A new entry, or another in the place of the last. It is not saved yet."""
        run = self.messages.run
        self.step += further
        value = run.journal.version + 1
        run.record(Entry(self.step, {"kind": "set", "changes": {path: value}}))
        self.saving = True

    @rule()
    def save(self) -> None:
        self.saving = False
        self.messages.publish()
        for viewer in self.viewers:
            viewer.run_due = True

    @rule(which=st.integers(0, 2))
    def read(self, which: int) -> None:
        message = self.viewers[which].next(0.0)
        if isinstance(message, str):
            self.take(which, json.loads(message))

    @rule(which=st.integers(0, 2))
    def connect(self, which: int) -> None:
        if not self.saving:
            self.viewers[which], self.known[which] = Viewer(self.messages), {}

    def take(self, which: int, said: dict[str, Any]) -> None:
        """What a client does with a message."""
        known = self.known[which]
        match said["kind"]:
            case "run":
                assert not known, "the whole run comes once"
                known |= said["run"]
            case "change":
                start, entries = said["journal"]["start"], said["journal"]["entries"]
                assert start <= len(known["journal"])
                known["journal"] = known["journal"][:start] + entries
                known["spec_in_force"] |= said["spec_in_force"]
                known |= said["run"]

    @invariant()
    def whoever_has_read_all_has_the_servers_journal(self) -> None:
        if self.saving:
            return
        whole = self.messages.run.document()
        for viewer, known in zip(self.viewers, self.known, strict=True):
            if not viewer.run_due:
                names = ("journal", "journal_version", "spec_in_force")
                assert all(known[name] == whole[name] for name in names)


TestJournals = Journals.TestCase
