"""The store: everything about runs that must survive the server, in a database.

The engine reports each change of a run with ``record``. Changes gather in memory, those of a run
merged, and one thread writes them all in one transaction: at once if somebody waits for one of
them (``after``), else within ``INTERVAL``. While a transaction is under way the next changes
gather, so any number of them costs one wait for the disk.

What the database holds of a run is always a prefix of its story: the run continues from it as it
does after the death of a worker, by a snapshot, the journal since, and the step.

If the database cannot be written, everything is kept and tried again; ``error`` says why.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from livenet.errors import LivenetError, StoreFailure
from livenet.store import reading
from livenet.store.database import open_database
from livenet.store.groups import Group
from livenet.store.ledger import After, Ledger, Pending
from livenet.store.legacy import read_files
from livenet.store.run import Run
from livenet.store.series import Row
from livenet.store.writes import RunWrite, write
from livenet.wire.journal import Entry

log = logging.getLogger("livenet.store")

INTERVAL = 0.75  # seconds within which changes are written that nobody waits for
RETRY = 1.0  # seconds until a failed transaction is tried again
LAST_TRIES = 3  # of the transaction when the store is closed

T = TypeVar("T")


class Store:
    """Runs in a folder. Without a folder they are in a temporary one, which goes with the store.

    All methods are called in the event loop.
    """

    def __init__(self, folder: Path | None, snapshot_budget: int) -> None:
        self._folder = folder
        self._budget = snapshot_budget
        self._temporary: Path | None = None
        self._database: Engine | None = None
        self._ledgers: dict[str, Ledger] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="livenet-store")
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._faulty: set[str] = set()
        self.error: StoreFailure | None = None
        """Why the last transaction failed; None if it did not."""
        self.failures = 0

    @property
    def database(self) -> Engine:
        assert self._database is not None, "the store is not open"
        return self._database

    async def open(self) -> None:
        """Opens the database and imports the files of earlier versions. Raises LivenetError."""
        await asyncio.to_thread(self._open)
        self._task = asyncio.create_task(self._work())

    def _open(self) -> None:
        folder = self._folder
        if folder is None:
            folder = self._temporary = Path(tempfile.mkdtemp(prefix="livenet-"))
        else:
            folder.mkdir(parents=True, exist_ok=True)
        self._database = open_database(folder, durable=self._temporary is None)
        if self._temporary is None:
            for file, run in read_files(self._database, folder, self._budget):
                ledger = Ledger.of_new(run, self._budget)
                ledger.pending.imported = file
                write(self._database, [ledger.write_of(ledger.pending)])

    async def close(self) -> list[Run]:
        """Writes what is left. Returns the runs that could not be written."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        lost: list[Run] = []
        if self._database:
            for _ in range(LAST_TRIES):
                await self._flush(final=True)
                if self.error is None:
                    break
                await asyncio.sleep(RETRY / 4)
            lost = [ledger.run for ledger in self._ledgers.values() if ledger.pending]
            await asyncio.to_thread(self._database.dispose)
        self._thread.shutdown()
        if self._temporary:
            await asyncio.to_thread(shutil.rmtree, self._temporary, ignore_errors=True)
        return lost

    # Reading.

    async def count(self, owner: str | None = None, *, pinned: bool = False) -> int:
        """The number of runs (of an owner, those that are pinned)."""
        unborn = sum(
            owner is None or ledger.run.owner == owner
            for ledger in self._ledgers.values()
            if not pinned and ledger.new
        )
        return unborn + await self.read(reading.count, owner, pinned)

    async def load(self, run: str) -> Run | None:
        """Reads a run and opens it: its changes can be recorded. None if there is none.

        Raises LivenetError if it cannot be read.
        """
        try:
            found = await self.read(reading.load, run, self._budget)
        except (LivenetError, SQLAlchemyError, ValueError, KeyError, TypeError) as error:
            raise StoreFailure(
                f"The run {run!r} cannot be read from the store: {error}",
                path="id",
                hint="The server's log has the details. Other runs are not affected.",
            ) from error
        if found is None:
            return None
        ledger = self._ledgers[run] = Ledger(found.run, found.index)
        ledger.pending.dropped = found.dropped
        return found.run

    async def read(self, read: Callable[..., T], *arguments: Any) -> T:
        """What a function of the database returns, called in a thread."""
        return await asyncio.to_thread(read, self.database, *arguments)

    def new_runs(self) -> list[tuple[Run, int]]:
        """The runs that the database may not have yet, and the bytes of each."""
        return [(ledger.run, ledger.size) for ledger in self._ledgers.values() if ledger.new]

    def bytes_of(self, run: str) -> int:
        """The bytes of an open run in the database, once everything is written."""
        return self._ledgers[run].size

    # Writing.

    def create(self, run: Run, answers: Sequence[dict[str, Any]] = ()) -> None:
        """Records a new run, with everything that it has."""
        ledger = self._ledgers[run.id] = Ledger.of_new(run, self._budget)
        ledger.pending.answers = list(answers)
        self._urge(ledger)

    async def create_group(
        self, group: Group, runs: Sequence[Run], answers: Sequence[dict[str, Any]] = ()
    ) -> None:
        """Writes a group and its new runs, which are not open, in one transaction.

        Raises StoreFailure.
        """
        writes = await asyncio.to_thread(self._writes_of_new, runs)
        if failed := await self._transact(writes, group, answers):
            raise next(iter(failed.values()))

    def _writes_of_new(self, runs: Sequence[Run]) -> list[RunWrite]:
        """What writes new runs that are not opened; in any thread."""
        ledgers = [Ledger.of_new(run, self._budget) for run in runs]
        return [ledger.write_of(ledger.pending) for ledger in ledgers]

    def record(
        self,
        run: Run,
        *,
        rows: Iterable[Row] = (),
        snapshot: bytes | None = None,
        entry: Entry | None = None,
        urgent: bool = False,
    ) -> None:
        """Records the present state of a run, and what was added to it.

        ``rows`` are later than those that it has; ``snapshot`` is of its present step; ``entry``
        is the last of its journal, new or in the place of another. An ``urgent`` change is written
        at once.
        """
        ledger = self._ledgers.get(run.id)
        if ledger is None:  # it is being deleted
            return
        pending = ledger.pending
        pending.fields |= reading.stored_state(run)
        if ledger.tail.extend(rows):
            pending.rows = True
        if entry is not None:
            pending.entries[len(run.journal) - 1] = entry.document()
            pending.fields |= reading.stored_changes(run)
            pending.specs = reading.stored_specs(run)
        if snapshot is not None and not ledger.index.steps:  # the first, which is always kept
            ledger.put(run.step, snapshot)
        elif snapshot is not None:
            ledger.snapshot = run.step, snapshot
        if urgent:
            self._urge(ledger)

    def change(self, run: Run, *names: str) -> None:
        """Records these fields of a run (``tags`` among them), at once."""
        ledger = self._ledgers[run.id]
        for name in names:
            if name == "tags":
                ledger.pending.tags = list(run.tags)
            else:
                ledger.pending.fields[name] = getattr(run, name)
        self._urge(ledger)

    def delete(self, run: str) -> None:
        """Records that an open run is deleted."""
        ledger = self._ledgers[run]
        ledger.pending.deleted = True
        self._urge(ledger)

    def keep(self, run: str) -> None:
        """Takes back a deletion that could not be written."""
        if ledger := self._ledgers.get(run):
            ledger.pending.deleted = False

    async def delete_closed(self, runs: Sequence[str]) -> None:
        """Deletes runs that are not open. Raises StoreFailure."""
        writes = [RunWrite(run, deleted=True) for run in runs if run not in self._ledgers]
        if writes and (failed := await self._transact(writes)):
            raise next(iter(failed.values()))

    def _urge(self, ledger: Ledger) -> None:
        ledger.pending.urgent = True
        self._wake.set()

    def saving(self, run: str) -> bool:
        """Whether a run has urgent changes that are not written yet."""
        ledger = self._ledgers.get(run)
        if ledger is None:
            return False
        return ledger.pending.urgent or bool(ledger.writing and ledger.writing.urgent)

    def after(self, run: str, call: After) -> None:
        """Calls a function once the urgent changes of a run are written: at once, if there are
        none. Its argument is the error if they could not be written."""
        ledger = self._ledgers.get(run)
        if ledger is not None and ledger.pending.urgent:
            ledger.pending.waiting.append(call)
        elif ledger is not None and ledger.writing is not None and ledger.writing.urgent:
            ledger.writing.waiting.append(call)
        else:
            call(None)

    async def saved(self, run: str) -> None:
        """Waits until the urgent changes of a run are written. Raises StoreFailure."""
        if not self.saving(run):
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def done(error: LivenetError | None) -> None:
            if future.done():
                return
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

        self.after(run, done)
        await future

    def idle(self, run: str) -> bool:
        """Whether nothing of an open run is left to write."""
        ledger = self._ledgers.get(run)
        return ledger is None or not (ledger.pending or ledger.writing or ledger.snapshot)

    def release(self, run: str) -> None:
        """Closes a run of which nothing is left to write."""
        assert self.idle(run), run
        self._ledgers.pop(run, None)

    @property
    def unsaved_bytes(self) -> int:
        """Bytes that only memory holds, about."""
        return sum(ledger.unsaved for ledger in self._ledgers.values())

    def unsaved_runs(self) -> list[Run]:
        """The open runs with changes that are not written."""
        return [ledger.run for ledger in self._ledgers.values() if ledger.pending or ledger.writing]

    # The transactions.

    async def _work(self) -> None:
        while True:
            pause = INTERVAL
            if self.error is not None:
                await asyncio.sleep(RETRY)
            else:
                try:
                    async with asyncio.timeout(pause):
                        await self._wake.wait()
                except TimeoutError:
                    pass
            self._wake.clear()
            try:
                await self._flush()
            except Exception:
                log.exception("a fault while runs are saved")

    async def _flush(self, *, final: bool = False) -> None:
        """Writes all changes in one transaction."""
        taken = [ledger for ledger in self._ledgers.values() if ledger.take(final=final)]
        if not taken:
            if self.error is not None:
                await self._transact([])
            return
        # What is to be written is packed here, where nothing changes meanwhile.
        counts = [ledger.rows for ledger in taken]
        writes = [ledger.write_of(ledger.writing or Pending()) for ledger in taken]
        failed = await self._transact(writes)
        for ledger, rows in zip(taken, counts, strict=True):
            written, ledger.writing = ledger.writing or Pending(), None
            error = failed.get(ledger.run.id)
            waiting, written.waiting = written.waiting, []
            if error is None:
                ledger.drop_whole_blocks(rows)
                if written.deleted and self._ledgers.get(ledger.run.id) is ledger:
                    del self._ledgers[ledger.run.id]
            else:
                written.urgent = False
                ledger.pending = written.before(ledger.pending)
            for call in waiting:
                call(error)

    async def _transact(
        self,
        writes: Sequence[RunWrite],
        group: Group | None = None,
        answers: Sequence[dict[str, Any]] = (),
    ) -> dict[str, LivenetError]:
        """Writes in the store's thread; returns the errors of the runs that were not written."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, write, self.database, writes, group, answers)
        except (OperationalError, OSError) as error:
            self.failures += 1
            if self.error is None:
                log.error("runs cannot be saved: %s", _reason(error))
            self.error = _failure(_reason(error))
            return {one.run: self.error for one in writes}
        except SQLAlchemyError as error:  # of one of them: the others must not wait for it
            if len(writes) > 1 and group is None:
                return {
                    run: bad for one in writes for run, bad in (await self._transact([one])).items()
                }
            bad = writes[0]
            if bad.run not in self._faulty:
                log.exception("run %s cannot be saved", bad.run, extra={"run": bad.run})
                self._faulty.add(bad.run)
            return {bad.run: _failure(_reason(error))}
        if self.error is not None:
            log.warning("runs can be saved again")
        self.error = None
        return {}


def _failure(reason: str) -> StoreFailure:
    return StoreFailure(
        f"The server cannot save runs: {reason}",
        hint="Its operator has to make room or mend the disk. What is not saved yet is kept in "
        "memory, and saved as soon as it can be.",
    )


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error)
