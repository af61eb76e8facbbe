"""The websocket's own bounds, against hands that are wrong, slow or gone."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from livenet.api.serving import protocols, websocket
from livenet.api.serving.listening import listen
from livenet.api.serving.websocket import (
    CONTROLS_PER_SECOND,
    CONTROLS_SECONDS,
    MAX_FRAGMENTS,
    MAX_QUEUED,
    MAX_TOGETHER,
    SLICE,
    BoundedSocket,
    head,
)
from tests.api.raw import (
    BINARY,
    CLOSE,
    CONTINUE,
    PING,
    PONG,
    TEXT,
    connected,
    frame,
    opened,
    until,
    upgrade,
)
from tests.server import PATIENCE

pytestmark = pytest.mark.slow

MAX_BYTES = 65_536
SEVERAL: list[str | bytes] = ["one", b"two" * 100, "three", "four", b"", "five" * 10_000, b"six"]


class App:
    """/echo says what it hears, /several says SEVERAL, /flood, /long and /short say as much as they
    can, /deaf hears nothing until it is told to, /refused is."""

    def __init__(self) -> None:
        self.listen = asyncio.Event()
        self.heard: list[Any] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert (await receive())["type"] == "websocket.connect"
        if scope["path"] == "/refused":
            start = "websocket.http.response.start"
            await send({"type": start, "status": 429, "headers": [(b"retry-after", b"5")]})
            await send({"type": "websocket.http.response.body", "body": b"too", "more_body": True})
            await send({"type": "websocket.http.response.body", "body": b" many"})
            return
        await send({"type": "websocket.accept"})
        match scope["path"]:
            case "/several":
                for one in SEVERAL:
                    await say(send, one)
            case "/flood":
                while True:
                    await say(send, bytes(60_000))
                    await asyncio.sleep(0)
            case "/long" | "/short":
                while True:
                    await say(send, "x" * (50_000 if scope["path"] == "/long" else 1000))
            case "/deaf":
                await self.listen.wait()
        while (message := await receive())["type"] == "websocket.receive":
            found = message["text"] if message.get("text") is not None else message["bytes"]
            self.heard.append(found)
            if scope["path"] == "/echo":
                await say(send, found)


async def say(send: Send, what: str | bytes) -> None:
    await send({"type": "websocket.send", "text" if isinstance(what, str) else "bytes": what})


class Serving:
    def __init__(self, server: uvicorn.Server, host: str, app: App) -> None:
        self.server = server
        self.host = host
        self.app = app

    @property
    def connection(self) -> BoundedSocket:
        """The one that is open."""
        (found,) = self.server.server_state.connections
        return cast(BoundedSocket, found)

    async def empty(self) -> None:
        """Waits until it holds no connection, and does nothing for one."""
        state = self.server.server_state
        await until(lambda: not state.connections and not state.tasks)


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that a stranger does is worth a line in the log."""
    yield
    said = [*caplog.get_records("setup"), *caplog.get_records("call"), *caplog.records]
    assert [one for one in said if one.levelno >= logging.WARNING] == []


@pytest.fixture
async def serving(monkeypatch: pytest.MonkeyPatch, quiet: None) -> AsyncIterator[Serving]:
    monkeypatch.setattr(websocket, "STALLED", 0.4)
    monkeypatch.setattr(websocket, "CLOSING", 0.1)
    async with serve() as made:
        yield made


@asynccontextmanager
async def serve(**settings: Any) -> AsyncIterator[Serving]:
    listening = listen("127.0.0.1", 0)
    app = App()
    config = uvicorn.Config(
        app,
        ws=BoundedSocket,
        ws_max_size=MAX_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        log_level="warning",
        **settings,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup([listening])
    made = Serving(server, f"127.0.0.1:{listening.getsockname()[1]}", app)
    try:
        yield made
    finally:
        app.listen.set()
        await made.empty()
        await server.shutdown([listening])


@pytest.mark.parametrize("size", [0, 1, 125, 126, 5000, MAX_BYTES])
async def test_messages_both_ways(serving: Serving, size: int) -> None:
    async with opened(serving.host, "/echo") as one:
        for kind, payload in ((TEXT, b"x" * size), (BINARY, bytes(size))):
            await one.send(frame(kind, payload))
            assert await one.receive() == (kind, payload)


async def test_what_is_said_comes_in_order(serving: Serving) -> None:
    """Short texts wait for what is said in the same turn, and go before it."""
    async with opened(serving.host, "/several") as one:
        for expected in SEVERAL:
            kind, payload = await one.receive()
            found = payload.decode() if kind == TEXT else payload
            assert found == expected


def test_head_of_a_message() -> None:
    for size in (0, 125, 126, 65_535, 65_536, 2**20):
        written = head(websocket.BINARY, size)
        assert written[0] == 0x82
        read = written[1] if len(written) == 2 else int.from_bytes(written[2:], "big")
        assert read == size
        assert len(written) == 2 + (2 if size > 125 else 0) + (6 if size > 65_535 else 0)


async def test_message_in_fragments(serving: Serving) -> None:
    async with opened(serving.host, "/echo") as one:
        parts = [frame(CONTINUE, b"%d " % number, last=False) for number in range(100)]
        pings = [frame(PING, b"between")]
        await one.send(frame(TEXT, b"", last=False), *parts, *pings, frame(CONTINUE, b"end"))
        assert await one.receive() == (PONG, b"between")
        assert await one.receive() == (TEXT, b" ".join(b"%d" % n for n in range(100)) + b" end")


async def test_who_floods_is_slowed_down_by_the_network(serving: Serving) -> None:
    """The server reads no more than it has room for; later it has all of it, in order."""
    async with opened(serving.host, "/deaf") as one:
        sent = 0

        async def flood() -> None:
            nonlocal sent
            while not serving.app.listen.is_set():
                await one.send(frame(TEXT, b"%2000d" % sent))
                sent += 1

        flooding = asyncio.create_task(flood())
        before = -1
        while sent > before:  # until nothing goes out any more
            before = sent
            await asyncio.sleep(0.3)
        connection = serving.connection
        assert MAX_QUEUED <= connection.queue.qsize() <= MAX_QUEUED + SLICE // 2000
        assert len(connection._unread) <= 2**18  # what one read of the event loop brings
        serving.app.listen.set()
        await flooding
        await one.send(frame(CLOSE, b"\x03\xe8"))
        assert await one.until_closed() == 1000
        await serving.empty()
        assert serving.app.heard == [f"{number:2000}" for number in range(sent)]


async def test_large_read_is_not_parsed_at_once(serving: Serving) -> None:
    """What the application has no room for stays as it came, in few bytes."""
    async with opened(serving.host, "/deaf") as one:
        await one.send(frame(TEXT, b"x") * 9000)
        connection = serving.connection
        await until(lambda: connection.queue.qsize() >= MAX_QUEUED)
        await asyncio.sleep(0.1)
        assert connection.queue.qsize() <= MAX_QUEUED + SLICE / 7
        serving.app.listen.set()
        await until(lambda: len(serving.app.heard) == 9000)


@pytest.mark.parametrize("path", ["/long", "/short"])
async def test_who_says_much_at_once_waits_for_the_viewer(serving: Serving, path: str) -> None:
    """Also without a rest between two texts."""
    async with opened(serving.host, path) as one:
        for _ in range(100):
            assert (await one.receive())[0] == TEXT
        connection = serving.connection
        await until(lambda: not connection.writable.is_set())
        assert len(connection._out) <= 2 * (MAX_TOGETHER + 1)


async def test_pings_are_answered_but_not_floods_of_them(serving: Serving) -> None:
    async with opened(serving.host, "/echo") as one:
        await one.send(frame(PING, b"here"))
        assert await one.receive() == (PONG, b"here")
        allowed = int(CONTROLS_PER_SECOND * CONTROLS_SECONDS)
        await one.send(frame(PING, b"x") * 10 * allowed)
        assert await one.until_closed() == 1008
        await one.rest()
    await serving.empty()


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([frame(TEXT, b"\xff\xfe")], 1007),
        ([frame(TEXT, b"\xc3", last=False), frame(CONTINUE, b"(")], 1007),
        ([frame(TEXT, b"x", masked=False)], 1002),
        ([frame(3, b"x")], 1002),
        ([frame(15, b"x")], 1002),
        ([bytes([0xF1]) + frame(TEXT, b"x")[1:]], 1002),
        ([frame(CONTINUE, b"of nothing")], 1002),
        ([frame(TEXT, b"x", last=False), frame(TEXT, b"y")], 1002),
        ([frame(PING, b"x" * 126)], 1002),
        ([frame(PING, b"x", last=False)], 1002),
        ([frame(CLOSE, b"x")], 1002),
        ([frame(CLOSE, b"\x00\x01")], 1002),
        ([frame(TEXT, b"x" * (MAX_BYTES + 1))], 1009),
        ([frame(TEXT, b"", size=2**62)], 1009),
        ([frame(TEXT, bytes(40_000), last=False), frame(CONTINUE, bytes(40_000))], 1009),
        ([frame(TEXT, b"", last=False), frame(CONTINUE, b"", last=False) * 2000], 1008),
        ([frame(TEXT, b"x", last=False), frame(CONTINUE, b"", last=False) * MAX_FRAGMENTS], 1008),
    ],
)
@pytest.mark.parametrize("path", ["/echo", "/flood"])
async def test_what_makes_no_sense_ends_with_a_reason(
    serving: Serving, path: str, parts: list[bytes], code: int
) -> None:
    """Also while much is being said, and although more comes than is read."""
    async with opened(serving.host, path) as one:
        await one.send(*parts)
        assert await one.until_closed() == code
        await one.rest()
    await serving.empty()


@pytest.mark.parametrize(
    "headers",
    [["a: " + "x" * 9000], [f"a{number}: x" for number in range(200)], ["a" * 9000 + ": x"]],
)
async def test_handshake_with_too_much_in_it(serving: Serving, headers: list[str]) -> None:
    async with connected(serving.host) as one:
        await one.send(upgrade("/echo", serving.host, *headers))
        assert 400 <= await one.status() < 500
        await one.rest()
    await serving.empty()


async def test_handshake_that_is_refused(serving: Serving) -> None:
    async with connected(serving.host) as one:
        await one.send(upgrade("/refused", serving.host))
        assert await one.status() == 429
        assert await one.reader.read() == b"too many"
    await serving.empty()


async def test_handshake_cut_short(serving: Serving) -> None:
    whole = upgrade("/echo", serving.host)
    for length in range(0, len(whole) + 1, 7):
        async with connected(serving.host) as one:
            await one.send(whole[:length])
    await serving.empty()


async def test_handshakes_deadline_is_not_the_viewers(
    quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocols, "WHOLE_REQUEST", 0.1)
    async with (
        serve(http=protocols.bounded(20)) as serving,
        opened(serving.host, "/echo") as one,
    ):
        await asyncio.sleep(0.3)
        await one.send(frame(TEXT, b"still here"))
        assert await one.receive() == (TEXT, b"still here")


async def test_half_closed(serving: Serving) -> None:
    async with opened(serving.host, "/flood") as one:
        one.writer.write_eof()
        await one.rest()
    await serving.empty()


async def test_torn_while_much_is_said(serving: Serving) -> None:
    for _ in range(20):
        async with opened(serving.host, "/flood") as one:
            await one.receive()
    await serving.empty()


@pytest.mark.parametrize("how", ["close", "abort"])
async def test_what_was_said_to_somebody_who_has_just_gone(serving: Serving, how: str) -> None:
    async with opened(serving.host, "/echo"):
        await until(lambda: serving.connection.ready)
        connection = serving.connection
        connection.send_now("waits for what else is said in this turn")
        getattr(connection.transport, how)()
        assert not connection.ready
        await until(lambda: connection.disconnected)
    await serving.empty()


async def test_closed_by_the_viewer_while_much_is_said(serving: Serving) -> None:
    for _ in range(20):
        async with opened(serving.host, "/flood") as one:
            await one.send(frame(CLOSE, b"\x03\xe8"))
            assert await one.until_closed() == 1000
    await serving.empty()


async def test_who_takes_nothing_is_given_up(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if it never reads again; and if it does, it finds the reason."""
    monkeypatch.setattr(websocket, "CLOSING", PATIENCE)
    async with opened(serving.host, "/flood") as one:
        await until(lambda: serving.connection.disconnected)
        assert await one.until_closed() == 1013
    await serving.empty()
    monkeypatch.setattr(websocket, "CLOSING", 0.1)
    async with opened(serving.host, "/flood"):
        await serving.empty()


async def test_dead_viewer_is_found_by_a_ping(quiet: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "CLOSING", 0.2)
    async with serve(ws_ping_interval=0.1, ws_ping_timeout=0.2) as serving:
        async with opened(serving.host, "/echo") as one:
            kind, payload = await one.receive()
            assert kind == PING
            await one.send(frame(PONG, payload))
            assert (await one.receive())[0] == PING
            assert await one.until_closed() == 1011
        await serving.empty()


async def test_round_trip_is_the_shortest_of_several(
    quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is being built answers the first ping late, and is not far for that."""
    monkeypatch.setattr(websocket, "BETWEEN_PINGS", 0.001)
    async with serve(ws_ping_interval=60.0) as serving:
        async with opened(serving.host, "/echo") as one:
            await one.send(frame(TEXT, b"x"))  # the connection is open when it is answered
            assert (await one.receive())[0] == TEXT
            serving.connection.measure()
            for number in range(websocket.PINGS):
                assert serving.connection.round_trip == 0.0
                kind, payload = await one.receive()
                assert kind == PING
                await asyncio.sleep(0.02 if number else 0.5)  # one loop's clock counts milliseconds
                await one.send(frame(PONG, payload))
            await until(lambda: serving.connection.round_trip)
            assert serving.connection.round_trip < 0.5
        await serving.empty()


async def test_pong_that_we_have_not_read_is_not_missed(
    quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits in the network because they asked too much is not dead."""
    monkeypatch.setattr(websocket, "CLOSING", 0.2)
    async with serve(ws_ping_interval=0.05, ws_ping_timeout=0.05) as serving:
        async with opened(serving.host, "/deaf") as one:
            await one.send(frame(TEXT, b"x") * (MAX_QUEUED + 1))
            await asyncio.sleep(0.5)
            assert not serving.connection.disconnected
            serving.app.listen.set()
            assert await one.until_closed() == 1011
        await serving.empty()


async def test_restart_is_told(serving: Serving) -> None:
    async with opened(serving.host, "/echo") as one:
        await one.send(frame(TEXT, b"x"))
        await one.receive()
        serving.connection.shutdown()
        assert await one.until_closed() == 1012
    await serving.empty()


async def test_message_is_what_was_sent(serving: Serving) -> None:
    """Through every size of slice: a message may stand across any number of them."""
    async with opened(serving.host, "/echo") as one:
        sizes = [SLICE - 9, SLICE - 8, SLICE - 7, SLICE, 3 * SLICE + 5, 40_000]
        texts = [json.dumps(list(range(size // 5)))[:size].encode() for size in sizes]
        sending = asyncio.create_task(one.send(*[frame(TEXT, text) for text in texts]))
        for text in texts:
            assert await one.receive() == (TEXT, text)
        await sending
