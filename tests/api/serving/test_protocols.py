"""Connections that would be held forever are not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from livenet.api.serving import protocols, websocket
from livenet.api.serving.listening import listen
from tests.api.raw import Raw, connected
from tests.server import PATIENCE

pytestmark = pytest.mark.slow

LARGE = 64 * 2**20


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers /large with much, all else with the size of its body; a socket has frames forever."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while True:
            await send({"type": "websocket.send", "bytes": bytes(2**16)})
            await asyncio.sleep(0)
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message["body"]
        if not message["more_body"]:
            break
    answer = bytes(LARGE) if scope["path"] == "/large" else str(len(body)).encode()
    length = (b"content-length", str(len(answer)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": answer})


class Serving:
    def __init__(self, server: uvicorn.Server, port: int) -> None:
        self.server = server
        self.port = port

    def connection(self) -> AbstractAsyncContextManager[Raw]:
        return connected(f"127.0.0.1:{self.port}")

    async def empty(self) -> None:
        """Waits until it holds no connection, and does nothing for one."""
        state = self.server.server_state
        async with asyncio.timeout(PATIENCE):
            while state.connections or state.tasks:  # noqa: ASYNC110  # uvicorn tells nobody
                await asyncio.sleep(0.01)


@pytest.fixture
async def serving(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Serving]:
    monkeypatch.setattr(protocols, "WHOLE_REQUEST", 0.3)
    monkeypatch.setattr(protocols, "STALLED", 0.5)
    monkeypatch.setattr(websocket, "CLOSING", 0.2)
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        app,
        http=protocols.bounded(20),
        ws=websocket.BoundedSocket,
        ws_ping_interval=0.2,
        ws_ping_timeout=0.2,
        ws_per_message_deflate=False,
        timeout_keep_alive=60,
        lifespan="off",
        log_config=None,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup([listening])
    yield Serving(server, listening.getsockname()[1])
    for connection in list(server.server_state.connections):
        connection.transport.abort()
    for task in list(server.server_state.tasks):
        task.cancel()
        await asyncio.wait([task])
    await server.shutdown([listening])


HEAD = b"GET / HTTP/1.1\r\nhost: x\r\n"
POST = b"POST / HTTP/1.1\r\nhost: x\r\n"


async def test_requests_are_answered(serving: Serving) -> None:
    async with serving.connection() as one:
        await one.send(HEAD, b"\r\n")
        assert await one.status() == 200
    async with serving.connection() as one:
        body = bytes(60_000)
        # Cut where it hurts: inside what separates the head from the body.
        await one.send(POST + b"content-length: 60000\r\n\r", b"\n" + body)
        assert await one.status() == 200
        assert await one.reader.readexactly(5) == b"60000"


@pytest.mark.parametrize(
    "begin",
    [b"", b"GET", HEAD, POST + b"content-length: 10\r\n\r\n12345"],
    ids=["nothing", "a word", "half a head", "half a body"],
)
async def test_half_a_request_is_not_waited_for(serving: Serving, begin: bytes) -> None:
    async with serving.connection() as one:
        await one.send(begin)
        assert await one.rest() == b""
        await serving.empty()


async def test_nor_one_that_comes_in_drops(serving: Serving) -> None:
    async with serving.connection() as one:
        await one.send(HEAD)
        with suppress(ConnectionResetError, BrokenPipeError):
            for _ in range(1000):
                await one.send(b"a: b\r\n")
                await asyncio.sleep(0.01)
        assert one.reader.at_eof() or one.reader.exception()


async def test_nor_drops_between_requests(serving: Serving) -> None:
    """Whoever sends line ends only keeps no connection open with them."""
    async with serving.connection() as one:
        await one.send(HEAD, b"\r\n")
        assert await one.status() == 200
        with suppress(ConnectionResetError, BrokenPipeError):
            for _ in range(1000):
                await one.send(b"\r\n")
                await asyncio.sleep(0.01)
        await serving.empty()


async def test_a_rest_between_requests_is_no_half_request(serving: Serving) -> None:
    async with serving.connection() as one:
        await one.send(HEAD, b"\r\n")
        assert await one.status() == 200
        await asyncio.sleep(0.6)
        await one.send(HEAD, b"\r\n")
        assert await one.reader.readuntil(b"HTTP/1.1 200")


@pytest.mark.parametrize("parts", [1, 3000])
async def test_head_without_end(serving: Serving, parts: int) -> None:
    async with serving.connection() as one:
        head = HEAD + b"a: " + b"x" * 40_000
        if parts == 1:
            await one.send(head + b"\r\n\r\n")
        else:
            with suppress(ConnectionResetError, BrokenPipeError):
                await one.send(HEAD, *[b"a: 012345678\r\n"] * parts)
        with suppress(ConnectionResetError):
            assert await one.status() == 431
        await serving.empty()


async def test_who_does_not_read_is_left(serving: Serving) -> None:
    async with serving.connection() as one:
        await one.send(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n")
        await serving.empty()


async def test_who_reads_slowly_is_not(serving: Serving) -> None:
    async with serving.connection() as one:
        await one.send(b"GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        read = 0
        for _ in range(20):
            read += len(await one.reader.readexactly(2 * 2**20))
            await asyncio.sleep(0.05)
        read += len(await one.rest())
        assert read > LARGE


async def test_no_more_connections_than_there_is_room_for(serving: Serving) -> None:
    async with serving.connection() as first:
        await first.send(HEAD)
        async with AsyncExitStack() as held:
            others = [await held.enter_async_context(serving.connection()) for _ in range(20)]
            assert await others[-1].status() == 503
            assert b"as many connections" in await others[-1].rest()
    await serving.empty()
    async with serving.connection() as one:
        await one.send(HEAD, b"\r\n")
        assert await one.status() == 200


UPGRADE = (
    b"GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
    b"sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


async def test_viewer_that_reads_nothing_is_cut_off(serving: Serving) -> None:
    """It answers no ping, and takes not even its close."""
    async with serving.connection() as one:
        await one.send(UPGRADE)
        assert await one.status() == 101
        await serving.empty()
