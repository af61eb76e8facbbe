"""HEAD and OPTIONS on every path, and what a 405 says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx2 as httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.responses import Response, StreamingResponse
from starlette.types import Message

from livenet.api.routes.methods import AllowedMethods, Methods
from tests.api.closed import client, closed_server
from tests.server import MakeRun, Server

__all__ = ["closed_server"]

CHANGING = {"/metrics", "/api/runs"}  # so that their length does
PAGES = ["/", "/docs"]


def calls(http: httpx.Client, run: str) -> Iterator[tuple[str, set[str]]]:
    """The path and the methods of each call."""
    for path, item in http.get("/api/openapi.json").json()["paths"].items():
        named = path.replace("{run}", run).replace("{probe}", "decision")
        yield named, {method.upper() for method in item}


def asset(http: httpx.Client) -> str:
    return next(part for part in http.get("/").text.split('"') if part.endswith(".js"))


def test_head_is_get_without_the_body(http: httpx.Client, make_run: MakeRun) -> None:
    run = make_run()
    paths = [path for path, methods in calls(http, run) if "GET" in methods]
    assert len(paths) > 10
    files = [*PAGES, f"/{asset(http).lstrip('./')}", "/api/openapi.json", "/nothing"]
    rest = [f"/api/runs/{run}/series?format=csv", "/api/runs/none", "/api/runs?x=1"]
    for path in (*paths, *files, *rest):
        got, head = http.get(path), http.head(path)
        assert head.status_code == got.status_code, path
        assert head.content == b""
        for headers in (got.headers, head.headers):
            headers.pop("date", None)
            if path in CHANGING or path.endswith("/retention"):
                assert headers.pop("content-length")
        assert head.headers == got.headers, path


def test_head_on_a_kept_connection(http: httpx.Client, make_run: MakeRun) -> None:
    """No byte of a body is left for the next answer."""
    run = make_run()
    for _ in range(3):
        assert http.head(f"/api/runs/{run}").status_code == 200
        assert http.get(f"/api/runs/{run}").json()["id"] == run


def test_options(http: httpx.Client, make_run: MakeRun) -> None:
    run = make_run()
    found = {path: methods | {"OPTIONS"} for path, methods in calls(http, run)}
    found |= {path: {"GET", "OPTIONS"} for path in (*PAGES, "/api/openapi.json")}
    assert found["/api/runs"] == {"GET", "POST", "DELETE", "OPTIONS"}
    for path, methods in found.items():
        answer = http.options(path)
        assert (answer.status_code, answer.content) == (204, b""), path
        expected = methods | ({"HEAD"} if "GET" in methods else set())
        assert answer.headers["allow"].split(", ") == sorted(expected), path
    assert http.options("/nothing").status_code == 404
    assert http.get(f"/api/runs/{run}").json()["step"] == 0


def test_other_methods(http: httpx.Client, make_run: MakeRun) -> None:
    run = make_run()
    for path in ("/api/runs", f"/api/runs/{run}", "/api/specs/describe", "/metrics", *PAGES):
        for method in ("PUT", "TRACE"):
            answer = http.request(method, path)
            assert answer.status_code == 405, path
            assert answer.headers["allow"] == http.options(path).headers["allow"]
            assert answer.json()["error"]["hint"]
    head = http.head("/api/specs/describe")
    assert head.status_code == 405
    assert head.headers["allow"] == "OPTIONS, POST"
    assert http.put("/nothing").status_code == 404


@pytest.mark.slow
def test_who_may(closed_server: Server) -> None:
    """HEAD and OPTIONS need what GET needs."""
    with client(closed_server) as stranger:
        for path in ("/", "/api/runs"):
            for method in ("HEAD", "OPTIONS", "GET"):
                assert stranger.request(method, path).status_code == 401
        page = {"accept": "text/html"}
        got, head = stranger.get("/", headers=page), stranger.head("/", headers=page)
        assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize("method", ["HEAD", "GET"])
async def test_head_does_not_make_what_is_not_sent(method: str) -> None:
    """An answer in a thousand pieces is left after the first."""
    made, sent = [], list[Message]()
    router = APIRouter()

    async def pieces() -> AsyncIterator[bytes]:
        for number in range(1000):
            made.append(number)
            yield b"x"

    @router.get("/long")
    async def long() -> Response:
        return StreamingResponse(pieces())

    app = FastAPI()
    app.include_router(router)
    waiting = asyncio.Queue[Message]()
    waiting.put_nowait({"type": "http.request", "body": b"", "more_body": False})

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "method": method,
        "path": "/long",
        "query_string": b"",
        "headers": [],
    }
    await Methods(app, AllowedMethods(router.routes))(scope, waiting.get, send)
    body = b"".join(message.get("body", b"") for message in sent)
    if method == "GET":
        assert (len(made), len(body)) == (1000, 1000)
    else:
        assert len(made) < 10
        assert [message["type"] for message in sent] == [
            "http.response.start",
            "http.response.body",
        ]
        assert body == b""
        assert not sent[-1].get("more_body")
        assert scope["route"].path == "/long"  # type: ignore[attr-defined]  # a route
