"""Strangers who send anything at all: the server answers, logs no fault, and others notice nothing.

A server of its own, whose log is read; beside each test a witness watches a run.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from livenet.api.viewers.frames import sequence_number
from livenet.api.viewers.stream import MAX_SUBSCRIPTIONS
from livenet.settings import Settings
from livenet.wire.messages import INBOUND
from livenet.wire.parsing import COMMANDS, STREAM_KINDS
from tests.api.raw import (
    BINARY,
    CLOSE,
    CONTINUE,
    PING,
    PONG,
    TEXT,
    Raw,
    connected,
    frame,
    opened,
    until,
    upgrade,
)
from tests.server import PATIENCE, Server, eventually, start_server

MAX_BYTES = Settings().max_message_bytes
SPEC = {"training": {"series_every": 1}}
FAULT = re.compile(r"Traceback|\"level\": \"(error|critical)\"|exception", re.IGNORECASE)
pytestmark = pytest.mark.slow

examples = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # a failure depends on what came before it
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass
class Watched:
    """A server, its log, and a run on it that goes on all the time."""

    server: Server
    log: Path
    http: httpx.Client
    run: str

    @property
    def path(self) -> str:
        return f"/api/runs/{self.run}/stream"

    def measure(self, name: str) -> float:
        """One of its metrics."""
        found = re.search(rf"^livenet_{name} (\S+)$", self.http.get("/metrics").text, re.MULTILINE)
        assert found, name
        return float(found[1])

    def faults(self) -> list[str]:
        return [line for line in self.log.read_text().splitlines() if FAULT.search(line)]


@dataclass
class Witness:
    """Another viewer of the run: what it has seen."""

    frames: int = 0
    rows: list[int] = field(default_factory=list)

    async def watch(self, watched: Watched) -> None:
        async with opened(watched.server.host, watched.path) as raw:
            await say(raw, kind="series", after=0)
            await say(
                raw, kind="subscribe", id="a", probe="decision", options={"resolution": 8}, fps=60
            )
            while True:
                kind, payload = await raw.receive()
                if kind == BINARY:
                    self.frames += 1
                    await say(raw, kind="ack", seqs={"a": sequence_number(payload)})
                elif kind == TEXT and payload.startswith(b'{"kind":"series"'):
                    self.rows += [row[0] for row in json.loads(payload)["rows"]]
                elif kind == PING:
                    await raw.send(frame(PONG, payload))


async def say(raw: Raw, **message: Any) -> None:
    await raw.send(frame(TEXT, json.dumps(message).encode()))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    log = tmp_path_factory.mktemp("fuzz") / "log"
    with log.open("w") as written:
        server = start_server("--workers", "1", log=written, LIVENET_HANG_SECONDS="60")
        with httpx.Client(base_url=server.url, trust_env=False, timeout=PATIENCE) as http:
            run = http.post("/api/runs", json={"spec": SPEC, "pace": 200}).json()["id"]
            yield Watched(server, log, http, run)
        server.stop()


@asynccontextmanager
async def untouched(watched: Watched) -> AsyncIterator[None]:
    """Whatever is done inside: it was no fault of the server's, a witness got its pictures and
    every row all the while, and nothing of it is left."""
    witness = Witness()
    watching = asyncio.create_task(witness.watch(watched))
    await until(lambda: witness.frames > 2 or watching.done())
    before = witness.frames
    yield
    await until(lambda: witness.frames > before + 5 or watching.done())
    assert not watching.done(), "the witness was cut off"
    watching.cancel()
    await asyncio.wait([watching])
    assert witness.rows == list(range(1, len(witness.rows) + 1))
    for name in ("viewers", "watches"):
        eventually(lambda name=name: watched.measure(name) == 0)  # type: ignore[misc]  # bound at once
    assert watched.http.get("/api/health").json()["status"] == "ok"
    assert watched.faults() == []


def run(work: Any) -> None:
    """A test's own loop, so that hypothesis can call it again and again."""
    asyncio.run(work)


Values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([10**300, -(2**63), 2**53 + 1, "\x00", "é" * 40, "🦜", "layers.0.weight"])
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
SCHEMA: dict[str, Any] = INBOUND.json_schema()
FIELDS = sorted({name for one in SCHEMA["$defs"].values() for name in one["properties"]})
Messages = st.builds(
    lambda kind, rest: json.dumps({"kind": kind, **rest}),
    st.sampled_from([*COMMANDS, *STREAM_KINDS]) | Values,
    st.dictionaries(st.sampled_from([name for name in FIELDS if name != "kind"]), Values),
)
Texts = st.one_of(
    Messages,
    Messages,
    st.text(max_size=200),
    st.builds(lambda depth: "[" * depth, st.sampled_from([10, 100, 1000, 60_000])),
    st.sampled_from(['{"kind":"ack","seqs":{"a":1e400}}', '{"kind":"series","after":NaN}']),
    st.builds(lambda digits: f'{{"kind":"series","after":{"9" * digits}}}', st.integers(1, 6000)),
)
Frames = st.one_of(
    st.builds(lambda text: frame(TEXT, text.encode("utf-8", "surrogatepass")[:MAX_BYTES]), Texts),
    st.builds(
        frame,
        st.integers(0, 15),
        st.binary(max_size=200),
        last=st.booleans(),
        masked=st.sampled_from([True, True, True, False]),
        size=st.sampled_from([-1, -1, -1, 0, 5, 126, 70_000, 2**63 - 1]),
    ),
    st.binary(max_size=100),
)


async def until_error(raw: Raw) -> dict[str, str]:
    """The next refusal."""
    while True:
        kind, payload = await raw.receive()
        found = json.loads(payload) if kind == TEXT else {}
        if found.get("kind") == "error":
            error: dict[str, str] = found["error"]
            assert set(error) == {"code", "message", "path", "hint"}
            assert error["code"] not in ("internal", "engine_failure"), error
            return error


@contextmanager
def another_run(watched: Watched) -> Iterator[str]:
    """The stream of a run that may be stopped and set to anything."""
    made = watched.http.post("/api/runs", json={"start": False}).json()["id"]
    try:
        yield f"/api/runs/{made}/stream"
    finally:
        watched.http.delete(f"/api/runs/{made}")


many_examples = settings(examples, max_examples=2000)


def any_text(watched: Watched, messages: list[str]) -> None:
    """Each is answered; what cannot be is refused in the one form."""

    async def work(path: str) -> None:
        async with opened(watched.server.host, path) as raw:
            for message in messages:
                text = message.encode("utf-8", "replace")[:MAX_BYTES]
                await raw.send(frame(TEXT, text))
            await say(raw, kind="the last")
            while "the last" not in (await until_error(raw))["message"]:
                pass

    with another_run(watched) as path:
        run(work(path))


given_messages = given(messages=st.lists(Texts, max_size=12))
test_any_text = examples(given_messages(any_text))
test_much_text = pytest.mark.soak(many_examples(given_messages(any_text)))


def any_bytes(watched: Watched, frames: list[bytes], cut: int) -> None:
    """Frames that are none, cut anywhere."""

    async def work(path: str) -> None:
        async with opened(watched.server.host, path) as raw:
            with suppress(ConnectionResetError, BrokenPipeError):
                data = b"".join(frames)
                await raw.send(data[: len(data) - cut] if cut < 200 else data)

    with another_run(watched) as path:
        run(work(path))


given_frames = given(frames=st.lists(Frames, max_size=8), cut=st.integers(0, 400))
test_any_bytes = examples(given_frames(any_bytes))
test_many_bytes = pytest.mark.soak(many_examples(given_frames(any_bytes)))


@settings(examples, max_examples=80)
@given(data=st.binary(max_size=300), head=st.sampled_from(["", "GET", "POST", "upgrade"]))
def test_any_request(watched: Watched, data: bytes, head: str) -> None:
    """What is no HTTP, and heads of requests with anything in them."""
    host = watched.server.host
    begin = {
        "": b"",
        "GET": f"GET /api/runs HTTP/1.1\r\nHost: {host}\r\n".encode(),
        "POST": f"POST /api/runs HTTP/1.1\r\nHost: {host}\r\nContent-Length: 50\r\n\r\n".encode(),
        "upgrade": upgrade(watched.path, host)[:-2],
    }[head]

    async def work() -> None:
        async with connected(host) as raw:
            with suppress(ConnectionResetError, BrokenPipeError):
                await raw.send(begin + data + b"\r\n\r\n")
                raw.finish()
            await raw.rest()

    run(work())


@pytest.mark.parametrize("before", ["some", pytest.param("many", marks=pytest.mark.soak)])
async def test_nothing_is_left_of_all_that(watched: Watched, before: str) -> None:
    async with untouched(watched):
        pass


async def test_thousands_of_subscriptions(watched: Watched) -> None:
    """No viewer has more than its share, however many it asks for."""
    async with untouched(watched):

        async def greedy(number: int) -> None:
            async with opened(watched.server.host, watched.path) as raw:
                requests = [
                    frame(
                        TEXT,
                        json.dumps(
                            {
                                "kind": "subscribe",
                                "id": f"{number} {at}",
                                "probe": "decision",
                                "options": {"resolution": 8 + at % 40},
                                **({"step": at % 7} if at % 3 == 0 else {}),
                            }
                        ).encode(),
                    )
                    for at in range(250)
                ]
                sending = asyncio.create_task(raw.send(*requests))
                granted: set[str] = set()
                refused = 0
                while len(granted) + refused < 250:
                    kind, payload = await raw.receive()
                    found = json.loads(payload) if kind == TEXT else {}
                    if found.get("kind") == "subscribed":
                        granted.add(found["id"])
                    elif found.get("kind") == "error":
                        assert found["error"]["code"] == "too_many"
                        refused += 1
                await sending
                assert len(granted) == MAX_SUBSCRIPTIONS

        await asyncio.gather(*(greedy(number) for number in range(10)))


@pytest.mark.parametrize("extra", [-1, 0, 1, 100_000])
async def test_at_the_limit(watched: Watched, extra: int) -> None:
    async with untouched(watched), opened(watched.server.host, watched.path) as raw:
        text = b"x" * (MAX_BYTES + extra)
        await raw.send(frame(TEXT, text[:1000], last=False), frame(CONTINUE, text[1000:]))
        if extra > 0:
            assert await raw.until_closed() == 1009
        else:
            assert "not JSON" in (await until_error(raw))["message"]


async def test_storm_of_connections(watched: Watched) -> None:
    """They come and go at every stage, torn, half closed, closed in good order or left hanging."""
    chance = random.Random(5)
    whole = upgrade(watched.path, watched.server.host)

    async def guest() -> None:
        async with connected(watched.server.host) as raw:
            with suppress(ConnectionResetError, BrokenPipeError, asyncio.IncompleteReadError):
                if chance.random() < 0.3:
                    await raw.send(whole[: chance.randrange(len(whole))])
                    return
                await raw.send(whole)
                if chance.random() < 0.2:
                    return
                await raw.status()
                await say(raw, kind="series", after=0)
                for name in "abc":
                    await say(raw, kind="subscribe", id=name, probe="decision", fps=60)
                for _ in range(chance.randrange(4)):
                    await raw.receive()
                match chance.randrange(4):
                    case 0:
                        await raw.send(frame(CLOSE, b"\x03\xe9"))
                        await raw.until_closed()
                    case 1:
                        raw.finish()
                        await raw.rest()
                    case 2:
                        await raw.send(frame(TEXT, b"half", size=100))

    async with untouched(watched):
        for _ in range(10):
            await asyncio.gather(*(guest() for _ in range(30)))


async def test_viewers_that_read_nothing(watched: Watched) -> None:
    """And go on acknowledging what they have not read."""
    async with untouched(watched), asyncio.TaskGroup() as all_of_them:
        for _ in range(20):
            all_of_them.create_task(blind(watched))


async def blind(watched: Watched) -> None:
    async with opened(watched.server.host, watched.path) as raw:
        raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # it reads, too
        for name in "abcd":
            options = {"resolution": 200}
            await say(raw, kind="subscribe", id=name, probe="decision", options=options, fps=60)
        for _ in range(40):
            await say(raw, kind="ack", seqs=dict.fromkeys("abcd", 10**15))
            await asyncio.sleep(0.02)


@settings(examples, max_examples=15)
@given(cuts=st.lists(st.integers(0, 4000), min_size=1, max_size=8))
def test_series_over_connections_cut_anywhere(watched: Watched, cuts: list[int]) -> None:
    """From the last row that came whole: none is lost, none comes twice."""

    async def work() -> None:
        rows: list[list[Any]] = []
        for cut in [*cuts, None]:
            async with opened(watched.server.host, watched.path) as raw:
                await say(raw, kind="series", after=len(rows))
                if cut is None:
                    enough = len(rows) + 20
                    while len(rows) < enough:
                        rows += rows_of(await raw.receive())
                    continue
                data = b""
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.3):
                        data = await raw.reader.readexactly(cut)
                half = asyncio.StreamReader()
                half.feed_data(data)
                half.feed_eof()
                with suppress(asyncio.IncompleteReadError):
                    while True:
                        rows += rows_of(await Raw(half, raw.writer).receive())
        whole = watched.http.get(f"/api/runs/{watched.run}/series").json()["rows"]
        assert rows == whole[: len(rows)]

    run(work())


def rows_of(message: tuple[int, bytes]) -> list[list[Any]]:
    kind, payload = message
    found = json.loads(payload) if kind == TEXT else {}
    return found["rows"] if found.get("kind") == "series" else []
