"""What is stored of a run is counted, all of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from livenet.store import SnapshotStore
from livenet.store.budgets import Amount, Share, amounts, shares, unused
from livenet.store.database import open_database
from livenet.wire.journal import Entry
from tests.store.stories import BUDGET, a_run, opened, rows_of


def stored(folder: Path, run: str) -> int:
    """Bytes of a run's snapshots, rows and journal, as they are in the database."""
    rows = {
        table: [row for row in rows_of(folder, table) if row[0] == run]
        for table in ("snapshots", "blocks", "entries")
    }
    blobs = sum(len(row[-1]) for table in ("snapshots", "blocks") for row in rows[table])
    return blobs + sum(len(row[-1]) for row in rows["entries"])


def counted(folder: Path, run: str) -> int:
    database = open_database(folder)
    try:
        (found,) = unused(database, ["ann"], (), 10)["ann"]
    finally:
        database.dispose()
    assert found.id == run
    return found.bytes


async def test_snapshots_rows_journal_and_specs_are_counted(tmp_path: Path) -> None:
    """From the first write on, and after each that adds or drops something."""
    run = a_run(owner="ann", pinned=False)
    specs = 2 * len(json.dumps(run.spec.document()))
    async with opened(tmp_path) as store:
        store.create(run)
        await store.saved(run.id)
        assert store.bytes_of(run.id) == stored(tmp_path, run.id) + specs
        assert counted(tmp_path, run.id) == store.bytes_of(run.id)
        entry = Entry(30, {"kind": "set", "changes": {"optimizer.lr": 0.25}})
        run.step = 30
        run.record(entry)
        store.record(run, entry=entry, urgent=True)
        await store.saved(run.id)
        assert counted(tmp_path, run.id) == stored(tmp_path, run.id) + specs
        rows = [(step, step / 5, 1.0, {"train_loss": 0.1}) for step in range(31, 1231)]
        run.step = 1230
        store.record(run, rows=rows, snapshot=bytes(BUDGET), urgent=True)
        await store.saved(run.id)
    size = counted(tmp_path, run.id)
    assert size == stored(tmp_path, run.id) + specs
    async with opened(tmp_path) as store:
        assert await store.load(run.id)
        assert store.bytes_of(run.id) == size


async def test_snapshots_over_a_smaller_budget_go(tmp_path: Path) -> None:
    snapshots = SnapshotStore(BUDGET)
    for step in range(10):
        snapshots.put(step, bytes(1000))
    run = a_run(owner="ann", pinned=False, snapshots=snapshots, step=9)
    async with opened(tmp_path) as store:
        store.create(run)
        await store.saved(run.id)
        size = counted(tmp_path, run.id)
    async with opened(tmp_path, 3000) as store:
        found = await store.load(run.id)
        assert found is not None
        store.record(found, urgent=True)
        await store.saved(run.id)
    steps = sorted(row[1] for row in rows_of(tmp_path, "snapshots"))
    assert (steps[0], steps[-1], len(steps)) == (0, 9, 3)
    assert counted(tmp_path, run.id) == size - 7000


async def test_of_each_owner(tmp_path: Path) -> None:
    """In all, without privileged ones, and what may be deleted of it."""
    fields: dict[str, dict[str, Any]] = {
        "pinned": {"owner": "ann", "pinned": True},
        "free": {"owner": "ann", "privileged": True},
        "later": {"owner": "ann"},
        "before": {"owner": "ann", "used_at": 5.0},
        "training": {"owner": "ben", "status": "running"},
    }
    made = [a_run(id, **({"pinned": False, "used_at": 9.0} | fields[id])) for id in fields]
    async with opened(tmp_path) as store:
        for run in made:
            store.create(run)
        assert [run.id for run, _ in store.new_runs()] == list(fields)
        for run in made:
            await store.saved(run.id)
        assert store.new_runs() == []
        (size,) = {store.bytes_of(id) for id in fields}
        four, three, one = (Amount(number, number * size) for number in (4, 3, 1))
        assert await store.read(shares, []) == {
            "ann": Share(four, three, 5.0),
            "ben": Share(one, one),
        }
        left = await store.read(shares, ["training", "before"])
        assert left == {"ann": Share(three, Amount(2, 2 * size), 9.0)}
        assert await store.read(amounts, "ann", []) == (three, four + one)
        assert await store.read(amounts, "ann", ["free", "later"]) == (
            Amount(2, 2 * size),
            three,
        )
        assert await store.read(amounts, "cat", []) == (Amount(), four + one)
        free = await store.read(unused, ["ann", "ben"], {"nothing"}, 10)
        assert [[run.id for run in of] for of in free.values()] == [
            ["before", "free", "later"],
            [],
        ]
        free = await store.read(unused, ["ann"], {"before"}, 10, True)
        assert [run.id for run in free["ann"]] == ["later"]
        free = await store.read(unused, ["ann"], (), 2)
        assert [run.id for run in free["ann"]] == ["before", "free"]
