"""Where runs are placed, with workers that only listen."""

from __future__ import annotations

import itertools
from typing import Any, cast

import pytest

from livenet.engine import messages as msg
from livenet.engine.heartbeat import unshared
from livenet.engine.server import scheduler as placing_module
from livenet.engine.server.scheduler import MAX_DEATHS, ROTATE_EVERY, Scheduler
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore

RUNNING = msg.RunState("running")


class Idle:
    """A worker that does nothing."""

    def __init__(self) -> None:
        self.ready, self.late = True, False
        self.heartbeat = unshared()
        self.received: list[Any] = []

    def send(self, message: Any) -> None:
        self.received.append(message)

    def opened(self) -> list[str]:
        return [one.run for one in self.received if isinstance(one, msg.Open)]


class Harness:
    """Placing over some idle workers, and what a test makes them say."""

    def __init__(self, workers: int) -> None:
        self.fleet: list[Any] = [Idle() for _ in range(workers)]
        self.scheduler = Scheduler(cast(Any, self.fleet), itertools.count(1), lambda _: None)
        self.runs: list[Run] = []
        self.current_work: list[Any] = []

    def run(self, state: msg.RunState = RUNNING) -> Run:
        made = Run(
            id=f"run{len(self.runs)}", name="", spec=resolve({}), snapshots=SnapshotStore(2**20)
        )
        self.runs.append(made)
        self.scheduler.assign(made, state)
        self.report(made, state)
        return made

    def report(self, run: Run, state: msg.RunState = RUNNING, **rest: Any) -> None:
        run.snapshots.put(run.step, b"state")
        self.scheduler.update(
            msg.RunUpdate(run.id, run.incarnation, run.step, 0.0, None, None, state, **rest)
        )

    def where(self, run: Run) -> int:
        """Which worker has it."""
        return [worker is self.scheduler.worker_of(run.id) for worker in self.fleet].index(True)

    def loads(self) -> list[int]:
        return [self.scheduler.counts(worker)[1] for worker in self.fleet]

    def moves(self) -> list[str]:
        """Balances, and gives back what it asks to be given back."""
        for worker in self.fleet:
            worker.received.clear()
        self.scheduler.balance()
        asked = [
            one.run
            for worker in self.fleet
            for one in worker.received
            if isinstance(one, msg.Release)
        ]
        for name in asked:
            (run,) = [one for one in self.runs if one.id == name]
            self.report(run, released=True)
            self.report(run)
        return asked

    def die(self, place: int, culprit: Run | None = None) -> list[Run]:
        """A worker dies, in the turn of a run."""
        gone = self.fleet[place]
        if culprit:
            found = self.scheduler.place(culprit.id)
            assert found is not None
            turn = gone.heartbeat.work_for(found.number)
            turn.__enter__()  # and never leaves it
            self.current_work.append(turn)
        self.fleet[place] = Idle()
        return self.scheduler.lost(gone)


@pytest.fixture
async def harness() -> Harness:
    return Harness(2)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(placing_module, "monotonic", lambda: now[0])
    return now


async def test_the_least_loaded_takes_it(harness: Harness) -> None:
    for _ in range(6):
        harness.run()
    assert harness.loads() == [3, 3]
    resting = [harness.run(msg.RunState("paused")) for _ in range(2)]
    assert {harness.scheduler.worker_of(run.id) for run in resting} == set(harness.fleet)


async def test_moved_where_it_is_uneven(harness: Harness) -> None:
    """As soon as others come to rest, and at once, however many there are."""
    for _ in range(10):
        harness.run()
    for run in [
        run for run in harness.runs if harness.scheduler.worker_of(run.id) is harness.fleet[0]
    ]:
        harness.report(run, msg.RunState("finished"))
    assert harness.loads() == [0, 5]
    assert len(harness.moves()) == 2
    assert harness.loads() == [2, 3]


async def test_odd_one_goes_round(harness: Harness, clock: list[float]) -> None:
    """Three runs on two workers: each has one to itself as often as the others."""
    for _ in range(3):
        harness.run()
    alone = {run.id: 0 for run in harness.runs}
    for _ in range(12):
        assert harness.moves() == []  # not at once
        clock[0] += ROTATE_EVERY + 1
        assert len(harness.moves()) == 1
        (single,) = [worker for worker in harness.fleet if harness.scheduler.counts(worker)[0] == 1]
        (own,) = [run.id for run in harness.runs if harness.scheduler.worker_of(run.id) is single]
        alone[own] += 1
    assert set(alone.values()) == {4}


@pytest.mark.parametrize("runs", [1, 2, 4])
async def test_even_stays(harness: Harness, clock: list[float], runs: int) -> None:
    for _ in range(runs):
        harness.run()
    clock[0] += 60.0
    assert harness.moves() == []


async def test_paced_and_resting_runs_are_not_moved(harness: Harness, clock: list[float]) -> None:
    for state in (msg.RunState("running", pace=5.0), msg.RunState("paused")) * 3:
        harness.run(state)
    clock[0] += 60.0
    assert harness.moves() == []


async def test_commands_find_it_where_it_is(harness: Harness) -> None:
    run = harness.run()
    before = run.incarnation
    assert harness.die(harness.where(run)) == []
    assert harness.scheduler.worker_of(run.id) in harness.fleet
    assert run.incarnation == before + 1


async def test_hopeless_alone(harness: Harness) -> None:
    """After three deaths in its own turn with nothing done between; others only move."""
    bad, good = harness.run(), harness.run()
    for death in range(MAX_DEATHS):
        failed = harness.die(harness.where(bad), bad)
        assert failed == ([bad] if death == MAX_DEATHS - 1 else [])
    assert harness.scheduler.worker_of(bad.id) is None
    assert harness.scheduler.worker_of(good.id) in harness.fleet


async def test_progress_forgives(harness: Harness) -> None:
    run = harness.run()
    for _ in range(3 * MAX_DEATHS):
        run.step += 1
        harness.report(run)
        assert harness.die(harness.where(run), run) == []


async def test_a_command_done_is_progress(harness: Harness) -> None:
    run = harness.run()
    for ref in range(3 * MAX_DEATHS):
        harness.report(run, ref=ref)
        assert harness.die(harness.where(run), run) == []


async def test_nobodys_turn_is_nobodys_fault(harness: Harness) -> None:
    run = harness.run()
    for _ in range(3 * MAX_DEATHS):
        assert harness.die(harness.where(run)) == []


async def test_one_that_is_late_gets_nothing(harness: Harness) -> None:
    harness.fleet[0].late = True
    for _ in range(3):
        harness.run()
    assert [len(worker.opened()) for worker in harness.fleet] == [0, 3]


async def test_nobody_waits_for_one_that_is_late(harness: Harness) -> None:
    """Its runs go to another, and it is told to leave them alone when it comes to be."""
    for _ in range(4):
        harness.run()
    late = harness.fleet[1]
    late.ready, late.late = False, True
    harness.scheduler.rescue(late)
    assert harness.loads() == [4, 0]
    closed = [one.run for one in late.received if isinstance(one, msg.Close)]
    assert sorted(closed) == sorted(late.opened())
    late.ready, late.late = True, False
    for run in harness.runs:
        harness.report(run)
    assert len(harness.moves()) == 2


async def test_the_last_words_of_a_closed_fleet(harness: Harness) -> None:
    """A run that its worker gives back while the engine closes goes to nobody."""
    run = harness.run()
    harness.fleet.clear()
    harness.report(run, released=True)
    assert harness.scheduler.place(run.id) is not None
