"""A worker in a thread of the test's own process, spoken to over a real pipe."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Thread
from typing import Any, TypeVar

from livenet.engine import messages as msg
from livenet.engine.heartbeat import unshared
from livenet.engine.worker.worker import Worker
from livenet.settings import Settings
from livenet.spec import resolve
from livenet.training import Snapshot
from livenet.wire.journal import Entry
from livenet.wire.messages import COMMAND

Message = TypeVar("Message")
Row = tuple[int, float, dict[str, float | None]]
PATIENCE = 30.0


def opened(
    run: str,
    spec: dict[str, Any],
    *,
    status: str = "running",
    pace: float | None = None,
    snapshot: bytes | None = None,
    step: int = 0,
    last_row: int | None = None,
) -> msg.Open:
    """The message that gives a worker a run."""
    return msg.Open(
        run=run,
        number=1,
        incarnation=1,
        spec=resolve(spec).document(),
        snapshot=snapshot,
        journal=(),
        step=step,
        state=msg.RunState(status, pace=pace),
        last_row=last_row,
    )


class Inside:
    """What the worker is told, and all that it said."""

    def __init__(self, pipe: Any, thread: Thread) -> None:
        self.pipe = pipe
        self.thread = thread
        self.received: list[Any] = []
        self._refs = count(1)
        self._given: dict[int, msg.SnapshotReply] = {}

    def send(self, message: msg.ToWorker) -> None:
        self.pipe.send([message])

    def receive_until(self, enough: Any) -> None:
        """Reads until ``enough()`` is true."""
        deadline = time.monotonic() + PATIENCE
        while not enough():
            assert time.monotonic() < deadline, "the worker says nothing more"
            if self.pipe.poll(0.05):
                for message in self.pipe.recv():
                    self.received.append(message)
                    if isinstance(message, msg.SnapshotRequest):
                        self.send(self._given[message.ref])
            else:
                assert self.thread.is_alive(), "the worker has died"

    def all(self, kind: type[Message], run: str = "") -> list[Message]:
        return [
            message
            for message in self.received
            if isinstance(message, kind) and (not run or getattr(message, "run", "") == run)
        ]

    def until_status(self, run: str, status: str) -> msg.RunUpdate:
        self.receive_until(
            lambda: any(one.state.status == status for one in self.all(msg.RunUpdate, run)[-1:])
        )
        return self.all(msg.RunUpdate, run)[-1]

    def reply(self, ref: int) -> Any:
        """The answer with this number; raises the error that it carries."""
        answers: list[msg.Reply | msg.RunUpdate] = []

        def answered() -> bool:
            every: list[msg.Reply | msg.RunUpdate] = [
                *self.all(msg.Reply),
                *self.all(msg.RunUpdate),
            ]
            answers[:] = [one for one in every if one.ref == ref]
            return bool(answers)

        self.receive_until(answered)
        (found,) = answers
        if isinstance(found, msg.RunUpdate):
            return found.step
        if found.error:
            raise found.error
        return found.value

    def entries(self) -> list[Entry]:
        """The journal, as it was told."""
        return [news.entry for news in self.all(msg.RunUpdate) if news.entry]

    def snapshots(self) -> dict[int, bytes]:
        """The last snapshot of each step."""
        return {news.step: news.snapshot for news in self.all(msg.RunUpdate) if news.snapshot}

    def do(self, run: str, **command: Any) -> int:
        ref = next(self._refs)
        self.send(msg.CommandRequest(ref, run, COMMAND.validate_python(command)))
        return int(self.reply(ref))

    def weights(
        self, run: str, step: int | None = None, snapshot: bytes | None = None, journal: Any = ()
    ) -> bytes:
        ref, since = next(self._refs), None
        if snapshot is not None:
            since = Snapshot.step_of(snapshot)
            self._given[ref] = msg.SnapshotReply(ref, snapshot, tuple(journal))
        entries = tuple(journal)
        version = len(entries)
        self.send(
            msg.ProbeRequest(ref, run, 3, "weights", "", {}, step, since, entries, version, "")
        )
        found = self.reply(ref)
        assert isinstance(found, bytes)
        return found

    def rows(self, run: str) -> list[Row]:
        """All rows, but for steps a second, which depend on the machine."""
        return [
            (step, epoch, dict(metrics))
            for message in self.all(msg.RunUpdate, run)
            for step, epoch, _, metrics in message.rows
        ]


@contextmanager
def worker_inside(**settings: Any) -> Iterator[Inside]:
    ours, theirs = multiprocessing.Pipe()
    worker = Worker(theirs, Settings(**settings), unshared())
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield Inside(ours, thread)
    finally:
        ours.send([msg.Shutdown()])
        thread.join(PATIENCE)
        ours.close()
        theirs.close()
        assert not thread.is_alive()
