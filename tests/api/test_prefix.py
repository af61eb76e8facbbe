"""A path prefix: taken off where a proxy leaves it on, and not missed where it does not."""

from __future__ import annotations

import asyncio
from urllib.parse import urljoin

import httpx2 as httpx
import pytest
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send

from livenet.api.prefix import Prefix
from livenet.api.serving.addresses import addresses
from livenet.client import Client
from livenet.settings import Settings
from tests.proxy import proxied
from tests.server import Server

ROOT = "/user/a%40b/net"


def asked(path: str, root: str = ROOT) -> tuple[list[str], httpx.Response]:
    """The paths that come through, and the answer."""
    seen: list[str] = []

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Prefix(inside, root))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as made:
            return await made.get(path)

    return seen, asyncio.run(ask())


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        (f"{ROOT}/", "/"),
        (f"{ROOT}/api/runs", "/api/runs"),
        ("/user/a@b/net/docs", "/docs"),
        ("/api/runs", "/api/runs"),
        ("/user/a@b/network", "/user/a@b/network"),
        (f"{ROOT}//evil.example", "//evil.example"),
    ],
)
def test_the_prefix_is_taken_off(path: str, inside: str) -> None:
    assert asked(path)[0] == [inside]


def test_without_its_slash_it_leads_to_the_page() -> None:
    for query in ("", "?token=x&a=%26"):
        seen, answer = asked(ROOT + query)
        assert seen == []
        assert answer.status_code == 307
        assert urljoin(str(answer.url), answer.headers["location"]) == f"http://x{ROOT}/{query}"


@pytest.mark.parametrize("root", ["", "/", "/a", "/a/b-c.d~e/", "/user/a%40b/proxy/8140"])
def test_prefixes(root: str) -> None:
    assert Settings(root_path=root).root_path == root.rstrip("/")


@pytest.mark.parametrize(
    "root",
    ["a", "a/b", "//a", "/a//b", "/a/../b", "/..", "/.", "/a?b", "/a#b", "/a b", "http://x/a",
     "/ü", "/a\r\nx", "/a\\b"],
)  # fmt: skip
def test_what_is_no_prefix(root: str) -> None:
    with pytest.raises(ValidationError, match="begins with a slash"):
        Settings(root_path=root)


def test_links_have_the_prefix() -> None:
    settings = Settings.model_validate({"origins": "https://hub.example", "root_path": "/user/u1"})
    assert addresses("127.0.0.1", 8140, settings) == ["https://hub.example/user/u1"]


def test_no_address_of_its_own_is_whole(http: httpx.Client) -> None:
    """Redirects go by what was asked for, and calls by where their document is."""
    assert http.get("/api/runs/").status_code == 404
    (server,) = http.get("/api/openapi.json").json()["servers"]
    assert urljoin("http://x/user/u1/api/openapi.json", server["url"]) == "http://x/user/u1/"


@pytest.mark.parametrize("end", ["", "/"])
def test_the_client_takes_an_address_with_a_path(server: Server, end: str) -> None:
    port = int(server.host.rpartition(":")[2])
    with (
        proxied(port, "/user/u1/proxy/8140", strips=True) as proxy,
        Client(proxy.url + end) as client,
    ):
        assert client.health()["status"] == "ok"
        run = client.run({"training": {"steps": 20}})
        try:
            run.wait(60)
            (frame,) = run.stream("decision", step=20)
            assert frame["step"] == 20
        finally:
            run.delete()
        assert proxy.strays == []
