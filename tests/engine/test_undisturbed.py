"""Nothing that anybody does disturbs a run: invariants, over activities and speeds.

In simulated time, so that a figure is the worker's own and no machine's. What the activities cost
for real, ``make bench`` measures.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from livenet.engine import messages as msg
from livenet.engine.worker.worker import IDLE
from livenet.engine.worker.worker_run import LONGEST_UNKEPT, REPLAYED, SNAPSHOT_EVERY
from livenet.settings import Settings
from livenet.training import Snapshot
from tests.engine.activities import ACTIVITIES, EXPENSIVE
from tests.engine.inside import opened
from tests.engine.simulated import CHUNK, STEP, Costs, World, gaps, simulate

pytestmark = pytest.mark.slow

__all__ = ["simulate"]

SECONDS = 4.0
SPEC: dict[str, Any] = {
    "data": {"kind": "moons", "samples": 60},
    "model": {"hidden": [3]},
    "training": {"batch_size": 5},
}
SLOW_ROWS = 0.05  # seconds of a chunk: with a row every 5 steps an evaluation outlasts a quantum
SPEEDS = {"full": None, "60": 60.0, "2": 2.0}
TOGETHER = ("viewer", "slider", "scrubbing", "rest_looks")
Simulate = Callable[..., World]


def disturbed(
    simulate: Simulate,
    activities: tuple[str, ...],
    pace: float | None,
    rows: str = "quick",
    load: float = 1.0,
) -> World:
    """Two equal runs, of which the first is disturbed."""
    world = simulate(Costs(chunk=SLOW_ROWS if rows == "slow" else CHUNK, load=load))
    course = SPEC["training"] | {"series_every": 5 if rows == "slow" else 10}
    for name in ("run", "other"):
        world.open(opened(name, SPEC | {"training": course}, pace=pace))
    for activity in activities:
        ACTIVITIES[activity](world, "run")
    world.go_on(SECONDS)
    return world


SINGLE = [(name,) for name in ACTIVITIES]
CASES = [
    *itertools.product(SINGLE, SPEEDS, ["quick"]),
    *itertools.product([("nobody",), ("viewer",), ("slider",)], SPEEDS, ["slow"]),
    *itertools.product([TOGETHER], SPEEDS, ["quick", "slow"]),
]


@pytest.mark.parametrize(("activities", "speed", "rows"), CASES)
def test_invariants(simulate: Simulate, activities: tuple[str, ...], speed: str, rows: str) -> None:
    world = disturbed(simulate, activities, SPEEDS[speed], rows)
    run, other = world.runs["run"], world.runs["other"]
    pace = SPEEDS[speed]
    most_expensive = (
        EXPENSIVE if "rest_looks" in activities else SLOW_ROWS if rows == "slow" else 0.02
    )

    # Steps a second: what is asked for, where it is less than half of what there is.
    if pace == 2.0 or (pace and rows == "quick" and activities != TOGETHER):
        for one in (run, other):
            assert one.step == pytest.approx(pace * SECONDS, rel=0.1, abs=2)
    # Another's share: as much as one's own, and at full speed a good part of what it has alone.
    assert other.step >= 0.9 * run.step - 2
    if pace is None and rows == "quick":
        alone = SECONDS / 2 / STEP
        assert other.step >= 0.3 * alone

    # A snapshot at the first step boundary at which one is due; later, where little is trained.
    due = LONGEST_UNKEPT if pace and pace * STEP * SNAPSHOT_EVERY < REPLAYED else SNAPSHOT_EVERY
    for one in (run, other):
        longest = max(gaps([*one.kept_at, world.now]), default=0.0)
        between = max(1 / (pace or 1e9), 2 * 14 * SLOW_ROWS if rows == "slow" else 0.0)
        assert longest <= due + 2 * between + 3 * most_expensive, longest

    # It moves all the time, remembers no more than it may, and refuses nothing.
    assert world.heartbeat.longest <= most_expensive + IDLE + 0.05
    assert world.largest_past <= Settings().worker_bytes // 4
    assert world.refused == []
    assert {run.status, other.status} == {"running"}


@pytest.mark.parametrize("activities", [*SINGLE, TOGETHER])
def test_shares_hold_on_a_busy_machine(simulate: Simulate, activities: tuple[str, ...]) -> None:
    """Where other processes take most of the core, pictures wait for it as long as runs do."""
    steps = {}
    for load in (1.0, 8.0):
        world = disturbed(simulate, activities, None, load=load)
        steps[load] = load * world.runs["other"].step
    assert steps[8.0] >= 0.6 * steps[1.0]


@pytest.mark.parametrize("activities", [*SINGLE, TOGETHER])
def test_numbers_are_those_of_a_run_alone(simulate: Simulate, activities: tuple[str, ...]) -> None:
    """Rows and snapshots of steps that both came to; where nothing was set."""
    quiet = disturbed(simulate, ("nobody",), 60.0).runs["run"]
    world = disturbed(simulate, activities, 60.0)
    run = world.runs["other" if "slider" in activities else "run"]
    common = quiet.rows.keys() & run.rows.keys()
    assert len(common) > 15
    assert {step: run.rows[step] for step in common} == {step: quiet.rows[step] for step in common}
    for step in quiet.snapshots.keys() & run.snapshots.keys():
        assert state_of(run.snapshots[step]) == state_of(quiet.snapshots[step])
    assert sorted(run.rows) == list(range(0, max(run.rows) + 1, 10))


def state_of(snapshot: bytes) -> tuple[int, bytes]:
    found = Snapshot.unpack(snapshot)
    return found.step, found.phi.tobytes()


def test_a_death_costs_what_came_after_the_last_snapshot(simulate: Simulate) -> None:
    """Whoever watches: the way back is short."""
    world = disturbed(simulate, ("viewer", "slider"), None)
    for run in world.runs.values():
        assert run.step - max(run.snapshots) <= 0.35 / STEP


def test_equal_looks_are_done_once(simulate: Simulate) -> None:
    """A class that asks for the same picture asks for one."""
    world = simulate(Costs(pictures={"expensive": EXPENSIVE}))
    world.open(opened("run", SPEC, pace=60.0))
    asked = [world.probe_request("run", "expensive", {"n": 1}, None) for _ in range(300)]
    for request in asked:
        world.post(request)
    world.go_on(1.0)
    assert {request.ref for request in asked} <= world.answered.keys()
    assert world.runs["run"].step == pytest.approx(60, rel=0.3)


def test_looks_of_one_hold_up_nobody_elses(simulate: Simulate) -> None:
    """They go in turn by run: one that is asked for after a hundred others comes before them."""
    world = simulate(Costs(pictures={"expensive": EXPENSIVE}))
    for name in ("run", "other"):
        world.open(opened(name, SPEC, pace=60.0))
    for number in range(100):
        world.post(world.probe_request("run", "expensive", {"n": number}, None))
    late = world.probe_request("other", "quick", {}, None)
    world.post(late)
    world.go_on(5.0)
    assert world.answered[late.ref] < 1.0 + 3 * EXPENSIVE


def test_what_nobody_waits_for_is_dropped(simulate: Simulate) -> None:
    """The replay stops where it is, and its trainer serves the next look."""
    world = simulate()
    world.open(opened("run", SPEC, status="paused"))
    world.at(world.now + 0.1, lambda: world.do("run", kind="step", steps=1000))
    world.go_on(10.0)
    reported = world.runs["run"]
    reported.snapshots = {0: reported.snapshots[0]}  # so that every look is a long way
    far = [world.probe_request("run", "decision", {"n": n}, 900 + n) for n in range(10)]
    for request in far:
        world.post(request)
    for request in far[:-1]:
        world.at(world.now + 0.3, partial(msg.CancelRequest, request.ref))
    world.worker.stopping = False
    world.go_on(5.0)
    assert {request.ref for request in far} & world.answered.keys() == {far[-1].ref}
    assert world.fetched <= 2  # a snapshot may be large: those that are dropped need none
    assert world.answered[far[-1].ref] < 11.0 + 909 * STEP + 0.5
    assert len(world.worker.probe_requests) == 0


def test_looks_go_with_their_run(simulate: Simulate) -> None:
    """Nothing of a run that is closed stays behind, and nobody waits for it in vain."""
    world = simulate(Costs(pictures={"expensive": EXPENSIVE}))
    world.open(opened("run", SPEC, pace=60.0))
    world.go_on(1.0)
    asked = [
        world.probe_request("run", "expensive", {"n": n}, step)
        for n in range(5)
        for step in (None, n)
    ]
    for request in asked:
        world.post(request)
    world.at(world.now + 0.4, lambda: msg.Close("run"))
    world.worker.stopping = False
    world.go_on(1.0)
    assert {request.ref for request in asked} <= world.answered.keys()
    assert len(world.worker.probe_requests) == 0
    assert world.worker.past_trainers.size == 0
