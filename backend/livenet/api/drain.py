"""What is under way when the server is told to stop, and how it ends.

From that moment nothing new is begun: whoever asks has a 503 that says when to ask again. Viewers
are told at once, requests have a moment to end by themselves.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from livenet.errors import EngineFailure, LivenetError

RESTARTS = 1012  # the websocket's word for it: come back in a moment
REASON = "the server restarts"
RETRY_AFTER = 5  # seconds
OPEN = ("/api/health", "/metrics")  # whoever watches over the server hears what it does


class Drain:
    """Knows what is under way; ``begin`` may be called from a signal's handler."""

    def __init__(self) -> None:
        self.stopping = False
        self.requests: set[asyncio.Task[Any]] = set()
        self.sockets: set[asyncio.Task[Any]] = set()

    def begin(self) -> None:
        """Nothing new from now on."""
        self.stopping = True

    async def finish(self, seconds: float) -> None:
        """Ends the sockets, and after so many seconds the requests; takes twice that at most."""
        for task in self.sockets:
            task.cancel()
        await _gone({*self.sockets, *self.requests}, seconds)
        for task in self.requests:
            task.cancel()
        await _gone({*self.sockets, *self.requests}, seconds)


async def _gone(tasks: Iterable[asyncio.Task[Any]], seconds: float) -> None:
    if waiting := list(tasks):
        await asyncio.wait(waiting, timeout=seconds)


class Draining:
    """The layer that everything passes, and that refuses once the server is stopping."""

    def __init__(self, app: ASGIApp, drain: Drain) -> None:
        self.app = app
        self.drain = drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        is_socket = scope["type"] == "websocket"
        if self.drain.stopping and scope["path"] not in OPEN:
            await (_closed(receive, send) if is_socket else refused(send, _stopping()))
            return
        task = asyncio.current_task()
        assert task is not None
        under_way = self.drain.sockets if is_socket else self.drain.requests
        under_way.add(task)
        try:
            await self.app(scope, receive, send)
        except asyncio.CancelledError:
            if not self.drain.stopping:
                raise
            task.uncancel()
            if is_socket:
                await send({"type": "websocket.close", "code": RESTARTS, "reason": REASON})
            else:
                with suppress(RuntimeError):  # its answer has begun, and is cut off
                    await refused(send, _stopping())
        finally:
            under_way.discard(task)


def _stopping() -> LivenetError:
    return EngineFailure("The server is stopping", hint="Ask again in a few seconds.")


async def _closed(receive: Receive, send: Send) -> None:
    """A handshake is answered first: a browser shows its page nothing of one that is refused."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": RESTARTS, "reason": REASON})


async def refused(send: Send, error: LivenetError) -> None:
    """Answers a request with an error that passes."""
    body = json.dumps({"error": error.document()}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(RETRY_AFTER).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
