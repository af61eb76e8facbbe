"""Who may come in: on every route there is, over HTTP and websockets alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.routing import Mount, WebSocketRoute
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from livenet.api.app import create_app
from livenet.api.gate import LOOPBACK, Gate, loopback_hosts
from livenet.settings import Settings
from tests.server import MakeRun, Server

Route = tuple[str, str]


def routes() -> list[Route]:
    """(method or "WS", path) of everything that the application answers."""
    gate = create_app(Settings(), frozenset({"x"}))
    assert isinstance(gate, Gate)
    return sorted(set(_walk(getattr(gate.app, "routes"))))  # noqa: B009  # an application has them


def _walk(found: list[Any]) -> Iterator[Route]:
    for route in found:
        if included := getattr(route, "original_router", None):
            yield from _walk(included.routes)
        elif isinstance(route, Mount):
            yield "GET", f"{route.path}/start.js"
        elif isinstance(route, WebSocketRoute) or not hasattr(route, "methods"):
            yield "WS", route.path
        else:
            for method in route.methods:
                yield method, route.path


ROUTES = routes()
FOREIGN_HOSTS = ["evil.example", "127.0.0.1", "localhost:1", "127.0.0.1.evil.example:{port}", ""]
FOREIGN_ORIGINS = [
    "http://evil.example",
    "https://{host}",
    "http://{host}.evil.example",
    "http://127.0.0.1",
    "null",
    "",
]


def test_routes_are_all_found(http: httpx.Client) -> None:
    """Else the tests below would leave some out."""
    document = http.get("/api/openapi.json").json()
    named = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert named <= set(ROUTES)
    assert {("GET", "/"), ("GET", "/docs"), ("WS", "/api/runs/{run}/stream")} <= set(ROUTES)
    assert {"/app/start.js", "/vendor/start.js"} <= {path for _, path in ROUTES}


def refused(http: httpx.Client, route: Route, run: str, headers: dict[str, str]) -> None:
    method, path = route
    path = path.replace("{run}", run).replace("{probe}", "decision")
    if method == "WS":
        handshake = {
            "connection": "Upgrade",
            "upgrade": "websocket",
            "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
            "sec-websocket-version": "13",
        }
        answer = http.get(path, headers=handshake | headers)
        assert answer.status_code == 403, (route, headers)
        return
    body: dict[str, str] | None = {} if method == "POST" else None
    answer = http.request(method, path, headers=headers, json=body)
    assert answer.status_code == 403, (route, headers)
    if method != "HEAD":
        error = answer.json()["error"]
        assert error["code"] == "forbidden"
        assert error["hint"]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: " ".join(route))
def test_foreign_host_and_origin(
    http: httpx.Client, server: Server, make_run: MakeRun, route: Route
) -> None:
    run = make_run() if "{run}" in route[1] else ""
    port = server.host.rsplit(":", 1)[1]
    for host in FOREIGN_HOSTS:
        refused(http, route, run, {"host": host.format(port=port)})
    for origin in FOREIGN_ORIGINS:
        refused(http, route, run, {"origin": origin.format(host=server.host)})
    if run:  # it is all as it was
        assert http.get(f"/api/runs/{run}").json()["step"] == 0


def test_own_hosts_and_origins(http: httpx.Client, server: Server, make_run: MakeRun) -> None:
    port = int(server.host.rsplit(":", 1)[1])
    assert loopback_hosts(port) == {f"{host}:{port}" for host in LOOPBACK}
    url = f"ws://{server.host}/api/runs/{make_run()}/stream"
    for host in loopback_hosts(port):
        origin = f"http://{host}"
        answer = http.get("/api/health", headers={"host": host, "origin": origin})
        assert answer.status_code == 200
        with connect(url, origin=Origin(origin), proxy=None, legacy=True) as socket:
            assert socket.recv(timeout=10)
    with pytest.raises(InvalidStatus) as refusal:
        connect(url, origin=Origin("http://evil.example"), proxy=None, legacy=True)
    assert refusal.value.response.status_code == 403


def test_port_80_is_not_named() -> None:
    assert loopback_hosts(80) >= set(LOOPBACK)


def test_headers_of_safety(http: httpx.Client) -> None:
    for path in ("/", "/docs", "/api/health", "/api/nothing", "/app/nothing.js"):
        headers = http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers
        assert headers["content-security-policy"]
        assert "server" not in headers
