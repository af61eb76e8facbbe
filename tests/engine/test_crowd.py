"""What a crowd of viewers gets of a worker: its free time, in equal parts, and steps first.

In simulated time: every picture costs what a test says.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from livenet.engine import messages as msg
from livenet.engine.worker import picture_scheduler
from livenet.pictures import Picture
from livenet.wire.frame import decode
from tests.bench.fairness import jain
from tests.engine.inside import opened
from tests.engine.simulated import STEP, Costs, World, simulate

__all__ = ["simulate"]

Simulate = Callable[..., World]
SPEC: dict[str, Any] = {
    "data": {"kind": "moons", "samples": 60},
    "model": {"hidden": [3]},
    "training": {"batch_size": 5, "series_every": 1000},
}
SECONDS = 4.0
FPS = 10.0


class Viewers:
    """They acknowledge whatever they get, and count it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.frames: dict[tuple[str, str], list[dict[str, Any]]] = {}
        world.listeners.append(self.hear)

    def watch(self, run: str, probe: str, fps: float = FPS, **options: Any) -> None:
        self.frames[run, probe] = []
        number = 100 + len(self.frames)
        self.world.post(msg.Watch(run, number, probe, probe, options, fps))

    def hear(self, message: Any) -> None:
        if isinstance(message, msg.ChannelFrame):
            assert message.data is not None
            frame = decode(message.data) | {"at": self.world.now}
            self.frames[message.run, message.channel].append(frame)
            self.world.post(msg.FrameAck(message.run, message.channel))

    def rates(self, probe: str = "") -> list[float]:
        """Pictures a second of each watch (of one probe)."""
        return [
            len(frames) / SECONDS
            for (_, name), frames in self.frames.items()
            if name == probe or not probe
        ]

    def resolutions(self, run: str) -> list[int]:
        return [frame["facts"]["resolution"] for frame in self.frames[run, "decision"]]


def crowd(
    simulate: Simulate, runs: int, pace: float | None, costs: dict[str, float], step: float = STEP
) -> tuple[World, Viewers]:
    """So many runs, each with a viewer of these pictures."""
    world = simulate(Costs(step=step, pictures=costs))
    viewers = Viewers(world)
    for number in range(runs):
        world.open(opened(str(number), SPEC | {"seed": number}, pace=pace))
        for probe in costs:
            viewers.watch(str(number), probe)
    return world, viewers


def test_pictures_have_the_time_that_paced_runs_leave(simulate: Simulate) -> None:
    """Ten runs take 0.4 of the time for their steps; pictures have most of the rest, and no run
    does a step less for it."""
    costs = {"network": 0.004, "decision": 0.004}
    world, viewers = crowd(simulate, 10, 10.0, costs)
    world.go_on(SECONDS)
    assert [run.step for run in world.runs.values()] == pytest.approx([40] * 10, abs=2)
    used = sum(viewers.rates()) * 0.004
    assert 0.5 < used <= 0.61  # with a share of a quarter they would have 0.25


def test_pictures_keep_to_their_share_beside_runs_at_full_speed(simulate: Simulate) -> None:
    world, viewers = crowd(simulate, 5, None, {"network": 0.004, "decision": 0.004})
    world.go_on(SECONDS)
    assert sum(viewers.rates()) * 0.004 == pytest.approx(0.25, rel=0.15)
    assert sum(run.step for run in world.runs.values()) * STEP > 0.65 * SECONDS


@pytest.mark.parametrize("pace", [10.0, None])
def test_equal_rates_for_equal_panels(simulate: Simulate, pace: float | None) -> None:
    """Of every viewer and every panel, a cheaper one included."""
    costs = {"network": 0.002, "neurons": 0.004, "decision": 0.004}
    world, viewers = crowd(simulate, 12, pace, costs, step=0.001)
    world.go_on(SECONDS)
    rates = viewers.rates()
    assert 1 < max(rates) < FPS  # there is less time than they ask for
    assert jain(rates) > 0.95
    assert min(rates) > 0.6 * max(rates)


@pytest.mark.parametrize("pace", [20.0, None])
def test_an_expensive_picture_delays_no_cheap_ones(simulate: Simulate, pace: float | None) -> None:
    world, viewers = crowd(simulate, 3, pace, {"network": 0.001, "neurons": 0.001})
    world.costs.pictures["regions"] = 0.3
    viewers.watch("0", "regions")
    world.go_on(SECONDS)
    regions = len(viewers.frames["0", "regions"]) / SECONDS
    assert 0.03 < regions * 0.3 <= 0.31
    cheap = [*viewers.rates("network"), *viewers.rates("neurons")]
    assert min(cheap) > 2 * regions
    assert min(cheap) > 0.15 * FPS


def test_a_viewer_has_its_panels_of_one_step(simulate: Simulate) -> None:
    """They are made one after another, so that the page draws and acknowledges them at once."""
    costs = {"network": 0.0005, "neurons": 0.0005, "decision": 0.0005}
    world, viewers = crowd(simulate, 4, 50.0, costs)
    world.go_on(SECONDS)
    for run in world.runs:
        steps = [
            {frame["step"] for frame in frames}
            for (name, _), frames in viewers.frames.items()
            if name == run
        ]
        assert len(set.intersection(*steps)) > 0.9 * len(set.union(*steps))


def test_no_picture_of_what_has_not_changed(simulate: Simulate) -> None:
    world = simulate()
    viewers = Viewers(world)
    world.open(opened("run", SPEC, status="paused"))
    viewers.watch("run", "decision")
    world.at(world.now + 1.0, lambda: world.do("run", kind="step", steps=3))
    world.go_on(SECONDS)
    assert {frame["step"] for frame in viewers.frames["run", "decision"]} >= {0, 3}
    assert len(viewers.frames["run", "decision"]) <= 4


@pytest.fixture
def by_the_cell(monkeypatch: pytest.MonkeyPatch, simulate: Simulate) -> Simulate:
    """A map takes time in proportion to its cells: 64 x 64 take 20 ms."""

    def make(*arguments: Any) -> World:
        world = simulate(*arguments)

        def timed(context: Any, probe: str, options: Any) -> Picture:
            size = options.get("resolution", 64)
            world.take(0.02 * (size / 64) ** 2)
            return Picture(context.step, (), {"resolution": size})

        monkeypatch.setattr(picture_scheduler, "run_probe", timed)
        return world

    return make


def test_resolution_falls_before_the_rate(by_the_cell: Simulate) -> None:
    """Whole maps of seven viewers would take 1.4 of a core, smaller ones take 0.7."""
    world, viewers = crowd(by_the_cell, 7, 20.0, {"decision": 0.0}, step=0.0005)
    world.go_on(SECONDS)
    early = [len(frames) for frames in viewers.frames.values()]
    sizes = viewers.resolutions("0")
    assert sizes[0] == 64
    assert set(sizes) <= {64, 45, 32}
    assert sizes[-1] < 64
    world.worker.stopping = False
    world.go_on(SECONDS)
    late = [len(frames) for frames in viewers.frames.values()]
    rates = [(b - a) / SECONDS for a, b in zip(early, late, strict=True)]
    assert min(rates) > 0.75 * FPS  # whole ones could come 6.6 times a second


def test_resolution_comes_back_with_calm(by_the_cell: Simulate) -> None:
    world, viewers = crowd(by_the_cell, 12, 30.0, {"decision": 0.0}, step=0.0005)
    world.go_on(3.0)
    assert viewers.resolutions("0")[-1] == 32
    for number in range(1, 12):
        world.post(msg.Unwatch(str(number), "decision"))
    world.worker.stopping = False
    world.go_on(15.0)
    sizes = viewers.resolutions("0")
    assert sizes[-1] == 64
    # Not all at once, and not back and forth.
    changes = [b for a, b in pairwise(sizes) if a != b]
    assert changes == [45, 32, 45, 64]


def test_a_run_at_rest_is_shown_whole(by_the_cell: Simulate) -> None:
    """However many others are watched: nobody waits for a sharper picture of what stands still."""
    world, viewers = crowd(by_the_cell, 12, 30.0, {"decision": 0.0}, step=0.0005)
    world.at(world.now + 3.0, lambda: world.do("0", kind="pause"))
    world.go_on(SECONDS)
    sizes, steps = viewers.resolutions("0"), [f["step"] for f in viewers.frames["0", "decision"]]
    assert 32 in sizes
    assert sizes[-1] == 64
    assert steps[-1] == world.runs["0"].step
    assert set(viewers.resolutions("1")[-5:]) == {32}
