"""Runs in a database: what was written is there, whole or not at all."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livenet.errors import StoreFailure
from livenet.store import Journal, Series, SnapshotStore
from livenet.store.store import Store
from livenet.store.tables import BLOCK
from livenet.wire.journal import Entry
from tests.store.stories import BUDGET, a_run, contents, opened, rows_of, training


async def test_round_trip(tmp_path: Path) -> None:
    run = a_run()
    async with opened(tmp_path) as store:
        store.create(run)
        await store.saved(run.id)
        assert await store.load("another") is None
    async with opened(tmp_path) as store:
        back = await store.load(run.id)
        assert contents(back) == contents(run)
        assert back.spec_at(15).optimizer.lr == 0.5
        assert back.lifetime != run.lifetime, "a viewer must not take it for the same"


async def test_without_a_folder_nothing_is_left() -> None:
    async with opened(None) as store:
        folder = store._temporary
        store.create(a_run())
        await store.saved("one")
        assert (await store.load("one")).series.rows() == a_run().series.rows()
    assert not folder.exists()


@pytest.mark.parametrize("count", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
async def test_series_of_any_length(tmp_path: Path, count: int) -> None:
    """Written in parts, blocks begin where the last one ended, and a column may come later."""
    run = a_run(series=Series(), step=0, status="running")
    async with opened(tmp_path) as store:
        store.create(run)
        for number, update in enumerate(training(run, count)):
            store.record(run, **update)
            if number % 97 == 0:
                await store._flush()
        run.step += 1
        late = (run.step, 1.0, None, {"train_loss": float("nan"), "accuracy": 0.5})
        run.series.extend([late])
        store.record(run, rows=[late])
    async with opened(tmp_path) as store:
        assert contents(await store.load(run.id)) == contents(run)
    blocks = rows_of(tmp_path, "blocks")
    assert len(blocks) == count // BLOCK + 1


async def test_a_fork_has_the_columns_of_its_parent(tmp_path: Path) -> None:
    """Also where it begins with whole blocks alone, and continues with other values."""
    parent = a_run(series=Series(), step=0, status="running")
    for _ in training(parent, BLOCK):
        pass
    child = a_run("two", series=parent.series.until(BLOCK), step=BLOCK, status="running")
    async with opened(tmp_path) as store:
        store.create(child)
        await store.saved("two")
        row = (BLOCK + 1, 1.0, 5.0, {"test_loss": 0.25, "train_loss": 0.5})
        child.step += 1
        child.series.extend([row])
        store.record(child, rows=[row])
    async with opened(tmp_path) as store:
        assert contents(await store.load("two")) == contents(child)


async def test_journal_and_state_go_together(tmp_path: Path) -> None:
    run = a_run(status="running", journal=Journal())
    async with opened(tmp_path) as store:
        store.create(run)
        await store.saved(run.id)
        entry = Entry(20, {"kind": "set", "changes": {"optimizer.lr": 0.25}})
        run.record(entry)
        run.enter("paused")
        store.record(run, entry=entry, snapshot=b"the twentieth", urgent=True)
        run.snapshots.put(20, b"the twentieth")
        await store.saved(run.id)
        async with opened(_copied(tmp_path)) as other:
            assert contents(await other.load(run.id)) == contents(run)


async def test_snapshots_of_the_database_are_bounded(tmp_path: Path) -> None:
    """Those that the budget drops are deleted in the same transaction."""
    run = a_run(snapshots=SnapshotStore(BUDGET), series=Series(), step=0, status="paused")
    async with opened(tmp_path, 1000) as store:
        store.create(run)
        for _ in training(run, 40):
            store.record(run, snapshot=bytes(100))
            await store._flush()
    kept = sorted(row[1] for row in rows_of(tmp_path, "snapshots"))
    assert kept[0] == 1
    assert kept[-1] == 40
    assert len(kept) == 10


async def test_a_run_that_trains_stores_few_snapshots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livenet.store.ledger.SNAPSHOT_INTERVAL", 1000.0)
    run = a_run(snapshots=SnapshotStore(BUDGET), series=Series(), step=0, status="running")
    async with opened(tmp_path) as store:
        store.create(run)
        store._ledgers[run.id].snapshot_at = monotonic()
        for _ in training(run, 10):
            store.record(run, snapshot=bytes(100))
            await store._flush()
        assert len(rows_of(tmp_path, "snapshots")) == 1, "only the first was due"
        run.enter("paused")
        store.record(run, urgent=True)
        await store.saved(run.id)
        assert [row[1] for row in rows_of(tmp_path, "snapshots")] == [1, 10]


async def test_deleted_with_all_that_it_had(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        for name in ("one", "two", "three"):
            store.create(a_run(name))
            await store.saved(name)
        store.delete("one")
        await store.saved("one")
        assert await store.load("one") is None
    async with opened(tmp_path) as store:
        await store.delete_closed(["two", "nobody"])
        assert await store.count() == 1
    for table in ("runs", "tags", "entries", "blocks", "snapshots"):
        assert {row[0] for row in rows_of(tmp_path, table)} == {"three"}, table


async def test_a_run_that_is_discarded_at_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        store.create(a_run())
        store.delete("one")
        await store.saved("one")
        assert rows_of(tmp_path, "runs") == []


async def test_waiting_is_for_ones_own_changes(tmp_path: Path) -> None:
    called: list[object] = []
    async with opened(tmp_path) as store:
        store.create(a_run())
        await store.saved("one")
        store.record(a_run())
        assert not store.saving("one")
        store.after("one", called.append)
        assert called == [None], "what nobody has to wait for is not waited for"
        store.change(store._ledgers["one"].run, "name")
        store.after("one", called.append)
        assert called == [None]
        await store.saved("one")
        assert called == [None, None]


class TestFullDisk:
    """``max_page_count`` makes SQLite answer as it does on a full disk."""

    async def full(self, store: Store, pages: int | None) -> None:
        def limit() -> None:
            with store.database.connect() as connection:
                most = pages or 2**30
                connection.exec_driver_sql(f"PRAGMA max_page_count={most}").close()

        await asyncio.get_running_loop().run_in_executor(store._thread, limit)

    async def test_nothing_is_lost(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("livenet.store.store.RETRY", 0.01)
        run = a_run(series=Series(), step=0, status="running", journal=Journal())
        async with opened(tmp_path) as store:
            store.create(run)
            await store.saved(run.id)
            await self.full(store, 1)
            entry = Entry(0, {"kind": "set", "changes": {"optimizer.lr": 0.25}})
            run.record(entry)
            store.record(run, entry=entry, urgent=True)
            for update in training(run, 2 * BLOCK):
                store.record(run, **update, snapshot=bytes(50))
                run.snapshots.put(run.step, bytes(50))
            with pytest.raises(StoreFailure, match="full"):
                await store.saved(run.id)
            assert "full" in str(store.error)
            assert store.unsaved_bytes > 2 * BLOCK * 8
            assert store.unsaved_runs() == [run]
            await self.full(store, None)
            run.enter("paused")
            store.record(run, urgent=True)
            async with asyncio.timeout(60):
                while store.error or not store.idle(run.id):  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
            assert store.error is None
            assert store.unsaved_bytes == 0
        async with opened(tmp_path) as store:
            back = contents(await store.load(run.id))
            steps = [step for step, _ in back.pop("snapshots")]
            found = contents(run)
            del found["snapshots"]
            assert back == found
            assert steps[-1] == run.step

    async def test_closed_while_it_is_full(self, tmp_path: Path) -> None:
        run = a_run()
        run.snapshots.put(20, bytes(200_000))  # which does not fit into the pages that there are
        store = Store(tmp_path, BUDGET)
        await store.open()
        await self.full(store, 1)
        store.create(run)
        assert await store.close() == [run]

    async def test_a_refused_deletion_deletes_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("livenet.store.store.RETRY", 0.01)
        async with opened(tmp_path) as store:
            store.create(a_run())
            await store.saved("one")
            _fail(store, monkeypatch, OSError("no disk"))
            store.delete("one")
            with pytest.raises(StoreFailure):
                await store.saved("one")
            store.keep("one")
            monkeypatch.undo()
        async with opened(tmp_path) as store:
            assert contents(await store.load("one"))["name"] == a_run().name

    async def test_one_run_that_cannot_be_written_stops_no_other(self, tmp_path: Path) -> None:
        async with opened(tmp_path) as store:
            store.create(a_run("bad", metrics={"train_loss": object()}))
            store.create(a_run("good"))
            with pytest.raises(StoreFailure):
                await store.saved("bad")
            await store.saved("good")
            assert store.error is None
            assert [row[0] for row in rows_of(tmp_path, "runs")] == ["good"]


def _fail(store: Store, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("livenet.store.store.write", fail)


def _copied(folder: Path) -> Path:
    """A copy of the files of an open store, as a backup or a crash leaves them."""
    return Path(shutil.copytree(folder, folder.parent / "copied"))


ACTIONS = st.lists(
    st.sampled_from(["row", "rows", "snapshot", "set", "pause", "resume", "flush", "rename"]),
    max_size=30,
)


@given(actions=ACTIONS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_story_is_read_as_it_was_written(tmp_path: Path, actions: list[str]) -> None:
    """After each acknowledged change, a copy of the files holds all of it."""

    async def story() -> None:
        folder = tmp_path / "store"
        shutil.rmtree(folder, ignore_errors=True)
        run = a_run(series=Series(), snapshots=SnapshotStore(BUDGET), step=0, status="running")
        store = Store(folder, BUDGET)
        await store.open()
        store.create(run)
        for number, action in enumerate(actions):
            await _act(store, run, action, number)
            if not store.saving(run.id) and action in ("set", "pause", "rename"):
                copied = tmp_path / "copied"
                shutil.rmtree(copied, ignore_errors=True)
                shutil.copytree(folder, copied)
                async with opened(copied) as other:
                    back = await other.load(run.id)
                    assert _but_snapshots(back) == _but_snapshots(run)
        assert await store.close() == []
        async with opened(folder) as again:
            back = await again.load(run.id)
            assert _but_snapshots(back) == _but_snapshots(run)
            assert set(back.snapshots.items()) <= set(run.snapshots.items())
            assert back.snapshots.steps[-1:] == run.snapshots.steps[-1:]

    asyncio.run(story())


async def _act(store: Store, run: Any, action: str, number: int) -> None:
    match action:
        case "row" | "rows":
            for update in training(run, 1 if action == "row" else 300):
                store.record(run, **update)
        case "snapshot":
            data = bytes([number]) * 40
            run.snapshots.put(run.step, data)
            store.record(run, snapshot=data)
        case "set":
            entry = Entry(run.step, {"kind": "set", "changes": {"optimizer.lr": number / 100 + 1}})
            run.record(entry)
            store.record(run, entry=entry, urgent=True)
        case "pause" | "resume":
            run.enter("paused" if action == "pause" else "running")
            store.record(run, urgent=True)
        case "rename":
            run.name, run.tags = f"name {number}", [str(number)]
            store.change(run, "name", "tags")
        case _:
            await store._flush()
    await store.saved(run.id)


def _but_snapshots(run: Any) -> dict[str, Any]:
    return {key: value for key, value in contents(run).items() if key != "snapshots"}
