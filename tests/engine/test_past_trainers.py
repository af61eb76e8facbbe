"""Trainers of past steps: few in memory, whatever is asked for."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from livenet.engine import messages as msg
from livenet.engine.worker import past_trainers
from livenet.engine.worker.past_trainers import KEPT, PastTrainers, Replay
from livenet.spec import resolve
from livenet.training import Trainer
from livenet.wire.journal import Entry
from tests.engine.inside import opened
from tests.engine.simulated import TRAINER, World, simulate

__all__ = ["simulate"]

SPEC = {"data": {"kind": "moons", "samples": 60}, "model": {"hidden": [3]}}
FIRST = Trainer(resolve(SPEC)).snapshot().pack()


def probe_request(run: str, step: int) -> msg.ProbeRequest:
    return msg.ProbeRequest(1, run, 1, "weights", "", {}, step, 0, (), 0, "")


def start(past: PastTrainers, request: msg.ProbeRequest) -> Replay | None:
    return past.nearest(request) or past.start(request, msg.SnapshotReply(1, FIRST, ()))


def walk(past: PastTrainers, request: msg.ProbeRequest) -> None:
    replay = start(past, request)
    assert replay is not None
    while not replay.quantum():
        pass
    past.end(replay)


@pytest.fixture(autouse=True)
def size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_trainers, "memory_bytes", lambda spec: TRAINER)


def test_kept_within_bytes() -> None:
    past = PastTrainers("cpu", 3 * TRAINER)
    for step in (9, 7, 5, 3, 1):  # each begins anew, since none goes back
        walk(past, probe_request("run", step))
        assert past.size <= 3 * TRAINER
    assert past.size == 3 * TRAINER
    past.remove_run("run")
    assert past.size == 0


def test_kept_within_a_count() -> None:
    past = PastTrainers("cpu", 10**12)
    for number in range(KEPT + 5):
        walk(past, probe_request(f"run{number}", 1))
    assert past.size == KEPT * TRAINER


def test_too_large_to_keep_is_shown_all_the_same() -> None:
    past = PastTrainers("cpu", TRAINER // 2)
    walk(past, probe_request("run", 2))
    assert past.size == 0


def test_under_way_within_bytes() -> None:
    """What has no room waits for another to arrive; what was only kept makes room."""
    past = PastTrainers("cpu", 3 * TRAINER)
    walk(past, probe_request("kept", 3))
    ways = [start(past, probe_request(f"run{number}", 5)) for number in range(4)]
    assert [replay is None for replay in ways] == [False, False, False, True]
    assert ways[0] is not None
    past.drop(ways[0])
    assert start(past, probe_request("run3", 5)) is not None


def test_many_runs_that_are_scrubbed(simulate: Callable[..., World]) -> None:
    """All are answered, within the memory that there is for them."""
    world = simulate()
    names = [f"run{number}" for number in range(12)]
    for name in names:
        world.open(opened(name, SPEC, status="paused"))
        world.at(world.now + 0.1, lambda name=name: world.do(name, kind="step", steps=40))  # type: ignore[misc]  # bound at once
    world.go_on(5.0)
    request = []
    for name in names:
        reported = world.runs[name]
        reported.snapshots = {0: reported.snapshots[0]}
        request += [world.probe_request(name, "decision", {"n": step}, step) for step in (40, 20)]
    for one in request:
        world.post(one)
    world.worker.stopping = False
    world.go_on(10.0)
    assert {one.ref for one in request} <= world.answered.keys()
    assert world.refused == []
    assert world.largest_past <= world.worker.settings.worker_bytes // 4


def test_changes_of_one_step_are_made_in_quanta(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = [Entry(0, {"kind": "set", "changes": {"optimizer.lr": 0.5}})] * 20
    replay = Replay("run", 0, journal, Trainer(resolve(SPEC)))
    clock = itertools.count()
    monkeypatch.setattr(past_trainers, "perf_counter", lambda: float(next(clock)))
    assert [replay.quantum() for _ in range(21)] == [False] * 20 + [True]
