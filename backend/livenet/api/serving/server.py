"""uvicorn's server with a bounded shutdown: it ends within nine seconds of a signal, mostly one.

Viewers are notified first, requests in progress have a moment, then the engine is closed; the rest
is killed. A second signal ends everything at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from time import monotonic
from types import FrameType

import psutil
import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from livenet.api.drain import Drain

log = logging.getLogger("livenet")

MOMENT = 0.3  # seconds for requests to end by themselves, and again to be cut off
CLOSING = 8.0  # seconds after the signal that the engine may take: a slow disk has to be waited for
LAST = 9.0  # seconds after the signal when the process ends in any case
LOST = "not everything could be ended in time: what was not saved by now is lost"


class Server(uvicorn.Server):
    """Serves until a signal comes."""

    def __init__(self, config: uvicorn.Config, drain: Drain) -> None:
        super().__init__(config)
        self._drain = drain
        self._notified_at = 0.0
        self.code = 0
        """The exit code of the process."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Handles signals: the first stops, the second kills."""
        if self.should_exit:
            end_at_once(128 + sig)
        self.should_exit = True
        self._notified_at = monotonic()
        self._drain.begin()
        # A separate thread: the event loop itself may hang.
        last = Timer(LAST, _too_late)
        last.daemon = True
        last.start()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Unlike uvicorn's, does not raise the signal again: a requested stop is no failure."""
        before = {one: signal.signal(one, self.handle_exit) for one in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Closes the engine before the listening sockets: until then requests are answered."""
        self._drain.begin()
        notified_at = self._notified_at or monotonic()
        log.info("stopping: notifying %d viewers", len(self._drain.sockets))
        await self._drain.finish(MOMENT)
        # From now on connections are cut off on purpose.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        try:
            async with asyncio.timeout(notified_at + CLOSING - monotonic()):
                await self.lifespan.shutdown()
            if getattr(self.lifespan, "shutdown_failed", False):  # the log has the reason
                self.code = 1
        except TimeoutError:
            self.code = 1
            log.error(LOST)
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        log.info("stopped after %.1f s", monotonic() - notified_at)


def end_children() -> None:
    """Kills all child processes that still run."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()


def end_at_once(code: int) -> None:
    """Ends this process and its child processes at once."""
    with suppress(psutil.Error):
        end_children()
    os._exit(code)


def _too_late() -> None:
    log.error(LOST)
    end_at_once(1)
