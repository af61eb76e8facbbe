"""Spaces requests apart, so that pictures are sent between them.

A class that opens the page sends some thousand requests at once. Answered together they block the
event loop, and the cores shared with workers: no viewer receives a picture for seconds. At a
thousand a second each request is answered a little later, and the streams continue.
"""

from __future__ import annotations

from asyncio import sleep
from time import monotonic_ns

from starlette.types import ASGIApp, Receive, Scope, Send

GAP = 1_000_000  # nanoseconds between two requests, if there are many
AT_ONCE = 24  # the requests of one visit of the page do not wait


class RequestPacing:
    """The layer that spaces requests apart, first come, first served; not streams.

    A waiting request holds a connection, so the limit on connections bounds the queue.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._next = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (wait := self._wait()) > 0:
            await sleep(wait / 1e9)
        await self.app(scope, receive, send)

    def _wait(self) -> int:
        """Takes a turn; returns the time until then."""
        now = monotonic_ns()
        mine = max(self._next, now - (AT_ONCE - 1) * GAP)
        self._next = mine + GAP
        return mine - now
