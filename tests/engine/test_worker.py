"""Many runs in one worker: none notices the others, nor who watches."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any, cast

import pytest

from livenet.engine import messages as msg
from livenet.engine.heartbeat import unshared
from livenet.engine.worker.pace import Pacer, Rows
from livenet.engine.worker.worker import Worker
from livenet.errors import CommandError, UnknownRun, WrongState
from livenet.settings import Settings
from livenet.spec.arithmetic import Used
from tests.engine.inside import Inside, Row, opened, worker_inside

SPECS = {
    "dropout": {
        "model": {"activation": "relu"},
        "regularization": {"dropout": 0.2, "l2": 0.001},
        "training": {"steps": 300, "batch_size": 7, "series_every": 7},
    },
    "sine": {
        "seed": 3,
        "data": {"kind": "sine"},
        "optimizer": {"kind": "sgd", "momentum": 0.9, "lr": 0.05},
        "training": {"steps": 400},
    },
}


@pytest.fixture
def inside() -> Iterator[Inside]:
    with worker_inside() as made:
        yield made


@pytest.fixture
def specs(arithmetic: Used) -> dict[str, dict[str, Any]]:
    """SPECS in each arithmetic."""
    return {name: spec | {"arithmetic": arithmetic} for name, spec in SPECS.items()}


def alone(name: str, spec: dict[str, Any]) -> list[Row]:
    with worker_inside() as inside:
        inside.send(opened(name, spec))
        inside.until_status(name, "finished")
        return inside.rows(name)


def test_interleaved_and_watched_as_alone(inside: Inside, specs: dict[str, Any]) -> None:
    for name, spec in specs.items():
        inside.send(opened(name, spec, status="paused"))
        inside.until_status(name, "paused")
        inside.send(msg.Watch(name, 2, "channel", "decision", {"resolution": 16}, 60.0))
    for name in SPECS:
        inside.do(name, kind="resume")
    for name in SPECS:
        inside.until_status(name, "finished")
    changes = [one.run for one in inside.all(msg.RunUpdate) if one.rows]
    assert changes.index("sine") < len(changes) - 1 - changes[::-1].index("dropout")
    for name in SPECS:
        assert inside.rows(name) == alone(name, specs[name])


def test_rows_depend_on_the_step_alone(inside: Inside, specs: dict[str, Any]) -> None:
    """Paused and stepped here and there, the rows are those of one go."""
    inside.send(opened("dropout", specs["dropout"], status="paused"))
    for steps in (1, 12, 7, 100):
        inside.until_status("dropout", "paused")
        inside.do("dropout", kind="step", steps=steps)
    inside.receive_until(lambda: inside.all(msg.RunUpdate)[-1].step == 120)
    inside.until_status("dropout", "paused")
    inside.do("dropout", kind="resume")
    inside.until_status("dropout", "finished")
    rows = inside.rows("dropout")
    assert [row[0] for row in rows] == [*range(0, 300, 7), 300]
    assert rows == alone("dropout", specs["dropout"])


def test_a_past_step_equals_the_live_one(inside: Inside, specs: dict[str, Any]) -> None:
    """Any step, in any order, is what it was, changes of its own step included."""
    inside.send(opened("dropout", specs["dropout"], status="paused"))
    inside.until_status("dropout", "paused")
    live = {0: inside.weights("dropout")}
    for step in range(1, 40):
        inside.do("dropout", kind="step", steps=1)
        inside.receive_until(lambda at=step: inside.all(msg.RunUpdate)[-1].step == at)
        if step == 11:
            inside.do("dropout", kind="set", changes={"optimizer.lr": 0.2})
        if step in (20, 21):
            edit = {"parameter": "layers.0.weight", "index": [1, 0], "value": float(step)}
            inside.do("dropout", kind="edit", edits=[edit])
        live[step] = inside.weights("dropout")
    journal = inside.entries()
    assert [entry.step for entry in journal] == [11, 20, 21]
    kept = inside.snapshots()
    for step in (39, 5, 20, 19, 21, 0, 11, 12, 38, 20):
        assert inside.weights("dropout", step, kept[0], journal) == live[step], step
    assert inside.weights("dropout", 30, kept[21], journal) == live[30]
    assert inside.weights("dropout") == live[39]  # looking back moved nothing


def test_same_step_looked_at_before_and_after_an_edit(
    inside: Inside, specs: dict[str, Any]
) -> None:
    inside.send(opened("sine", specs["sine"], status="paused"))
    inside.until_status("sine", "paused")
    inside.do("sine", kind="step", steps=8)
    inside.receive_until(lambda: inside.all(msg.RunUpdate)[-1].step == 8)
    first = inside.snapshots()[0]
    assert inside.weights("sine", 8, first) == inside.weights("sine")
    for value in (0.5, -0.5):
        edit = {"parameter": "layers.1.bias", "index": [2], "value": value}
        inside.do("sine", kind="edit", edits=[edit])
        journal = inside.entries()
        assert inside.weights("sine", 8, first, journal) == inside.weights("sine")


def test_one_picture_at_a_time(inside: Inside) -> None:
    """A channel's next frame comes when the last was taken, and none when nothing changed."""
    inside.send(opened("sine", SPECS["sine"], status="paused"))
    inside.until_status("sine", "paused")
    inside.send(msg.Watch("sine", 2, "channel", "weights", {}, 60.0))
    inside.receive_until(lambda: inside.all(msg.ChannelFrame))
    inside.do("sine", kind="step", steps=5)
    inside.until_status("sine", "paused")
    inside.weights("sine")  # an answer to wait for: no frame has come before it
    assert len(inside.all(msg.ChannelFrame)) == 1
    inside.send(msg.FrameAck("sine", "channel"))
    inside.receive_until(lambda: len(inside.all(msg.ChannelFrame)) == 2)
    inside.send(msg.FrameAck("sine", "channel"))
    inside.weights("sine")
    first = 1 << 32  # of incarnation 1
    assert [frame.seq - first for frame in inside.all(msg.ChannelFrame)] == [1, 2]


def test_refused_commands_change_nothing(inside: Inside) -> None:
    inside.send(opened("sine", SPECS["sine"], status="paused"))
    inside.until_status("sine", "paused")
    before = inside.weights("sine")
    with pytest.raises(WrongState, match="running"):
        inside.do("sine", kind="pause")
    good = {"parameter": "layers.0.bias", "index": [0], "value": 1.0}
    with pytest.raises(CommandError, match="shape"):
        inside.do("sine", kind="edit", edits=[good, good | {"index": [99]}])
    with pytest.raises(CommandError, match="new run"):
        inside.do("sine", kind="set", changes={"model.hidden": [3]})
    with pytest.raises(UnknownRun):
        inside.do("another", kind="pause")
    assert inside.weights("sine") == before
    assert not inside.entries()


def test_number_too_large_for_a_weight(inside: Inside) -> None:
    """Finite in Python, not in float32: refused, and the worker lives."""
    inside.send(opened("sine", SPECS["sine"], status="paused"))
    inside.until_status("sine", "paused")
    edit = {"parameter": "layers.0.bias", "index": [0], "value": 1e39}
    with pytest.raises(CommandError):
        inside.do("sine", kind="edit", edits=[edit])
    assert inside.do("sine", kind="stop") == 0


def test_opens_as_it_is_to_be(inside: Inside, specs: dict[str, Any]) -> None:
    """A run from the disk stands where it stood, and is what it was."""
    inside.send(opened("sine", specs["sine"], status="paused"))
    inside.do("sine", kind="step", steps=30)
    inside.receive_until(lambda: inside.all(msg.RunUpdate)[-1].step == 30)
    first = inside.snapshots()[0]
    for status, last_row, rows in (("paused", 30, 0), ("stopped", 30, 0), ("finished", 20, 1)):
        inside.send(
            opened(status, specs["sine"], status=status, snapshot=first, step=30, last_row=last_row)
        )
        assert inside.until_status(status, status).step == 30
        assert inside.weights(status) == inside.weights("sine")
        # Rows that are there are not made again, and one that was still to come is.
        assert inside.rows(status) == inside.rows("sine")[len(inside.rows("sine")) - rows :]


def test_a_fault_while_it_waits_is_its_own(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong with one run while a turn is chosen, the worker and the others go on."""
    for name in SPECS:
        inside.send(opened(name, SPECS[name], status="paused"))
        inside.until_status(name, "paused")
    wait = Pacer.wait

    def broken(pacer: Pacer, now: float, interval: float, rows: Rows) -> float:
        return 1 / 0 if pacer.pace == 77.0 else wait(pacer, now, interval, rows)

    monkeypatch.setattr(Pacer, "wait", broken)
    inside.do("dropout", kind="pace", steps_per_second=77.0)
    inside.do("dropout", kind="resume")
    news = inside.until_status("dropout", "failed")
    assert news.state.error is not None
    assert news.state.error["hint"]
    inside.do("sine", kind="resume")
    inside.until_status("sine", "finished")


def test_it_moves_once_it_is_ready() -> None:
    """However long it took to start: its engine counts from the first beat on."""
    heartbeat = unshared()

    class Pipe:
        def send(self, messages: list[object]) -> None:
            assert [type(message) for message in messages] == [msg.Ready]
            assert heartbeat.beats > 0
            worker.stop()

        def poll(self, wait: float) -> bool:
            return False

    worker = Worker(cast(Connection, Pipe()), Settings(workers=1), heartbeat)
    worker.run()
