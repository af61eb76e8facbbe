"""Where runs are placed, with workers that only listen."""

from __future__ import annotations

import itertools
from typing import Any, cast

import pytest

from livenet.engine import messages as msg
from livenet.engine.heartbeat import unshared
from livenet.engine.server import scheduler as placing_module
from livenet.engine.server.scheduler import MOST_DEATHS, ROTATE_EVERY, Scheduler
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore

RUNNING = msg.RunState("running")


class Idle:
    """A worker that does nothing."""

    def __init__(self) -> None:
        self.ready, self.late = True, False
        self.heartbeat = unshared()
        self.heard: list[Any] = []

    def send(self, message: Any) -> None:
        self.heard.append(message)

    def opened(self) -> list[str]:
        return [one.run for one in self.heard if isinstance(one, msg.Open)]


class Stage:
    """Placing over some idle workers, and what a test makes them say."""

    def __init__(self, workers: int) -> None:
        self.fleet: list[Any] = [Idle() for _ in range(workers)]
        self.scheduler = Scheduler(cast(Any, self.fleet), itertools.count(1), lambda _: None)
        self.runs: list[Run] = []
        self.turns: list[Any] = []

    def run(self, standing: msg.RunState = RUNNING) -> Run:
        made = Run(
            id=f"run{len(self.runs)}", name="", spec=resolve({}), snapshots=SnapshotStore(2**20)
        )
        self.runs.append(made)
        self.scheduler.take_in(made, standing)
        self.tell(made, standing)
        return made

    def tell(self, run: Run, standing: msg.RunState = RUNNING, **rest: Any) -> None:
        run.snapshots.put(run.step, b"state")
        self.scheduler.told(
            msg.RunUpdate(run.id, run.incarnation, run.step, 0.0, None, None, standing, **rest)
        )

    def where(self, run: Run) -> int:
        """Which worker has it."""
        return [worker is self.scheduler.home(run.id) for worker in self.fleet].index(True)

    def loads(self) -> list[int]:
        return [self.scheduler.counts(worker)[1] for worker in self.fleet]

    def moves(self) -> list[str]:
        """Balances, and gives back what it asks to be given back."""
        for worker in self.fleet:
            worker.heard.clear()
        self.scheduler.balance()
        asked = [
            one.run for worker in self.fleet for one in worker.heard if isinstance(one, msg.Release)
        ]
        for name in asked:
            (run,) = [one for one in self.runs if one.id == name]
            self.tell(run, released=True)
            self.tell(run)
        return asked

    def die(self, place: int, culprit: Run | None = None) -> list[Run]:
        """A worker dies, in the turn of a run."""
        gone = self.fleet[place]
        if culprit:
            found = self.scheduler.place(culprit.id)
            assert found is not None
            turn = gone.heartbeat.work_for(found.number)
            turn.__enter__()  # and never leaves it
            self.turns.append(turn)
        self.fleet[place] = Idle()
        return self.scheduler.lost(gone)


@pytest.fixture
async def stage() -> Stage:
    return Stage(2)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(placing_module, "monotonic", lambda: now[0])
    return now


async def test_the_least_loaded_takes_it(stage: Stage) -> None:
    for _ in range(6):
        stage.run()
    assert stage.loads() == [3, 3]
    resting = [stage.run(msg.RunState("paused")) for _ in range(2)]
    assert {stage.scheduler.home(run.id) for run in resting} == set(stage.fleet)


async def test_moved_where_it_is_uneven(stage: Stage) -> None:
    """As soon as others come to rest, and at once, however many there are."""
    for _ in range(10):
        stage.run()
    for run in [run for run in stage.runs if stage.scheduler.home(run.id) is stage.fleet[0]]:
        stage.tell(run, msg.RunState("finished"))
    assert stage.loads() == [0, 5]
    assert len(stage.moves()) == 2
    assert stage.loads() == [2, 3]


async def test_odd_one_goes_round(stage: Stage, clock: list[float]) -> None:
    """Three runs on two workers: each has one to itself as often as the others."""
    for _ in range(3):
        stage.run()
    alone = {run.id: 0 for run in stage.runs}
    for _ in range(12):
        assert stage.moves() == []  # not at once
        clock[0] += ROTATE_EVERY + 1
        assert len(stage.moves()) == 1
        (single,) = [worker for worker in stage.fleet if stage.scheduler.counts(worker)[0] == 1]
        (own,) = [run.id for run in stage.runs if stage.scheduler.home(run.id) is single]
        alone[own] += 1
    assert set(alone.values()) == {4}


@pytest.mark.parametrize("runs", [1, 2, 4])
async def test_even_stays(stage: Stage, clock: list[float], runs: int) -> None:
    for _ in range(runs):
        stage.run()
    clock[0] += 60.0
    assert stage.moves() == []


async def test_paced_and_resting_runs_are_not_moved(stage: Stage, clock: list[float]) -> None:
    for standing in (msg.RunState("running", pace=5.0), msg.RunState("paused")) * 3:
        stage.run(standing)
    clock[0] += 60.0
    assert stage.moves() == []


async def test_commands_find_it_where_it_is(stage: Stage) -> None:
    run = stage.run()
    before = run.incarnation
    assert stage.die(stage.where(run)) == []
    assert stage.scheduler.home(run.id) in stage.fleet
    assert run.incarnation == before + 1


async def test_hopeless_alone(stage: Stage) -> None:
    """After three deaths in its own turn with nothing done between; others only move."""
    bad, good = stage.run(), stage.run()
    for death in range(MOST_DEATHS):
        failed = stage.die(stage.where(bad), bad)
        assert failed == ([bad] if death == MOST_DEATHS - 1 else [])
    assert stage.scheduler.home(bad.id) is None
    assert stage.scheduler.home(good.id) in stage.fleet


async def test_progress_forgives(stage: Stage) -> None:
    run = stage.run()
    for _ in range(3 * MOST_DEATHS):
        run.step += 1
        stage.tell(run)
        assert stage.die(stage.where(run), run) == []


async def test_a_command_done_is_progress(stage: Stage) -> None:
    run = stage.run()
    for ref in range(3 * MOST_DEATHS):
        stage.tell(run, ref=ref)
        assert stage.die(stage.where(run), run) == []


async def test_nobodys_turn_is_nobodys_fault(stage: Stage) -> None:
    run = stage.run()
    for _ in range(3 * MOST_DEATHS):
        assert stage.die(stage.where(run)) == []


async def test_one_that_is_late_gets_nothing(stage: Stage) -> None:
    stage.fleet[0].late = True
    for _ in range(3):
        stage.run()
    assert [len(worker.opened()) for worker in stage.fleet] == [0, 3]


async def test_nobody_waits_for_one_that_is_late(stage: Stage) -> None:
    """Its runs go to another, and it is told to leave them alone when it comes to be."""
    for _ in range(4):
        stage.run()
    late = stage.fleet[1]
    late.ready, late.late = False, True
    stage.scheduler.rescue(late)
    assert stage.loads() == [4, 0]
    closed = [one.run for one in late.heard if isinstance(one, msg.Close)]
    assert sorted(closed) == sorted(late.opened())
    late.ready, late.late = True, False
    for run in stage.runs:
        stage.tell(run)
    assert len(stage.moves()) == 2
