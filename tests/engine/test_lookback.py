"""Trainers of past steps: few in memory, whatever is asked for."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from livenet.engine import messages as msg
from livenet.engine.worker import lookback
from livenet.engine.worker.lookback import KEPT, Lookback, Past
from livenet.spec import resolve
from livenet.training import Trainer
from livenet.wire.journal import Entry
from tests.engine.inside import opened
from tests.engine.simulated import TRAINER, World, simulate

__all__ = ["simulate"]

SPEC = {"data": {"kind": "moons", "samples": 60}, "model": {"hidden": [3]}}
FIRST = Trainer(resolve(SPEC)).snapshot().pack()


def look(run: str, step: int) -> msg.ProbeRequest:
    return msg.ProbeRequest(1, run, 1, "weights", "", {}, step, 0, (), "")


def start(past: Past, asked: msg.ProbeRequest) -> Lookback | None:
    return past.nearest(asked) or past.start(asked, msg.SnapshotReply(1, FIRST, ()))


def walk(past: Past, asked: msg.ProbeRequest) -> None:
    way = start(past, asked)
    assert way is not None
    while not way.quantum():
        pass
    past.end(way)


@pytest.fixture(autouse=True)
def size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookback, "memory_bytes", lambda spec: TRAINER)


def test_kept_within_bytes() -> None:
    past = Past("cpu", 3 * TRAINER)
    for step in (9, 7, 5, 3, 1):  # each begins anew, since none goes back
        walk(past, look("run", step))
        assert past.size <= 3 * TRAINER
    assert past.size == 3 * TRAINER
    past.forget("run")
    assert past.size == 0


def test_kept_within_a_count() -> None:
    past = Past("cpu", 10**12)
    for number in range(KEPT + 5):
        walk(past, look(f"run{number}", 1))
    assert past.size == KEPT * TRAINER


def test_too_large_to_keep_is_shown_all_the_same() -> None:
    past = Past("cpu", TRAINER // 2)
    walk(past, look("run", 2))
    assert past.size == 0


def test_under_way_within_bytes() -> None:
    """What has no room waits for another to arrive; what was only kept makes room."""
    past = Past("cpu", 3 * TRAINER)
    walk(past, look("kept", 3))
    ways = [start(past, look(f"run{number}", 5)) for number in range(4)]
    assert [way is None for way in ways] == [False, False, False, True]
    assert ways[0] is not None
    past.drop(ways[0])
    assert start(past, look("run3", 5)) is not None


def test_many_runs_that_are_scrubbed(simulate: Callable[..., World]) -> None:
    """All are answered, within the memory that there is for them."""
    world = simulate()
    names = [f"run{number}" for number in range(12)]
    for name in names:
        world.open(opened(name, SPEC, status="paused"))
        world.at(world.now + 0.1, lambda name=name: world.do(name, kind="step", steps=40))  # type: ignore[misc]  # bound at once
    world.go_on(5.0)
    asked = []
    for name in names:
        told = world.runs[name]
        told.snapshots = {0: told.snapshots[0]}
        asked += [world.look(name, "decision", {"n": step}, step) for step in (40, 20)]
    for one in asked:
        world.tell(one)
    world.worker.leaving = False
    world.go_on(10.0)
    assert {one.ref for one in asked} <= world.answered.keys()
    assert world.refused == []
    assert world.largest_past <= world.worker.settings.worker_bytes // 4


def test_changes_of_one_step_are_made_in_quanta(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = [Entry(0, {"kind": "set", "changes": {"optimizer.lr": 0.5}})] * 20
    way = Lookback("run", 0, journal, Trainer(resolve(SPEC)))
    clock = itertools.count()
    monkeypatch.setattr(lookback, "perf_counter", lambda: float(next(clock)))
    assert [way.quantum() for _ in range(21)] == [False] * 20 + [True]
