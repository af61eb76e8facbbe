"""Runs for the tests of the store, and what they are compared by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

from livenet.spec import resolve
from livenet.store import Journal, Run, Series, SnapshotStore, Store
from livenet.store.database import FILE
from livenet.wire.journal import Entry

BUDGET = 10_000


def a_run(id: str = "one", **fields: Any) -> Run:
    """A run with something in each of its fields."""
    snapshots, series = SnapshotStore(BUDGET), Series()
    for step in (0, 10, 20):
        snapshots.put(step, bytes([step]) * (step + 1))
        series.append(step, step / 5, {"train_loss": 1.0 / (step + 1), "test_loss": None})
    made: dict[str, Any] = {
        "id": id,
        "name": "ü “quoted”",
        "owner": "me",
        "spec": resolve({"model": {"hidden": [3]}}),
        "snapshots": snapshots,
        "parent": {"id": "old", "step": 4},
        "pinned": True,
        "tags": ["a", "b"],
        "status": "stopped",
        "step": 20,
        "epoch": 4.0,
        "pace": 2.5,
        "metrics": {"train_loss": 0.5, "test_loss": None},
        "error": {"code": "diverged", "message": "m", "path": "", "hint": ""},
        "journal": Journal([Entry(10, {"kind": "set", "changes": {"optimizer.lr": 0.5}})]),
        "series": series,
    }
    return Run(**(made | fields))


def contents(run: Run) -> dict[str, Any]:
    """All of a run that outlives the server."""
    return {
        **run.document(),
        "steps_per_second": None,
        "journal_version": None,
        "seconds": run.seconds,
        "tags": run.tags,
        "until": (run.until_step, run.until_epoch),
        "created_at": run.created_at,
        "ended_at": run.ended_at,
        "columns": run.series.columns,
        "series": run.series.rows(),
        "snapshots": run.snapshots.items(),
    }


@asynccontextmanager
async def opened(folder: Path | None, budget: int = BUDGET) -> Any:
    """A store, closed at the end."""
    store = Store(folder, budget)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def rows_of(folder: Path, table: str) -> list[tuple[Any, ...]]:
    """All rows of a table, read without the store."""
    with closing(connect(folder / FILE)) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()


def training(run: Run, steps: int, every: int = 1) -> Iterator[dict[str, Any]]:
    """Trains a run by itself: yields what each update of its worker adds."""
    for _ in range(steps):
        run.step += 1
        run.epoch = run.step / 9
        row = (run.step, run.epoch, 100.0, {"train_loss": 1.0 / run.step, "test_loss": None})
        rows = [row] if run.step % every == 0 else []
        run.series.extend(rows)
        yield {"rows": rows}
