"""Reads runs from the database. Runs in any thread, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, RowMapping, func, select

from livenet.spec import resolve
from livenet.store.journal import Journal
from livenet.store.run import Run
from livenet.store.series import Series
from livenet.store.snapshots import SnapshotIndex, SnapshotStore
from livenet.store.tables import BLOCK, blocks, entries, runs, snapshots, specs, tags
from livenet.wire.journal import Entry

FIXED = 2  # columns of a block before those of the metrics: step and epoch


@dataclass
class Stored:
    """A run as it was read, and what the store needs to continue it."""

    run: Run
    index: SnapshotIndex
    """Its snapshots in the database that fit its budget."""
    dropped: set[int]
    """The steps of its other snapshots, which are to be deleted: the budget was larger before."""


def load(database: Engine, run: str, budget: int) -> Stored | None:
    """Reads a whole run; None if there is none.

    Raises LivenetError, ValueError or KeyError if what is stored makes no run.
    """
    with database.connect() as connection:
        asked = select(runs, specs.c.spec).join(specs).where(runs.c.id == run)
        row = connection.execute(asked).mappings().first()
        if row is None:
            return None
        found = _run(row, budget)
        words = select(tags.c.tag).where(tags.c.run == run).order_by(tags.c.tag)
        found.tags = list(connection.scalars(words))
        journal = select(entries.c.step, entries.c.command).where(entries.c.run == run)
        found.journal = Journal(
            Entry(step, command)
            for step, command in connection.execute(journal.order_by(entries.c.number))
        )
        found.series = _series(connection, row)
        index, dropped = SnapshotIndex(budget), set[int]()
        kept = select(snapshots.c.step, snapshots.c.data).where(snapshots.c.run == run)
        for step, data in connection.execute(kept.order_by(snapshots.c.step)):
            dropped.update(index.put(step, len(data)))
            found.snapshots.put(step, data)
        return Stored(found, index, dropped)


def training(database: Engine) -> Sequence[str]:
    """The runs that were training when they were last written."""
    with database.connect() as connection:
        asked = select(runs.c.id).where(runs.c.status == "running")
        return connection.scalars(asked.order_by(runs.c.created_at, runs.c.id)).all()


def queued(database: Engine) -> Sequence[tuple[str, str, bool, str | None]]:
    """The runs that waited to train, oldest first: id, owner, privileged, group."""
    found = select(runs.c.id, runs.c.owner, runs.c.privileged, runs.c.group)
    asked = found.where(runs.c.status == "queued").order_by(runs.c.created_at, runs.c.id)
    with database.connect() as connection:
        return [(row[0], row[1], row[2], row[3]) for row in connection.execute(asked)]


def count(database: Engine, owner: str | None, pinned: bool) -> int:
    """The number of runs (of an owner, those that are pinned)."""
    asked = select(func.count()).select_from(runs)
    if owner is not None:
        asked = asked.where(runs.c.owner == owner)
    if pinned:
        asked = asked.where(runs.c.pinned)
    with database.connect() as connection:
        return int(connection.scalar(asked) or 0)


def expired(database: Engine, used_before: float, most: int) -> Sequence[str]:
    """Runs that do not train, are not pinned and were not used since a time, oldest first."""
    asked = (
        select(runs.c.id)
        .where(runs.c.used_at < used_before, ~runs.c.pinned)
        .where(runs.c.status.not_in(("running", "queued")))
        .order_by(runs.c.used_at)
        .limit(most)
    )
    with database.connect() as connection:
        return connection.scalars(asked).all()


def counts(database: Engine, without: Sequence[str]) -> dict[str, int]:
    """The number of runs by status, some left out."""
    asked = select(runs.c.status, func.count()).where(runs.c.id.not_in(without))
    asked = asked.group_by(runs.c.status)
    with database.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(asked)}


def _run(row: RowMapping, budget: int) -> Run:
    same = (
        "id name owner privileged group varied parent pinned status until_step until_epoch step "
        "epoch pace metrics error created_at ended_at used_at seconds"
    )
    return Run(
        spec=resolve(row["spec"], limits=None),
        snapshots=SnapshotStore(budget),
        **{name: row[name] for name in same.split()},
    )


def _series(connection: Connection, row: RowMapping) -> Series:
    names: list[str] = row["columns"]
    table = np.full((row["rows"], FIXED + len(names)), np.nan)
    stored = select(blocks.c.number, blocks.c.columns, blocks.c.data).where(
        blocks.c.run == row["id"]
    )
    for number, columns, data in connection.execute(stored.order_by(blocks.c.number)):
        part = unpack(data, columns)
        start = number * BLOCK
        table[start : start + len(part), :columns] = part
    return Series.of(names, table)


def pack(table: NDArray[np.float64]) -> bytes:
    """A block of rows as the bytes of its columns, one after another."""
    return np.ascontiguousarray(table.T).astype("<f8", copy=False).tobytes()


def unpack(data: bytes, columns: int) -> NDArray[np.float64]:
    """The rows of a block, (N, columns)."""
    return np.frombuffer(data, "<f8").reshape(columns, -1).T


def stored_fields(run: Run) -> dict[str, Any]:
    """All columns of a run's row but those that the store counts itself."""
    return {
        "name": run.name,
        "owner": run.owner,
        "privileged": run.privileged,
        "group": run.group,
        "varied": run.varied,
        "parent": run.parent,
        "pinned": run.pinned,
        "family": run.spec.model.kind,
        "data": run.spec.data.kind,
        "created_at": run.created_at,
        **stored_state(run),
        **stored_changes(run),
    }


def stored_state(run: Run) -> dict[str, Any]:
    """The columns that change while a run trains."""
    return {
        "status": run.status,
        "until_step": run.until_step,
        "until_epoch": run.until_epoch,
        "step": run.step,
        "epoch": run.epoch,
        "pace": run.pace,
        "metrics": run.metrics,
        "error": run.error,
        "ended_at": run.ended_at,
        "used_at": run.used_at,
        "seconds": run.seconds,
    }


def stored_changes(run: Run) -> dict[str, Any]:
    """The columns that change with its journal."""
    return {"changes": run.changes}


def stored_specs(run: Run) -> dict[str, Any]:
    """Its row of ``specs``."""
    return {"spec": run.spec.document(), "spec_in_force": run.in_force.document()}
