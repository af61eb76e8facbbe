"""Long answers: piece by piece, in turns, and no longer than somebody reads."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.types import ASGIApp

from livenet.api.app import create_app
from livenet.api.routes.downloads import MAX_A_PERSON, Downloads
from livenet.api.routes.excerpt import Excerpt
from livenet.api.routes.row_formats import FORMATS
from livenet.api.routes.series import LONG
from livenet.settings import Settings
from livenet.spec import resolve
from livenet.store import Run, Series, SnapshotStore
from tests.api.closed import ADMIN_TOKEN, TOKEN
from tests.api.fakes import FakeEngine

HOST = "127.0.0.1:8000"
ROWS = 3 * LONG


class OneRun(FakeEngine):
    """An engine with one run of many rows."""

    def __init__(self) -> None:
        super().__init__()
        self.found = Run(id="one", name="", spec=resolve({}), snapshots=SnapshotStore(1000))
        for step in range(ROWS):
            self.found.series.append(step, 0.5, {"train_loss": step / 3})

    def run(self, run: str) -> Run:
        return self.found

    def touch(self, run: str) -> None:
        pass


@pytest.fixture
def engine() -> OneRun:
    return OneRun()


@pytest.fixture
def app(engine: OneRun) -> ASGIApp:
    settings = Settings(token=SecretStr(TOKEN), admin_token=SecretStr(ADMIN_TOKEN))
    return create_app(settings, frozenset({f"http://{HOST}"}), engine.as_engine())


class Asked:
    """A request for the series. Its client reads the head and one piece, and no more until
    ``read`` is set."""

    def __init__(
        self, app: ASGIApp, *, secret: str = "ann" * 6, token: str = TOKEN, query: str = ""
    ) -> None:
        self.begun, self.read, self.gone = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.status = 0
        self.headers: dict[str, str] = {}
        self.pieces: list[bytes] = []
        self._asked = False
        headers = {"host": HOST, "authorization": f"Bearer {token}", "livenet-identity": secret}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "path": "/api/runs/one/series",
            "raw_path": b"/api/runs/one/series",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "scheme": "http",
            "root_path": "",
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
        }
        self.task = asyncio.create_task(self._call(app, scope))

    async def _call(self, app: ASGIApp, scope: dict[str, Any]) -> None:
        await app(scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        if len(self.pieces) == 1:
            await self.read.wait()
        self.pieces.append(message["body"])
        self.begun.set()

    async def whole(self) -> bytes:
        self.read.set()
        await self.task
        return b"".join(self.pieces)


async def begun(app: ASGIApp, **given: str) -> Asked:
    made = Asked(app, **given)
    await made.begun.wait()
    return made


async def test_a_person_has_two_at_once(app: ASGIApp) -> None:
    first, second = await begun(app), await begun(app, query="format=csv")
    refused = await begun(app)
    assert (refused.status, refused.headers["retry-after"]) == (429, "5")
    error = json.loads(await refused.whole())["error"]
    assert error["code"] == "too_many"
    assert f"You have {MAX_A_PERSON} long downloads" in error["message"]
    # Others have their own, an administrator has no limit, and short answers do not count.
    others = [await begun(app, secret="bob" * 6) for _ in range(MAX_A_PERSON)]
    lecturers = [await begun(app, token=ADMIN_TOKEN) for _ in range(MAX_A_PERSON + 1)]
    short = [await begun(app, query=f"after={ROWS - LONG}"), await begun(app, query="after=29990")]
    for one in (first, second, *others, *lecturers, *short):
        assert one.status == 200
        await one.whole()
    again = await begun(app)
    assert again.status == 200
    assert len(json.loads(await again.whole())["rows"]) == ROWS


async def test_a_download_ends_with_its_connection(app: ASGIApp, engine: OneRun) -> None:
    """It has no further piece made, and counts no longer."""
    asked = [await begun(app), await begun(app)]
    assert (await begun(app)).status == 429
    for one in asked:
        one.gone.set()
        await one.task
        assert len(one.pieces) == 1
    assert (await begun(app)).status == 200


async def test_nothing_is_made_for_a_client_that_does_not_read(
    app: ASGIApp, engine: OneRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = 0
    slice_of = Series.slice

    def counted(series: Series, name: str, start: int, end: int) -> Any:
        nonlocal made
        made += 1
        return slice_of(series, name, start, end)

    monkeypatch.setattr(Series, "slice", counted)
    asked = await begun(app)
    await asyncio.sleep(0.05)
    before = made
    assert before <= 2 * len(engine.found.series.columns)
    await asyncio.sleep(0.05)
    assert made == before
    assert len(json.loads(await asked.whole())["rows"]) == ROWS


async def test_rows_that_come_meanwhile_are_not_sent(app: ASGIApp, engine: OneRun) -> None:
    asked = await begun(app)
    engine.found.series.append(ROWS, 1.0, {"train_loss": 1.0, "new": 2.0})
    found = json.loads(await asked.whole())
    assert found["columns"] == ["row", "step", "epoch", "train_loss"]
    assert [row[0] for row in found["rows"]] == list(range(1, ROWS + 1))


async def test_one_piece_is_made_in_a_turn_of_the_loop() -> None:
    """However many downloads there are: whatever else is due comes between two pieces."""
    downloads, turns = Downloads(), 0
    made_in: list[int] = []

    def texts() -> Iterator[bytes]:
        for _ in range(20):
            made_in.append(turns)
            yield b"x"

    async def download() -> int:
        return len([text async for text in downloads.take_turns(texts())])

    async def ticking() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    ticks = asyncio.create_task(ticking())
    assert await asyncio.gather(*(download() for _ in range(10))) == [20] * 10
    ticks.cancel()
    assert len(made_in) == len(set(made_in)) == 200


async def test_memory_does_not_follow_the_length(engine: OneRun) -> None:
    texts = FORMATS["json"].texts(Excerpt.of(engine.found.series))
    tracemalloc.start()
    try:
        size = 0
        async for text in Downloads().take_turns(texts):
            size += len(text)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 900_000
    assert peak < 600_000
