"""A worker process as its engine sees it: a pipe, one thread that reads it and one that writes."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import platform
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import Any

from livenet import logs
from livenet.engine import messages as msg
from livenet.engine.heartbeat import Heartbeat
from livenet.settings import Settings

log = logging.getLogger("livenet.engine")

LATE_AFTER = 0.5  # seconds
PRELOAD = [
    "livenet.machine_code.begin",  # while the others are imported
    "torch",
    "torch._dynamo",
    "livenet.engine.worker.worker",
    "livenet.training.compiled.preload",
]


def context() -> Any:
    """The multiprocessing context that creates worker processes.

    A fork server that has loaded torch once starts a new worker in milliseconds, with torch's
    memory shared. Spawn is used where there is no fork, and on macOS, where libraries may crash in
    a process that was forked after they were loaded.
    """
    os.environ["OMP_NUM_THREADS"] = "1"  # before torch is imported anywhere
    known = multiprocessing.get_all_start_methods()
    if "forkserver" not in known or platform.system() == "Darwin":
        return multiprocessing.get_context("spawn")
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(PRELOAD)
    return made


class WorkerProcess:
    """Starts a process, sends it messages, and passes on its messages in the event loop.

    Nothing here waits for the process: messages to it go through a queue, which it reads once it
    has started, so a worker that is busy, stuck or still starting blocks nothing.
    """

    def __init__(
        self,
        made: Any,
        settings: Settings,
        receive: Callable[[WorkerProcess, msg.FromWorker | None], None],
        delay: float = 0.0,
    ) -> None:
        self.ready = False
        self.device = ""
        self.uncompiled: str | None = None
        self.heartbeat = Heartbeat.shared(made)
        self.exited = Event()
        self._delay = delay
        self._made = monotonic()
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._outbox: SimpleQueue[list[msg.ToWorker] | None] = SimpleQueue()
        self._waiting: list[msg.ToWorker] = []
        self._given_up = Event()
        ours, theirs = made.Pipe()
        self._pipe: Connection = ours
        self._process = made.Process(
            target=_main,
            args=(theirs, settings, self.heartbeat),
            name="livenet-worker",
            daemon=True,
        )
        Thread(target=self._read, args=(theirs,), name="livenet-reader", daemon=True).start()

    @property
    def late(self) -> bool:
        """Whether its start takes long, as when the fork server has to load torch again."""
        return not self.ready and (self._delay > 0 or monotonic() - self._made > LATE_AFTER)

    @property
    def pid(self) -> int | None:
        """Its process id; None before the start."""
        found: int | None = self._process.pid
        return found

    def send(self, message: msg.ToWorker) -> None:
        """Sends a message, with all others of this turn of the event loop: each time that the
        writer wakes it competes for the interpreter's lock. It is lost if the worker is gone, which
        the reader reports."""
        if not self._waiting:
            self._loop.call_soon(self._hand_over)
        self._waiting.append(message)

    def _hand_over(self) -> None:
        self._outbox.put(self._waiting)
        self._waiting = []

    def kill(self) -> None:
        """Ends the process at once; its reader reports the end."""
        self._given_up.set()
        if self.pid is not None:
            with suppress(ProcessLookupError):
                self._process.kill()

    def _read(self, theirs: Connection) -> None:
        """Runs in a thread: the first start waits for the fork server to load torch."""
        messages: list[msg.FromWorker | None]
        if self._delay:
            self._given_up.wait(self._delay)
        try:
            if self._given_up.is_set():
                raise OSError("it is no longer needed")
            self._process.start()
            Thread(target=self._write, name="livenet-writer", daemon=True).start()
        except (EOFError, OSError, RuntimeError) as error:  # the fork server is gone, or no fork
            log.warning("a worker could not be started: %s", error)
            self._pipe.close()
        theirs.close()
        while True:
            try:
                messages = self._pipe.recv()
            except (EOFError, OSError):
                messages = [None]
                self._outbox.put(None)
                self.exited.set()
            try:
                self._loop.call_soon_threadsafe(self._receive_all, messages)
            except RuntimeError:  # the loop is closed: there is no receiver
                return
            if messages == [None]:
                if self.pid is not None:
                    self._process.join(1.0)
                return

    def _receive_all(self, messages: list[msg.FromWorker | None]) -> None:
        """Each has a turn of its own in the event loop, so that an exception ends that one only."""
        for message in messages:
            self._loop.call_soon(self._receive, self, message)

    def _write(self) -> None:
        """Sends messages, all that wait at once."""
        while (messages := self._outbox.get()) is not None:
            together = list(messages)
            ended = False
            while not ended and not self._outbox.empty():
                if (messages := self._outbox.get()) is None:
                    ended = True
                else:
                    together += messages
            try:
                self._pipe.send(together)
            except OSError:
                return
            if ended:
                return

    def end(self, seconds: float) -> None:
        """Waits until the process has ended, and kills it after ``seconds``. Blocks."""
        if self.ready and self.exited.wait(seconds):
            return
        self.kill()
        if self.pid is not None:  # otherwise it is not started, and there is nothing to wait for
            self.exited.wait(1.0)


def _main(pipe: Connection, settings: Settings, heartbeat: Heartbeat) -> None:
    from livenet.engine.worker.worker import main

    logs.configure()
    try:
        main(pipe, settings, heartbeat)
    except Exception:  # noqa: BLE001  # multiprocessing would log it in its own format
        sys.excepthook(*sys.exc_info())
        sys.exit(1)
