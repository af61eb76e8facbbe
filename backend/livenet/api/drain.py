"""Ends the requests and sockets in progress when the server stops.

From then on, new requests are answered with 503 and a time after which to retry. Viewers are
notified at once, requests have a moment to end by themselves.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from livenet.errors import EngineFailure, LivenetError

RESTARTS = 1012  # the websocket close code "service restart"
REASON = "the server restarts"
RETRY_AFTER = 5  # seconds
OPEN = ("/api/health", "/metrics")  # monitoring continues while the server stops


class Drain:
    """Tracks what is in progress; ``begin`` may be called from a signal handler."""

    def __init__(self) -> None:
        self.stopping = False
        self.requests: set[asyncio.Task[Any]] = set()
        self.sockets: set[asyncio.Task[Any]] = set()

    def begin(self) -> None:
        """Refuses new requests from now on."""
        self.stopping = True

    async def finish(self, seconds: float) -> None:
        """Ends the sockets, and after ``seconds`` the requests; takes at most twice that."""
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
    """The layer that refuses requests and sockets once the server is stopping."""

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
                with suppress(RuntimeError):  # the answer has begun, and is cut off
                    await refused(send, _stopping())
        finally:
            under_way.discard(task)


def _stopping() -> LivenetError:
    return EngineFailure("The server is stopping", hint="Try again in a few seconds.")


async def _closed(receive: Receive, send: Send) -> None:
    """Accepts the handshake first: a browser hides the reason of a refused one from the page."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": RESTARTS, "reason": REASON})


async def refused(send: Send, error: LivenetError) -> None:
    """Answers a request with a temporary error."""
    body = json.dumps({"error": error.document()}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(RETRY_AFTER).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
