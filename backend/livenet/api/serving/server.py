"""uvicorn's server, with an end: told to stop, it is gone within three seconds.

Viewers are told first, requests under way have a moment, then the engine is closed; what has not
ended by then is ended. A second signal ends everything at once.
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

MOMENT = 0.3  # seconds that what is under way has to end by itself, and again to be cut off
CLOSING = 2.4  # seconds after the signal that the engine may take
LAST = 2.8  # seconds after the signal when the process ends, whatever it is doing
LOST = "not everything could be ended in time: what was not saved by now is lost"


class Server(uvicorn.Server):
    """Serves until a signal comes."""

    def __init__(self, config: uvicorn.Config, drain: Drain) -> None:
        super().__init__(config)
        self._drain = drain
        self._told = 0.0
        self.code = 0
        """What the process is to end with."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """In the signal's handler: the first stops, the second kills."""
        if self.should_exit:
            end_at_once(128 + sig)
        self.should_exit = True
        self._told = monotonic()
        self._drain.begin()
        # A thread of its own: the event loop may be what does not end.
        last = Timer(LAST, _too_late)
        last.daemon = True
        last.start()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Unlike uvicorn's, does not raise the signal again: to be told to stop is no failure."""
        before = {one: signal.signal(one, self.handle_exit) for one in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """The engine goes before the listening sockets: until then whoever asks has an answer."""
        self._drain.begin()
        told = self._told or monotonic()
        log.info("stopping: %d viewers are told", len(self._drain.sockets))
        await self._drain.finish(MOMENT)
        # What is cut off from now on is meant to be.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        try:
            async with asyncio.timeout(told + CLOSING - monotonic()):
                await self.lifespan.shutdown()
        except TimeoutError:
            self.code = 1
            log.error(LOST)
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        log.info("stopped after %.1f s", monotonic() - told)


def end_children() -> None:
    """Kills whatever this process has started and has not ended."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()


def end_at_once(code: int) -> None:
    """Ends this process and all it has started, now."""
    with suppress(psutil.Error):
        end_children()
    os._exit(code)


def _too_late() -> None:
    log.error(LOST)
    end_at_once(1)
