"""A worker process as its engine sees it: a pipe, and a thread that reads it."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from threading import Lock, Thread
from typing import Any

from livenet.engine import messages as say
from livenet.settings import Settings

PRELOAD = ["torch", "torch._dynamo", "livenet.engine.worker"]


def context() -> Any:
    """How worker processes are made.

    By a fork server that has loaded torch once: a new worker is there in milliseconds, and shares
    torch's memory. Where there is no fork, by spawn.
    """
    os.environ["OMP_NUM_THREADS"] = "1"  # before torch is imported anywhere
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(PRELOAD)
    return made


class WorkerProcess:
    """Starts a process, sends it messages, and hands on what it says, in the event loop."""

    def __init__(
        self,
        made: Any,
        settings: Settings,
        receive: Callable[[WorkerProcess, say.FromWorker | None], None],
    ) -> None:
        self.runs: set[str] = set()
        self.ready = False
        self.device = ""
        self._lock = Lock()
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        ours, theirs = made.Pipe()
        self._pipe: Connection = ours
        self._process = made.Process(
            target=_main, args=(theirs, settings), name="livenet-worker", daemon=True
        )
        self._thread = Thread(target=self._start, args=(theirs,), daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether messages to it have a reader."""
        return self._thread.is_alive()

    def send(self, message: say.ToWorker) -> None:
        """Sends a message; a worker that is gone takes none, which its reader reports."""
        with self._lock:
            try:
                self._pipe.send(message)
            except (BrokenPipeError, OSError):
                return

    def _start(self, theirs: Connection) -> None:
        """In the thread: the first start waits for the fork server to load torch."""
        message: say.FromWorker | None
        try:
            self._process.start()
        except (EOFError, OSError):  # the fork server is gone
            self._pipe.close()
        theirs.close()
        while True:
            try:
                message = self._pipe.recv()
            except (EOFError, OSError):
                message = None
            try:
                self._loop.call_soon_threadsafe(self._receive, self, message)
            except RuntimeError:  # the loop is closed: nobody is left to tell
                return
            if message is None:
                return

    def end(self, seconds: float) -> None:
        """Asks it to leave, and makes it after so many seconds. Blocks."""
        self.send(say.Leave())
        if self._process.pid is None:
            return
        self._process.join(seconds)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(1.0)


def _main(pipe: Connection, settings: Settings) -> None:
    from livenet.engine.worker import main

    main(pipe, settings)
