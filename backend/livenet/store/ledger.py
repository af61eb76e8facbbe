"""What is still to be written of a run, and what the database has of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from livenet.errors import LivenetError
from livenet.store import reading
from livenet.store.run import Run
from livenet.store.series import Series
from livenet.store.snapshots import SnapshotIndex
from livenet.store.tables import BLOCK
from livenet.store.writes import RunWrite

SNAPSHOT_INTERVAL = 1.0  # seconds between two stored snapshots of a run that trains
SNAPSHOT_RATE = 20e6  # bytes of snapshots a second that are stored of a run, at most
VALUE = 8  # bytes of a number in a row

After = Callable[[LivenetError | None], None]


@dataclass
class Pending:
    """Changes of a run that are not written yet."""

    new: bool = False
    deleted: bool = False
    urgent: bool = False
    """Whether a transaction is due at once."""
    rows: bool = False
    fields: dict[str, Any] = field(default_factory=dict)
    specs: dict[str, Any] | None = None
    tags: list[str] | None = None
    entries: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Entries of the journal by number: one that is replaced is written once."""
    snapshots: dict[int, bytes] = field(default_factory=dict)
    """Those to write with the others; of a running run, one that is due."""
    dropped: set[int] = field(default_factory=set)
    """The steps whose snapshots are to go."""
    answers: list[dict[str, Any]] = field(default_factory=list)
    imported: str | None = None
    waiting: list[After] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self != Pending()

    def before(self, later: Pending) -> Pending:
        """These changes and then those of ``later``, in one."""
        return Pending(
            new=self.new,
            deleted=self.deleted or later.deleted,
            urgent=self.urgent or later.urgent,
            rows=self.rows or later.rows,
            fields={**self.fields, **later.fields},
            specs=later.specs or self.specs,
            tags=self.tags if later.tags is None else later.tags,
            entries=self.entries | later.entries,
            snapshots={
                step: data
                for step, data in {**self.snapshots, **later.snapshots}.items()
                if step not in later.dropped
            },
            dropped=self.dropped - later.snapshots.keys() | later.dropped,
            answers=self.answers + later.answers,
            imported=self.imported or later.imported,
            waiting=self.waiting + later.waiting,
        )


class Ledger:
    """One open run as the database has it, and what is still to be written of it."""

    def __init__(self, run: Run, index: SnapshotIndex) -> None:
        self.run = run
        self._specs = _specs(run)
        self.index = index
        self.snapshot: tuple[int, bytes] | None = None
        """The latest snapshot, until it is due."""
        self.snapshot_at = -SNAPSHOT_INTERVAL
        self.block = len(run.series) // BLOCK
        """The first block that is not whole in the database."""
        self.tail = _tail(run.series, self.block * BLOCK)
        self.pending = Pending()
        self.writing: Pending | None = None

    @classmethod
    def of_new(cls, run: Run, budget: int) -> Ledger:
        """The ledger of a run of which nothing is in the database."""
        ledger = cls(run, SnapshotIndex(budget))
        ledger.block, ledger.tail = 0, _tail(run.series, 0)
        ledger.pending = Pending(
            new=True,
            rows=len(run.series) > 0,
            fields=reading.stored_fields(run),
            specs=reading.stored_specs(run),
            tags=list(run.tags),
            entries={number: entry.document() for number, entry in enumerate(run.journal)},
        )
        for step, data in run.snapshots.items():
            ledger.put(step, data)
        return ledger

    @property
    def rows(self) -> int:
        return self.block * BLOCK + len(self.tail)

    @property
    def size(self) -> int:
        """Bytes of all that the database has of the run once everything is written: snapshots,
        rows, journal and specs. Rows older than a column count as if they had it."""
        return self.index.size + self.rows * _width(self.tail) + self._specs + self.run.journal.size

    @property
    def new(self) -> bool:
        """Whether the database may not have the run yet."""
        return self.pending.new or bool(self.writing and self.writing.new)

    @property
    def unsaved(self) -> int:
        """Bytes that only memory holds, about."""
        kept = [pending for pending in (self.writing, self.pending) if pending is not None]
        snapshots = sum(len(data) for one in kept for data in one.snapshots.values())
        latest = len(self.snapshot[1]) if self.snapshot else 0
        rows = len(self.tail) * len(self.tail.columns) * VALUE if any(k.rows for k in kept) else 0
        return snapshots + latest + rows

    def blocks(self) -> list[dict[str, Any]]:
        """The blocks with rows that are not whole in the database."""
        table = self.tail.table()
        return [
            {
                "number": self.block + start // BLOCK,
                "columns": table.shape[1],
                "data": reading.pack(table[start : start + BLOCK]),
            }
            for start in range(0, len(table), BLOCK)
        ]

    def drop_whole_blocks(self, rows: int) -> None:
        """The first ``rows`` rows are in the database: those of whole blocks are forgotten."""
        whole = rows // BLOCK - self.block
        if whole > 0:
            self.tail = _tail(self.tail, whole * BLOCK)
            self.block += whole

    def take(self, *, final: bool = False) -> bool:
        """Moves the changes to those being written; false if there are none. A snapshot of a run
        that trains is taken if it is due, or if this is the ``final`` transaction."""
        if self.writing is not None:  # a fault left them there
            self.pending, self.writing = self.writing.before(self.pending), None
        if self.snapshot is not None:
            step, data = self.snapshot
            wait = max(SNAPSHOT_INTERVAL, len(data) / SNAPSHOT_RATE)
            rests = final or self.run.status != "running"
            if rests or monotonic() - self.snapshot_at >= wait:
                self.put(step, data)
                self.snapshot, self.snapshot_at = None, monotonic()
        if not self.pending:
            return False
        self.writing, self.pending = self.pending, Pending()
        return True

    def put(self, step: int, data: bytes) -> None:
        """Adds a snapshot to those to write; others may have to go for it."""
        self.pending.snapshots[step] = data
        self.pending.dropped.discard(step)
        for gone in self.index.put(step, len(data)):
            self.pending.snapshots.pop(gone, None)
            self.pending.dropped.add(gone)

    def write_of(self, pending: Pending) -> RunWrite:
        """What a transaction writes of these changes."""
        fields = {**pending.fields, "bytes": self.size}
        if pending.rows or pending.new:
            fields |= {"rows": self.rows, "columns": list(self.tail.names)}
        return RunWrite(
            run=self.run.id,
            new=pending.new,
            deleted=pending.deleted,
            fields=fields,
            specs=pending.specs,
            tags=pending.tags,
            entries=[{"number": number, **entry} for number, entry in pending.entries.items()],
            blocks=self.blocks() if pending.rows else (),
            snapshots=[
                {"step": step, "size": len(data), "data": data}
                for step, data in pending.snapshots.items()
            ],
            dropped=sorted(pending.dropped),
            answers=pending.answers,
            imported=pending.imported,
        )


def stored_bytes(run: Run) -> int:
    """Bytes of a run in the database: snapshots, rows, journal and specs."""
    return (
        run.snapshots.size + len(run.series) * _width(run.series) + _specs(run) + run.journal.size
    )


def _width(series: Series) -> int:
    """Bytes of a row in a block."""
    return (reading.FIXED + len(series.names)) * VALUE


def _specs(run: Run) -> int:
    """Bytes of both specs; the one in force is about as long as the first."""
    return 2 * len(json.dumps(run.spec.document()))


def _tail(series: Series, start: int) -> Series:
    """A copy of the rows from an index on, with the same columns."""
    return Series.of(series.names, series.table()[start:])
