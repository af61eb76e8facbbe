"""Which runs are deleted over a budget, compared with a plain statement of the rules."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import time
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine as Database
from sqlalchemy import delete, insert

from livenet.engine.server import budgets
from livenet.engine.server.budgets import Budgets, Reason
from livenet.errors import TooMany
from livenet.settings import Settings
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore, Store
from livenet.store.database import open_database
from livenet.store.ledger import stored_bytes
from livenet.store.tables import runs as table

UNIT = 2**20  # bytes
OWNERS = ("", "ann", "ben", "cat")


@dataclass(frozen=True)
class Kept:
    """A run, as the rules see it."""

    id: str
    owner: str
    used_at: float
    bytes: int = UNIT
    privileged: bool = False
    pinned: bool = False
    status: str = "paused"
    place: str = "closed"
    """``closed``, ``new`` (not written yet), or open: ``viewed`` or ``left``."""

    @property
    def unused(self) -> bool:
        """Whether it may be deleted."""
        at_rest = self.status not in ("running", "queued") and not self.pinned
        return at_rest and self.place in ("closed", "left")

    @property
    def limited(self) -> bool:
        """Whether it counts towards the limits of a person."""
        return bool(self.owner) and not self.privileged

    @property
    def run(self) -> Run:
        made = Run(self.id, "", SPEC, SnapshotStore(1), self.owner, pinned=self.pinned)
        made.status, made.privileged = self.status, self.privileged
        return made


SPEC = resolve({})
RUNS = st.lists(
    st.builds(
        Kept,
        id=st.just(""),
        owner=st.sampled_from(OWNERS),
        used_at=st.integers(1, 1000).map(float),
        bytes=st.integers(0, 4).map(lambda size: size * UNIT),
        privileged=st.booleans(),
        pinned=st.sampled_from((False, False, True)),
        status=st.sampled_from(("paused", "finished", "stopped", "running", "queued")),
        place=st.sampled_from(("closed", "closed", "left", "viewed", "new")),
    ),
    max_size=12,
    unique_by=lambda run: run.used_at,
).map(lambda runs: [replace(run, id=f"run{place}") for place, run in enumerate(runs)])
SETTINGS = st.builds(
    Settings,
    max_runs=st.integers(1, 10),
    store_bytes=st.integers(1, 20).map(lambda size: size * UNIT),
    max_runs_a_person=st.integers(1, 5),
    store_bytes_a_person=st.integers(1, 8).map(lambda size: size * UNIT),
)


class Rules:
    """The rules, a run at a time."""

    def __init__(self, found: Sequence[Kept], settings: Settings) -> None:
        self.runs = list(found)
        self.settings = settings
        self.gone: list[str] = []

    def number(self, of: Callable[[Kept], bool]) -> int:
        return sum(map(of, self.runs))

    def bytes(self, of: Callable[[Kept], bool]) -> int:
        return sum(run.bytes for run in self.runs if of(run))

    def delete_oldest(self, of: Callable[[Kept], bool]) -> bool:
        free = [run for run in self.runs if run.unused and of(run)]
        if not free:
            return False
        oldest = min(free, key=lambda run: run.used_at)
        self.runs.remove(oldest)
        self.gone.append(oldest.id)
        return True

    def over_person(self, owner: str, number: int = 0, size: int = 0) -> bool:
        def own(run: Kept) -> bool:
            return run.limited and run.owner == owner

        most = self.settings
        too_many = self.number(own) + number > most.max_runs_a_person
        return too_many or self.bytes(own) + size > most.store_bytes_a_person

    def delete_of_person(self, owner: str) -> bool:
        return self.delete_oldest(lambda run: run.limited and run.owner == owner)

    def delete_of_largest(self, measure: Callable[[Callable[[Kept], bool]], int]) -> bool:
        """Of the owner with the most, of those with an unused run."""
        owners = {run.owner for run in self.runs if run.unused}

        def rank(owner: str) -> tuple[int, float]:
            oldest = min(run.used_at for run in self.runs if run.unused and run.owner == owner)
            return measure(lambda run: run.owner == owner), -oldest

        if not owners:
            return False
        largest = max(owners, key=rank)
        return self.delete_oldest(lambda run: run.owner == largest)

    def keep_within(self) -> None:
        for owner in OWNERS[1:]:
            while self.over_person(owner) and self.delete_of_person(owner):
                pass
        every = self.settings.max_runs, self.settings.store_bytes
        for most, measure in zip(every, (self.number, self.bytes), strict=True):
            while measure(lambda _: True) > most and self.delete_of_largest(measure):
                pass


class Shelf:
    """An engine and a store, as much as budgets use of them. Its runs are rows of a database."""

    def __init__(self, database: Database, found: Sequence[Kept], settings: Settings) -> None:
        self.settings = settings
        self.database = database
        self.kept = {run.id: run for run in found}
        self.gone: list[str] = []
        self.reasons: list[Reason] = []
        rows = [_row(run) for run in found if run.place != "new"]
        with database.begin() as connection:
            connection.execute(delete(table))
            if rows:
                connection.execute(insert(table), rows)

    @property
    def budgets(self) -> Budgets:
        return Budgets(self, cast("Store", self))

    # What budgets use of an engine.

    def runs(self) -> Iterator[Run]:
        return (run.run for run in self.kept.values() if run.place != "closed")

    def idle_seconds(self, run: Run) -> float:
        return time() - self.kept[run.id].used_at

    def is_unused(self, run: Run) -> bool:
        return self.kept[run.id].unused

    async def delete_unused(self, runs: Sequence[str], reason: Reason) -> None:
        assert runs, "nothing is to be deleted"
        with self.database.begin() as connection:
            connection.execute(delete(table).where(table.c.id.in_(runs)))
        for run in runs:
            assert self.kept.pop(run).unused
        self.gone += runs
        self.reasons.append(reason)

    # What they use of a store.

    def new_runs(self) -> list[tuple[Run, int]]:
        return [(run.run, run.bytes) for run in self.kept.values() if run.place == "new"]

    def bytes_of(self, run: str) -> int:
        return self.kept[run].bytes

    async def read(self, read: Callable[..., Any], *arguments: Any) -> Any:
        return read(self.database, *arguments)


def _row(run: Kept) -> dict[str, Any]:
    """The row of a run. Of an open one it is as of earlier: the state in memory counts."""
    opened = run.place != "closed"
    return {
        "id": run.id,
        "name": "",
        "owner": run.owner,
        "parent": None,
        "privileged": run.privileged,
        "pinned": run.pinned and not opened,
        "status": "paused" if opened else run.status,
        "step": 0,
        "epoch": 0.0,
        "metrics": {},
        "family": "mlp",
        "data": "moons",
        "changes": {},
        "columns": [],
        "rows": 0,
        "bytes": run.bytes,
        "created_at": 0.0,
        "used_at": 0.0 if opened else run.used_at,
        "seconds": 0.0,
    }


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        made = open_database(Path(folder), durable=False)
        yield made
        made.dispose()


@given(found=RUNS, settings=SETTINGS, at_once=st.sampled_from((1, 2, 100)))
def test_what_is_over_is_deleted(
    database: Database, found: list[Kept], settings: Settings, at_once: int
) -> None:
    """In the order of the rules, however many go at once; the rest fits or is in use."""
    rules, shelf = Rules(found, settings), Shelf(database, found, settings)
    rules.keep_within()

    async def keep_within() -> None:
        while await shelf.budgets.keep_within():
            pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budgets, "AT_ONCE", at_once)
        asyncio.run(keep_within())
    assert set(shelf.gone) == set(rules.gone)
    of_all = [reason for reason in shelf.reasons if reason == "server"]
    assert shelf.reasons == ["person"] * (len(shelf.reasons) - len(of_all)) + of_all
    for owner in OWNERS:
        mine = {run.id for run in found if run.owner == owner}
        assert [run for run in shelf.gone if run in mine] == [
            run for run in rules.gone if run in mine
        ]


def made_by(owner: str, *, privileged: bool) -> Run:
    """A new run, with snapshots of one unit."""
    made = Run("made", "", SPEC, SnapshotStore(UNIT), owner, privileged=privileged)
    made.snapshots.put(0, bytes(UNIT - stored_bytes(made)))
    return made


def expected(rules: Rules, made: Run) -> bool:
    """Whether a run may be made; what goes for it is deleted."""
    if made.owner and not made.privileged:
        before = list(rules.runs)
        while rules.over_person(made.owner, 1, UNIT):
            if not rules.delete_of_person(made.owner):
                rules.runs, rules.gone = before, []
                return False
    # It may not make the server larger than its budgets, nor than it was.
    most, before, gone = rules.settings, list(rules.runs), list(rules.gone)
    limits = [
        max(measure(lambda _: True), budget)
        for measure, budget in (
            (rules.number, most.max_runs),
            (rules.bytes, most.store_bytes),
        )
    ]
    rules.runs.append(Kept("made", made.owner, 0.0, place="viewed", privileged=made.privileged))
    total = rules.number(lambda _: True), rules.bytes(lambda _: True)
    spare = max(1, most.max_runs // 20), most.store_bytes // 20
    allowed = made.privileged and (
        total[0] <= most.max_runs + spare[0] and total[1] <= most.store_bytes + spare[1]
    )
    for limit, measure in zip(limits, (rules.number, rules.bytes), strict=True):
        while measure(lambda _: True) > limit:
            if not rules.delete_of_largest(measure):
                if allowed:
                    break
                rules.runs, rules.gone = before, gone
                return False
    return True


@given(
    found=RUNS, settings=SETTINGS, owner=st.sampled_from(OWNERS), privileged=st.booleans(),
    data=st.data(),
)  # fmt: skip
def test_a_new_run_displaces_unused_ones(
    database: Database,
    found: list[Kept],
    settings: Settings,
    owner: str,
    privileged: bool,
    data: st.DataObject,
) -> None:
    """Those that the rules name, or it is refused: then nothing goes for it on the server."""
    source = data.draw(st.sampled_from([None, *(run.id for run in found)]))
    seen = [replace(run, place="viewed") if run.id == source else run for run in found]
    rules, shelf = Rules(seen, settings), Shelf(database, found, settings)
    made = made_by(owner, privileged=privileged)
    allowed = expected(rules, made)

    async def make() -> None:
        async with shelf.budgets.room([made], source):
            pass

    if allowed:
        asyncio.run(make())
    else:
        with pytest.raises(TooMany, match=r"None makes room|No other makes room|Too few others"):
            asyncio.run(make())
    assert set(shelf.gone) == set(rules.gone)
    assert source not in shelf.gone


def test_who_has_few_loses_nothing(database: Database) -> None:
    """Not even runs that were unused for longer."""
    few = [Kept(f"few{number}", "ann", float(number)) for number in range(3)]
    many = [Kept(f"many{number:02}", "ben", 100.0 + number) for number in range(30)]
    shelf = Shelf(database, few + many, Settings(max_runs=10))
    assert asyncio.run(shelf.budgets.keep_within())
    assert shelf.gone == [run.id for run in many[:23]]


def test_among_equals_the_longest_unused_goes(database: Database) -> None:
    """The time of a run that is open counts in memory: the database has an earlier one."""
    found = [
        Kept("viewed", "ann", 20.0, place="viewed"),
        Kept("later", "ann", 10.0),
        Kept("first", "ben", 5.0),
        Kept("second", "ben", 6.0),
    ]
    shelf = Shelf(database, found, Settings(max_runs=3))
    assert asyncio.run(shelf.budgets.keep_within())
    assert shelf.gone == ["first"]
