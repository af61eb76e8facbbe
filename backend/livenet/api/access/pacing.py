"""Requests come in one after the other, so that pictures go out between them.

A class that opens the page asks for some thousand things at once. Answered in one go they keep the
event loop, and the cores that they share with workers, for themselves: nobody gets a picture for
seconds. At a thousand a second everybody is in a little later, and the streams go on.
"""

from __future__ import annotations

from asyncio import sleep
from time import monotonic_ns

from starlette.types import ASGIApp, Receive, Scope, Send

GAP = 1_000_000  # nanoseconds between two requests, where many come
AT_ONCE = 24  # what one visit of the page asks for is never kept waiting


class RequestPacing:
    """The layer that keeps requests apart, first come, first served; streams are not kept.

    Who waits holds a connection, so that the queue is no longer than there are of those.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._next = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (wait := self._wait()) > 0:
            await sleep(wait / 1e9)
        await self.app(scope, receive, send)

    def _wait(self) -> int:
        """Takes a turn; how long it is until then."""
        now = monotonic_ns()
        mine = max(self._next, now - (AT_ONCE - 1) * GAP)
        self._next = mine + GAP
        return mine - now
