"""Targets of requests that are no paths: the host in one is checked like Host."""

from __future__ import annotations

import json

import pytest

from tests.api.raw import connected
from tests.server import MakeRun, Server


async def ask(server: Server, first: str, *lines: str) -> tuple[int, bytes]:
    """The status and the rest of the answer to a request with these lines."""
    async with connected(server.host) as raw:
        text = "\r\n".join((f"{first} HTTP/1.1", *lines, "Connection: close", "", ""))
        await raw.send(text.encode("latin-1"))
        return await raw.status(), await raw.rest()


async def test_the_servers_own_address(server: Server, make_run: MakeRun) -> None:
    run, host = make_run(), server.host
    for first in (f"http://{host}", f"HTTP://{host.upper()}", f"https://{host}"):
        status, rest = await ask(server, f"GET {first}/api/runs/{run}?wait=0", f"Host: {host}")
        assert status == 200
        assert json.loads(rest)["id"] == run
    for target in (f"http://{host}", f"http://{host}?x=1", f"http://{host}/?x=1"):
        status, rest = await ask(server, f"GET {target}", f"Host: {host}")
        assert status == 200
        assert b"<html" in rest


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE"])
@pytest.mark.parametrize(
    "authority",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1:{port}.evil.example",
        "evil.example@127.0.0.1:{port}",
        "127.0.0.1:{port}@evil.example",
        "127.1:{port}",
        "",
    ],
)
async def test_another_address(server: Server, method: str, authority: str) -> None:
    """Whether Host is the server's, the same, or missing."""
    host = server.host
    named = authority.format(port=host.rpartition(":")[2])
    for scheme in ("http", "https", "ftp"):
        first = f"{method} {scheme}://{named}/api/me"
        assert (await ask(server, first, f"Host: {host}"))[0] == 400
        assert (await ask(server, first, f"Host: {named}"))[0] in (400, 403)
        assert (await ask(server, first))[0] in (400, 403)


async def test_another_host_beside_the_own_address(server: Server) -> None:
    first = f"GET http://{server.host}/api/me"
    assert (await ask(server, first, "Host: evil.example"))[0] == 400
    assert (await ask(server, first, f"Host: {server.host}", "Host: evil.example"))[0] == 400


async def test_streams(server: Server, make_run: MakeRun) -> None:
    path = f"/api/runs/{make_run()}/stream"
    handshake = (
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    for authority, expected in ((server.host, 101), ("evil.example", 400)):
        async with connected(server.host) as raw:
            lines = (f"GET http://{authority}{path} HTTP/1.1", f"Host: {server.host}", *handshake)
            await raw.send("\r\n".join((*lines, "", "")).encode())
            assert await raw.status() == expected


async def test_a_path_that_looks_like_an_address(server: Server) -> None:
    for target in ("//evil.example/api/me", "/http://evil.example/api/me"):
        assert (await ask(server, f"GET {target}", f"Host: {server.host}"))[0] == 404


async def test_the_server_itself(server: Server) -> None:
    assert (await ask(server, "OPTIONS *", f"Host: {server.host}"))[0] == 204
    assert (await ask(server, "OPTIONS *", "Host: evil.example"))[0] == 403
    assert (await ask(server, "GET *", f"Host: {server.host}"))[0] == 404
    assert (await ask(server, f"CONNECT {server.host}", f"Host: {server.host}"))[0] == 400
