"""What a viewer is owed, without a socket: nothing grows, nothing of a series is lost."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from livenet.api.viewer import ROWS_A_MESSAGE, UNACKNOWLEDGED, Subscription, Viewer, sequence_number
from livenet.pictures import Picture
from livenet.spec import resolve
from livenet.store import Run, Shelf
from livenet.wire.frame import encode
from livenet.wire.messages import Subscribed

FRAMES = [encode(Picture(step=seq, plots=()), "channel", seq) for seq in range(400)]
NAMES = ("a", "b", "c")


def a_viewer(rows: int = 0) -> Viewer:
    run = Run(id="run", name="", spec=resolve({}), shelf=Shelf(1000))
    for step in range(rows):
        run.series.append(step, 0.0, {"train_loss": float(step)})
    return Viewer(run)


def drained(viewer: Viewer) -> list[Any]:
    """All that is due now: documents, and the numbers of frames."""
    found: list[Any] = []
    while (message := viewer.next()) is not None:
        found.append(
            sequence_number(message) if isinstance(message, bytes) else json.loads(message)
        )
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
        message = self.viewer.next()
        if message is None:
            for name in NAMES:  # what is newest was sent, or two are on their way
                on_their_way = [seq for seq in self.sent[name] if seq > self.acked[name]]
                newest_sent = self.sent[name][-1:] == [self.newest[name]]
                assert newest_sent or self.newest[name] < 0 or len(on_their_way) == UNACKNOWLEDGED
            return
        assert isinstance(message, bytes)
        seq = sequence_number(message)
        name = self.owner[seq]
        assert seq == self.newest[name]  # never one that a newer has taken the place of
        assert seq not in self.sent[name]
        self.sent[name].append(seq)

    @rule(name=st.sampled_from(NAMES), back=st.integers(0, 2))
    def paint(self, name: str, back: int) -> None:
        """Acknowledges one of the last that were sent, and so all before it."""
        if len(self.sent[name]) > back:
            seq = self.sent[name][-1 - back]
            self.viewer.acknowledge({name: seq, "another": 5})
            self.acked[name] = max(self.acked[name], seq)

    @invariant()
    def at_most_two_on_their_way(self) -> None:
        for name in NAMES:
            assert len([seq for seq in self.sent[name] if seq > self.acked[name]]) <= UNACKNOWLEDGED


TestConflation = Conflation.TestCase


def test_newest_wins() -> None:
    viewer = a_viewer()
    drained(viewer)
    viewer.subscriptions["a"] = Subscription()
    for seq in range(50):
        viewer.frame("a", FRAMES[seq])
        drained(viewer)
    assert list(viewer.subscriptions["a"].sent) == [0, 1]
    viewer.acknowledge({"a": 1})
    assert drained(viewer) == [49]
    viewer.frame("gone", FRAMES[50])  # of a subscription that was just given up
    assert drained(viewer) == []


def test_subscriptions_take_turns() -> None:
    viewer = a_viewer()
    drained(viewer)
    for name in NAMES:
        viewer.subscriptions[name] = Subscription()
    order = []
    for turn in range(4):
        for place, name in enumerate(NAMES):
            viewer.frame(name, FRAMES[10 * turn + place])
        message = viewer.next()
        assert isinstance(message, bytes)
        order.append(sequence_number(message) % 10)
    assert order == [0, 1, 2, 0]


@given(
    st.lists(st.integers(0, 3000), min_size=1, max_size=6),
    st.lists(st.integers(0, 5), min_size=6, max_size=6),
    st.integers(0, 50),
)
def test_series_is_lossless(grow: list[int], taken: list[int], after: int) -> None:
    """However rows and chances to send alternate: every row above the cursor, once, in order."""
    viewer = a_viewer()
    drained(viewer)
    viewer.cursor = after
    got: list[list[Any]] = []

    def take() -> bool:
        message = viewer.next()
        if message is None:
            return False
        found = json.loads(message)
        assert found["kind"] == "series"
        assert 0 < len(found["rows"]) <= ROWS_A_MESSAGE
        got.extend(found["rows"])
        return True

    series = viewer.run.series
    for more, chances in zip(grow, taken, strict=False):
        for _ in range(more):
            series.append(len(series), 0.0, {"train_loss": 1.0})
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
        "series",
        7,
    ]
    viewer.progress_due = True
    (progress,) = drained(viewer)
    assert progress["kind"] == "progress"


def test_without_a_cursor_no_rows() -> None:
    viewer = a_viewer(rows=10)
    assert [one["kind"] for one in drained(viewer)] == ["run"]


@given(st.integers(0, 2**62), st.text(max_size=20))
def test_sequence_number(seq: int, channel: str) -> None:
    """Also where the picture's own words look like it."""
    picture = Picture(step=0, plots=(), facts={"seq": '"seq":"5"', "x": channel})
    assert sequence_number(encode(picture, "channel", seq)) == seq
