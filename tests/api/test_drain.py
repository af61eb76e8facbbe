"""What is under way when the server stops."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from livenet.api.drain import REASON, RESTARTS, Drain, Draining

Serve = Callable[[Scope, Receive, Send], Awaitable[None]]


class Conversation:
    """One request or socket through the layer, in a task of its own."""

    def __init__(self, serve: Serve, drain: Drain, kind: str, path: str = "/api/runs") -> None:
        self.sent: list[Message] = []
        scope = {"type": kind, "path": path}
        self.task = asyncio.create_task(Draining(serve, drain)(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        return {"type": "websocket.connect"}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)

    def refused(self) -> bool:
        start, body = self.sent
        headers = dict(start["headers"])
        document: dict[str, Any] = json.loads(body["body"])
        assert "stopping" in document["error"]["message"]
        return bool(start["status"] == 503 and int(headers[b"retry-after"]) > 0)


async def at_once(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "answer"})


async def never(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.Event().wait()


async def test_what_passes_is_not_touched() -> None:
    drain = Drain()
    for kind in ("http", "websocket"):
        talk = Conversation(at_once, drain, kind)
        await talk.task
        assert talk.sent == [{"type": "answer"}]
    assert not drain.requests
    assert not drain.sockets


async def test_nothing_new_is_begun() -> None:
    drain = Drain()
    drain.begin()
    request = Conversation(at_once, drain, "http")
    await request.task
    assert request.refused()
    socket = Conversation(at_once, drain, "websocket")
    await socket.task
    assert [one["type"] for one in socket.sent] == ["websocket.accept", "websocket.close"]
    assert (socket.sent[1]["code"], socket.sent[1]["reason"]) == (RESTARTS, REASON)


@pytest.mark.parametrize("path", ["/api/health", "/metrics"])
async def test_who_watches_over_it_is_answered(path: str) -> None:
    drain = Drain()
    drain.begin()
    talk = Conversation(at_once, drain, "http", path)
    await talk.task
    assert talk.sent == [{"type": "answer"}]


async def test_viewers_are_told_and_long_requests_end() -> None:
    drain = Drain()
    request = Conversation(never, drain, "http")
    socket = Conversation(never, drain, "websocket")
    await asyncio.sleep(0)
    drain.begin()
    await drain.finish(0.05)
    assert request.refused()
    assert [one["type"] for one in socket.sent] == ["websocket.close"]
    assert socket.sent[0]["code"] == RESTARTS
    assert request.task.done()
    assert socket.task.done()


async def test_a_short_request_ends_by_itself() -> None:
    async def soon(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.01)
        await send({"type": "answer"})

    drain = Drain()
    talk = Conversation(soon, drain, "http")
    await asyncio.sleep(0)
    drain.begin()
    await drain.finish(5.0)
    assert talk.sent == [{"type": "answer"}]


async def test_nobody_is_waited_for_who_does_not_read() -> None:
    async def deaf(message: Message) -> None:
        await asyncio.Event().wait()

    drain = Drain()
    layer = Draining(never, drain)
    scope = {"type": "websocket", "path": "/"}
    talk = asyncio.create_task(layer(scope, None, deaf))  # type: ignore[arg-type]  # not asked for
    await asyncio.sleep(0)
    drain.begin()
    await asyncio.wait_for(drain.finish(0.05), 5.0)
    assert not talk.done()
    talk.cancel()


async def test_a_request_that_is_cancelled_otherwise_stays_cancelled() -> None:
    drain = Drain()
    talk = Conversation(never, drain, "http")
    await asyncio.sleep(0)
    talk.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await talk.task
    assert not talk.sent
    assert not drain.requests
