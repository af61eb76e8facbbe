"""A run in its quanta, with the clock in the test's hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livenet.engine import messages as msg
from livenet.engine.heartbeat import unshared
from livenet.engine.worker import pace as tempo_module
from livenet.engine.worker import worker_run as hosted_module
from livenet.engine.worker.worker_run import WorkerRun
from livenet.training import Snapshot, Trainer
from livenet.wire import messages
from tests.engine.inside import opened


class Clock:
    """Stands still but where a test moves it: a quantum is then as long as its allowance."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def paced(clock: Clock, pace: float | None, **spec: Any) -> tuple[WorkerRun, list[Any]]:
    said: list[Any] = []
    worker_run = WorkerRun(
        opened("run", spec, status="paused", pace=pace), "cpu", said.append, unshared()
    )
    worker_run.quantum()
    worker_run.command(msg.CommandRequest(0, "run", messages.Resume(kind="resume")))
    return worker_run, said


@pytest.fixture(scope="module")
def clock() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        made = Clock()
        patch.setattr(hosted_module, "perf_counter", made)
        patch.setattr(tempo_module, "perf_counter", made)
        yield made


@settings(max_examples=30)
@given(
    pace=st.sampled_from([0.5, 2.0, 30.0, 512.0]),
    ticks=st.lists(st.sampled_from([0.0, 0.125, 0.25, 0.5]), max_size=8),
)
def test_pace(clock: Clock, pace: float, ticks: list[float]) -> None:
    """After so many seconds as many steps are done as the pace allows, and never more."""
    worker_run, _ = paced(clock, pace, training={"series_every": 1000})
    passed = 0.0
    for tick in ticks:
        clock.now += tick
        passed += tick
        worker_run.quantum()
        assert worker_run.trainer.step_count == int(passed * pace)
        wait = worker_run.wait(clock.now)
        assert wait is not None
        assert wait > 0
        # The wait is to the next step, and no longer.
        assert int((passed + wait) * pace + 1e-9) == worker_run.trainer.step_count + 1


def test_slow_machine_does_not_race(clock: Clock) -> None:
    worker_run, _ = paced(clock, 10.0)
    clock.now += 60.0  # it was held up for a minute
    worker_run.quantum()
    assert worker_run.trainer.step_count == 1
    clock.now += 0.5
    worker_run.quantum()
    assert 5 <= worker_run.trainer.step_count <= 7


def test_new_pace_goes_on_with_the_step_under_way(clock: Clock) -> None:
    """The share of a step that has gone by counts, and no more of it."""
    worker_run, _ = paced(clock, 1.0)
    clock.now += 0.875
    worker_run.quantum()
    assert worker_run.trainer.step_count == 0
    worker_run.command(
        msg.CommandRequest(0, "run", messages.Pace(kind="pace", steps_per_second=100.0))
    )
    clock.now += 0.0625
    worker_run.quantum()
    assert worker_run.trainer.step_count == 7  # 0.875 + 6.25


def test_paused_run_needs_no_time(clock: Clock) -> None:
    worker_run, _ = paced(clock, 10.0)
    worker_run.command(msg.CommandRequest(0, "run", messages.Pause(kind="pause")))
    assert worker_run.wait(clock.now) is None
    clock.now += 5.0
    worker_run.command(msg.CommandRequest(0, "run", messages.Resume(kind="resume")))
    worker_run.quantum()
    assert worker_run.trainer.step_count == 0  # the pause gave it no credit


def test_epoch_ends_a_step_command(clock: Clock) -> None:
    data = {"samples": 60, "test_fraction": 0.5}
    worker_run, said = paced(clock, 1000.0, data=data, training={"batch_size": 8})
    worker_run.command(msg.CommandRequest(0, "run", messages.Pause(kind="pause")))
    for command, step in (
        ({"steps": 1}, 1),
        ({"epochs": 1}, 4),  # 30 examples are 3 batches of 8 and one of 6
        ({"epochs": 2}, 12),
        ({"steps": 3, "epochs": 1}, 15),  # whichever comes first
        ({}, 16),
    ):
        worker_run.command(msg.CommandRequest(0, "run", messages.StepOn(kind="step", **command)))
        for _ in range(20):
            clock.now += 0.01
            worker_run.quantum()
        assert worker_run.trainer.step_count == step
        assert not worker_run.running
        news = said[-1]
        assert isinstance(news, msg.RunUpdate)
        assert (news.state.status, news.step) == ("paused", step)
        assert (news.state.until_step, news.state.until_epoch) == (None, None)


def test_news_is_whole(clock: Clock) -> None:
    """One message has all that its step rests on: rows, journal, and at rest the snapshot."""
    worker_run, said = paced(clock, 1000.0, training={"series_every": 1, "steps": 20})
    change = messages.Set(kind="set", changes={"optimizer.lr": 0.5})
    for turn in range(30):
        clock.now += 0.005
        worker_run.quantum()
        if turn == 0:
            worker_run.command(msg.CommandRequest(7, "run", change))
    rows: set[int] = set()
    kept: set[int] = set()
    for news in said:
        assert isinstance(news, msg.RunUpdate)
        rows |= {row[0] for row in news.rows}
        if news.snapshot:
            kept.add(Snapshot.unpack(news.snapshot).step)
            assert news.step in kept
        assert rows == set(range(news.step + 1))
        if news.state.status != "running":
            assert news.step in kept
        assert (news.ref == 7) == (news.entry is not None)
    assert sum(news.ref == 7 for news in said) == 1
    assert said[-1].state.status == "finished"


def test_turns_end_at_rows(clock: Clock) -> None:
    """A turn that comes late does no steps beyond the last row that it reaches: they would need a
    turn of their own soon. They are not lost."""
    worker_run, _ = paced(clock, 64.0, training={"series_every": 10})
    ends = []
    for late in (4, 9, 13, 27, 7):
        clock.now += late / 64
        worker_run.quantum(0.2)
        ends.append(worker_run.trainer.step_count)
    assert ends == [4, 10, 20, 50, 60]  # of 4, 13, 26, 53 and 60
    assert worker_run.wait(clock.now, 0.2) == 10 / 64


def test_a_crowd_reports_after_several_turns(clock: Clock) -> None:
    for interval, every in ((0.0, 0.1), (0.03, 0.1), (0.1, 0.25)):
        worker_run, said = paced(clock, 100.0)
        clock.now += 0.01
        worker_run.quantum(interval)
        said.clear()
        for _ in range(100):
            clock.now += 0.01
            worker_run.quantum(interval)
        assert len(said) == pytest.approx(1.0 / every, abs=1)


@pytest.mark.parametrize(("cost", "between"), [(0.0, 1.0), (0.0002, 0.5), (0.001, 0.25)])
def test_a_snapshot_is_for_work_that_would_be_done_again(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, cost: float, between: float
) -> None:
    """Every quarter of a second, where there is a hundredth of a second of training since the last
    one; every second in any case."""
    worker_run, said = paced(clock, 100.0, training={"series_every": 1000})
    advance = Trainer.advance

    def timed(trainer: Trainer, most: int) -> None:
        advance(trainer, most)
        clock.now += cost

    monkeypatch.setattr(Trainer, "advance", timed)
    kept = []
    end = clock.now + 5.0
    while clock.now < end:
        clock.now += 0.01 - cost
        worker_run.quantum()
        kept += [clock.now for update in said if update.snapshot is not None]
        said.clear()
    assert len(kept) >= 4
    assert np.diff(kept) == pytest.approx(between, abs=0.025)
