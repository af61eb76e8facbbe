"""Who trains and who waits: against a model, for any order of wishes and ends."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.engine.server.admission import Admission, Waiting
from livenet.engine.server.registry import RunRegistry
from livenet.settings import Settings
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore

SPEC = resolve({"model": {"hidden": [2]}})
LIMITS = {"max_training": 6, "max_training_a_person": 3, "reserved_places": 2, "workers": 2}
LECTURER = "lecturer"


@dataclass
class Wish:
    """A run that somebody wants to train."""

    owner: str
    group: str | None = None


class Place:
    """An engine as the admission sees it: starts runs, which end when the test says so."""

    def __init__(self, **limits: int) -> None:
        settings = Settings.model_validate(LIMITS | limits)
        self.registry = RunRegistry(settings)
        self.admission = Admission(settings, self.registry, self._start)
        self.started: list[str] = []
        self.refuses = False
        self._count = 0

    async def _start(self, run: str) -> bool:
        await asyncio.sleep(0)
        if self.refuses:
            return False
        found = self.registry.run(run)
        if found.status == "queued":
            found.status = "running"
            self.started.append(run)
            self.admission.update(found)
        return True

    def make(self, wish: Wish) -> Run:
        """Makes a run that trains if it may, and is queued otherwise."""
        self._count += 1
        run = Run(
            id=f"{wish.owner}{self._count}",
            name="",
            spec=SPEC,
            snapshots=SnapshotStore(1000),
            owner=wish.owner,
            privileged=wish.owner == LECTURER,
            group=wish.group,
        )
        alone = wish.group is None and self.admission.may_train(run)
        run.status = "running" if alone else "queued"
        self.registry.add(run)
        self.admission.update(run)
        return run

    def end(self, run: str) -> None:
        found = self.registry.run(run)
        found.status = "finished"
        self.admission.update(found)

    async def settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    def training(self) -> list[Run]:
        return [run for run in self.registry if run.status == "running"]

    def waiting(self) -> list[Run]:
        return [run for run in self.registry if run.status == "queued"]

    def check(self) -> None:
        """The limits hold, and nobody waits who could train."""
        training = self.training()
        people = Counter(run.owner for run in training)
        groups = Counter(run.group for run in training if run.group)
        limited = [run for run in training if not run.privileged]
        assert len(training) <= 6
        assert all(people[run.owner] <= 3 for run in limited)
        assert all(count <= 2 for count in groups.values())
        assert len(self.admission) == len(self.waiting())
        for run in self.waiting():
            free = 6 - len(training) - (0 if run.privileged else 2)
            mine = people[run.owner] < 3 or run.privileged
            group = run.group is None or groups[run.group] < 2
            assert not (free > 0 and mine and group), run.id


WISHES = st.builds(
    Wish, st.sampled_from(["ann", "ben", "eve", LECTURER]), st.sampled_from([None, None, "g", "h"])
).map(lambda wish: Wish(wish.owner, wish.group and wish.group + wish.owner))
EVENTS = st.lists(WISHES | st.integers(0, 20), max_size=40)


@given(EVENTS)
def test_limits_hold_and_no_place_is_left_free(events: list[Wish | int]) -> None:
    async def live() -> None:
        place = Place()
        for event in events:
            training = place.training()
            if isinstance(event, Wish):
                place.make(event)
            elif training:
                place.end(training[event % len(training)].id)
            await place.settle()
            place.check()
        while training := place.training():
            place.end(training[0].id)
            await place.settle()
            place.check()
        assert not place.waiting()

    asyncio.run(live())


async def test_those_with_few_come_first_and_each_in_order() -> None:
    place = Place(max_training=3, reserved_places=0)
    ann = [place.make(Wish("ann")).id for _ in range(6)]
    ben = [place.make(Wish("ben")).id for _ in range(3)]
    eve = place.make(Wish("eve")).id
    assert place.started == []
    for run in ann[:3]:
        place.end(run)
        await place.settle()
    assert place.started == [ben[0], eve, ann[3]]
    for run in (ben[0], eve, ann[3]):
        place.end(run)
        await place.settle()
    assert place.started[3:] == [ben[1], ann[4], ann[5]]  # of equals, who has waited longest


async def test_administrators_find_a_place() -> None:
    """Whatever everybody else makes; of a server with few places at most half is kept for them."""
    place = Place(max_training_a_person=50)
    crowd = [place.make(Wish(name)) for name in "abcdef" for _ in range(5)]
    assert [run.status for run in crowd].count("running") == 4
    assert [place.make(Wish(LECTURER)).status for _ in range(3)] == ["running"] * 2 + ["queued"]
    small = Place(max_training=3, reserved_places=20)
    assert [small.make(Wish("ann")).status for _ in range(3)] == ["running"] * 2 + ["queued"]


async def test_a_group_trains_a_few_at_a_time() -> None:
    place = Place()
    place.admission.add_group("pair", 1)
    runs = [place.make(Wish(LECTURER, "pair")) for _ in range(3)]
    await place.settle()
    assert [run.status for run in runs] == ["running", "queued", "queued"]
    assert place.admission.may_train(runs[2])  # its owner may start it by hand
    place.end(runs[0].id)
    await place.settle()
    assert [run.status for run in runs] == ["finished", "running", "queued"]


async def test_what_cannot_be_started_keeps_its_turn() -> None:
    place = Place(max_training_a_person=1)
    first, second, third = (place.make(Wish("ann")) for _ in range(3))
    place.refuses = True
    place.end(first.id)
    await place.settle()
    assert (len(place.admission), place.started) == (2, [])
    place.refuses = False
    place.admission.fill()
    await place.settle()
    assert place.started == [second.id]
    assert third.status == "queued"


@pytest.mark.parametrize("status", ["paused", "stopped"])
async def test_what_leaves_the_queue_is_not_started(status: str) -> None:
    place = Place(max_training_a_person=1)
    first, second, third = (place.make(Wish("ann")) for _ in range(3))
    second.status = status
    place.admission.update(second)
    place.admission.add([Waiting(third.id, "ann", False, None)])  # twice is once
    assert len(place.admission) == 1
    place.end(first.id)
    await place.settle()
    assert place.started == [third.id]


async def test_a_run_that_is_being_started_has_its_place() -> None:
    """The answer of a worker takes a while; meanwhile nobody else may have the place."""
    place = Place(max_training_a_person=1)
    run = place.make(Wish("ann"))
    run.status = "paused"
    other = Run("other", "", SPEC, SnapshotStore(1000), owner="ann")
    with place.admission.starting(run):
        assert not place.admission.may_train(other)
    assert place.admission.may_train(other)
