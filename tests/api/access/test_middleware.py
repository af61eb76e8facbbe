"""Who may come in: on every route there is, over HTTP and websockets alike."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from starlette.routing import Mount, WebSocketRoute
from starlette.types import ASGIApp
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from livenet.api.access.origins import LOOPBACK
from livenet.api.app import create_app
from livenet.api.page.files import read_assets
from livenet.api.page.frontend import find_frontend
from livenet.errors import LivenetError
from livenet.settings import Settings
from tests.api.closed import (
    ADMIN_TOKEN,
    HANDSHAKE,
    TOKEN,
    browser,
    client,
    closed_server,
    cookie_of,
    script,
)
from tests.server import PATIENCE, MakeRun, Server, bearer

__all__ = ["closed_server"]

Route = tuple[str, str]


def routes() -> list[Route]:
    """(method or "WS", path) of everything that the application answers, and of what it does not.

    The gate does not know which paths there are; were that to change, this would still hold.
    """
    layer: Any = create_app(Settings(), frozenset({"http://localhost:1"}))
    while not hasattr(layer, "routes"):
        layer = layer.app
    built = find_frontend().built
    files = read_assets(built, private=True) if built else {}
    one_of_each_kind = {Path(path).suffix: path for path in sorted(files)}.values()
    nothing = [("GET", "/nothing"), ("POST", "/api/nothing"), ("WS", "/nothing"), ("GET", "//")]
    return sorted({*_walk(layer.routes), *(("GET", path) for path in one_of_each_kind), *nothing})


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
each_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: " ".join(route))
FOREIGN_HOSTS = [
    "evil.example",
    "localhost.evil.example:{port}",
    "127.0.0.2",
    "127.1:{port}",
    "localhost:",
    "localhost:0",
    "localhost:65536",
    "127.0.0.1.evil.example:{port}",
    "127.0.0.1:{port}.evil.example",
    "evil.example@127.0.0.1:{port}",
    "http://127.0.0.1:{port}",
    "127.0.0.1:0{port}",
    "",
]
FOREIGN_ORIGINS = [
    "http://evil.example",
    "https://{host}",
    "http://{host}.evil.example",
    "http://evil.example@{host}",
    "http://{host}/",
    "{host}",
    "http://127.0.0.1",
    "http://localhost:1",
    "null",
    "",
]


def ask(made: httpx.Client, route: Route, headers: dict[str, str], run: str) -> httpx.Response:
    """One request of a route, or its handshake."""
    method, path = route
    path = path.replace("{run}", run).replace("{probe}", "decision")
    if method == "WS":
        return made.get(path, headers=HANDSHAKE | headers)
    return made.request(method, path, headers=headers, json={"x": 1} if method == "POST" else None)


def refused(
    made: httpx.Client, route: Route, headers: dict[str, str], status: int, run: str
) -> None:
    answer = ask(made, route, headers, run)
    assert answer.status_code == status, (route, headers)
    if route[0] != "HEAD":
        error = answer.json()["error"]
        assert error["code"] == {401: "unauthorized", 403: "forbidden"}[status]
        assert error["hint"]
    for token in (TOKEN, ADMIN_TOKEN):
        assert token not in answer.text


def test_routes_are_all_found(http: httpx.Client) -> None:
    """Else the tests below would leave some out."""
    document = http.get("/api/openapi.json").json()
    named = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert named <= set(ROUTES)
    assert {("GET", "/"), ("GET", "/docs"), ("WS", "/api/runs/{run}/stream")} <= set(ROUTES)
    page = http.get("/").text
    assert {path for _, path in ROUTES} & {"/app/start.js", *page.split('"')} - {"/"}


@each_route
def test_foreign_host_and_origin(
    http: httpx.Client, server: Server, make_run: MakeRun, route: Route
) -> None:
    """On a server that asks for no token, too."""
    run = make_run() if "{run}" in route[1] else ""
    port = server.host.rsplit(":", 1)[1]
    for host in FOREIGN_HOSTS:
        refused(http, route, {"host": host.format(port=port)}, 403, run)
    for origin in FOREIGN_ORIGINS:
        refused(http, route, {"origin": origin.format(host=server.host)}, 403, run)
    if run:  # it is all as it was
        assert http.get(f"/api/runs/{run}").json()["step"] == 0


@each_route
def test_without_credentials(closed_server: Server, route: Route) -> None:
    """None, wrong ones, and ones that somebody has tampered with."""
    with browser(closed_server) as insider:
        cookie = cookie_of(insider)
    name, value = cookie.split("=")
    id, role, signature = value.split(".")
    assert role == "member"
    own = {"origin": closed_server.url}
    given = [
        {},
        own,
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer"},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": TOKEN},
        {"cookie": f"{name}={TOKEN}"},
        {"cookie": f"{name}={id}.administrator.{signature}"},
        {"cookie": f"{name}={'0' * 16}.{role}.{signature}"},
        {"cookie": f"{name}={id}.{role}.{signature[:-2]}"},
        {"cookie": f"{name}={id}.{role}."},
        {"cookie": f"{name}={id}.{role}"},
        {"cookie": f"{name}="},
        {"cookie": f"livenet_1={value}"},
        {"cookie": f"x{cookie}"},
        {"livenet-identity": "a-secret-of-my-own"},
        {"x-forwarded-for": "127.0.0.1", "forwarded": "for=127.0.0.1"},
    ]
    with client(closed_server) as made:
        for headers in given:
            refused(made, route, headers, 401, "nothing")
            if "cookie" in headers:
                refused(made, route, headers | own, 401, "nothing")


@each_route
def test_with_credentials_from_elsewhere(closed_server: Server, route: Route) -> None:
    """A right token or cookie is worth nothing to another page, nor under another name."""
    with browser(closed_server) as insider:
        cookie = {"cookie": cookie_of(insider)}
    port = closed_server.host.rsplit(":", 1)[1]
    with client(closed_server) as made:
        for credentials in (cookie, bearer(TOKEN), bearer(ADMIN_TOKEN)):
            for origin in FOREIGN_ORIGINS:
                headers = {"origin": origin.format(host=closed_server.host)} | credentials
                refused(made, route, headers, 403, "nothing")
            for host in FOREIGN_HOSTS:
                headers = {"host": host.format(port=port)} | credentials
                refused(made, route, headers, 403, "nothing")
        method, path = route
        if method not in ("GET", "HEAD"):  # a cookie alone, without the page that sends it
            refused(made, route, cookie, 403, "nothing")
        for site in ("cross-site", "same-site", "", "what"):
            if method not in ("GET", "HEAD") or path.startswith("/api/"):
                refused(made, route, cookie | {"sec-fetch-site": site}, 403, "nothing")


ANSWERED = [route for route in ROUTES if route != ("WS", "/nothing")]  # that is a 403 for all


@pytest.mark.parametrize("route", ANSWERED, ids=lambda route: " ".join(route))
def test_with_credentials(closed_server: Server, route: Route) -> None:
    """They come in: the tests above are not passed by a server that refuses everybody."""
    with browser(closed_server) as insider:
        assert ask(insider, route, {}, "nothing").status_code not in (401, 403)
        if route[0] in ("GET", "HEAD"):
            del insider.headers["origin"]
            for site in ("none", "same-origin"):
                answer = ask(insider, route, {"sec-fetch-site": site}, "nothing")
                assert answer.status_code not in (401, 403)
    for token in (TOKEN, ADMIN_TOKEN):
        with script(closed_server, token) as made:
            assert ask(made, route, {}, "nothing").status_code not in (401, 403)


def test_wrong_tokens(closed_server: Server) -> None:
    for token in ("wrong", f"{TOKEN} {TOKEN}", f"{TOKEN}x", TOKEN[:-1], TOKEN.upper(), "ü"):
        with client(closed_server) as made:
            given = {"authorization": f"Bearer {token}".encode()}
            assert made.get("/api/me", headers=given).status_code == 401  # type: ignore[arg-type]  # bytes


@cache
def app_in_process() -> ASGIApp:
    settings = Settings.model_validate({"token": TOKEN})
    return create_app(settings, frozenset({"http://localhost:1"}))


def in_process(*headers: tuple[str, str]) -> tuple[int, str]:
    """What the gate says to headers that no client, or no server's parser, would let through."""
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/api/me",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }

    async def ask() -> None:
        await app_in_process()(scope, receive, send)

    asyncio.run(ask())
    return said[0]["status"], said[1]["body"].decode()


HOST, OWN = ("host", "localhost:1"), ("origin", "http://localhost:1")
IN = ("authorization", f"Bearer {TOKEN}")


def test_what_is_there_twice() -> None:
    """Were one taken and the other left, somebody before us might have looked at the other."""
    assert in_process(HOST, OWN, IN)[0] == 200
    for repeated in (HOST, OWN, IN, ("livenet-identity", "a" * 16), ("content-length", "0")):
        for other in (repeated[1], "x" * 16):
            status, said = in_process(HOST, OWN, IN, repeated, (repeated[0], other))
            assert status == 400, repeated
            assert repeated[0] in said


@pytest.mark.parametrize("length", ["x", "1_0", "+1", "-1", "0x10", "\u0663", "1, 1", "1 1", ""])
def test_lengths_that_are_none(length: str) -> None:
    status, said = in_process(HOST, IN, ("content-length", length))
    assert (status, "content-length" in said) == (400, True)


@pytest.mark.parametrize("length", [str(2**20 + 1), "9" * 5000])
def test_lengths_that_are_too_long(length: str) -> None:
    assert in_process(HOST, IN, ("content-length", length))[0] == 413
    assert in_process(HOST, IN, ("content-length", "0"))[0] == 200


def test_own_hosts_and_origins(http: httpx.Client, server: Server, make_run: MakeRun) -> None:
    port = int(server.host.rsplit(":", 1)[1])
    url = f"ws://{server.host}/api/runs/{make_run()}/stream"
    for name in LOOPBACK:
        host = f"{name}:{port}"
        origin = f"http://{host}"
        for spelt in (host, host.upper()):
            answer = http.get("/api/health", headers={"host": spelt, "origin": origin})
            assert answer.status_code == 200
        with connect(url, origin=Origin(origin), proxy=None, legacy=True) as socket:
            assert socket.recv(timeout=PATIENCE)
    with pytest.raises(InvalidStatus) as refusal:
        connect(url, origin=Origin("http://evil.example"), proxy=None, legacy=True)
    assert refusal.value.response.status_code == 403


TUNNELS = ["localhost:9000", "127.0.0.1:1", "[::1]:65535", "127.0.0.1", "LOCALHOST:8888"]


@pytest.mark.parametrize("host", TUNNELS)
def test_a_tunnel_has_a_port_of_its_own(
    http: httpx.Client, closed_server: Server, host: str
) -> None:
    """And only its own page comes through it, not one of another program of that machine."""
    own = {"host": host, "origin": f"http://{host.lower()}"}
    assert http.get("/api/health", headers=own).status_code == 200
    assert http.get("/", headers={"host": host}).status_code == 200
    assert http.get("/api/runs/nothing/stream", headers=own | HANDSHAKE).status_code == 101
    for origin in ("http://localhost:3000", f"https://{host.lower()}", str(http.base_url)):
        assert http.get("/api/health", headers=own | {"origin": origin}).status_code == 403
    with client(closed_server) as made:  # where a token is asked for, it is asked for there too
        assert made.get("/api/health", headers=own).status_code == 401
        answer = made.get("/", params={"token": TOKEN}, headers=own)
        assert answer.status_code == 303
        port = host.rpartition(":")[2] if host[-1] != "]" and ":" in host else "80"
        assert answer.headers["set-cookie"].startswith(f"livenet_{port}=")
        assert "Secure" not in answer.headers["set-cookie"]


def test_no_tunnel_leads_to_another_machine() -> None:
    """A server that listens on one address of a network is no name of the loopback."""
    settings = Settings.model_validate({"token": TOKEN})
    app = create_app(settings, frozenset({"http://10.0.0.5:8000"}))

    async def ask() -> int:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:9000") as made:
            return (await made.get("/api/me", headers=bearer(TOKEN))).status_code

    assert asyncio.run(ask()) == 403


def test_pages_elsewhere_cannot_use_an_open_server(http: httpx.Client) -> None:
    """A page that makes a browser load from this machine gets nothing of the API."""
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200)):
        answer = http.get("/api/runs", headers={"sec-fetch-site": site})
        assert answer.status_code == status
    # But a link to the page is followed.
    assert http.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_never_open_to_others() -> None:
    """Whatever starts it: without a token, only addresses of this machine."""
    for origin in ("http://192.168.1.5:8000", "https://net.example:443", "http://[fd00::2]:80"):
        origins = frozenset({"http://127.0.0.1:8000", origin})
        with pytest.raises(LivenetError, match="no token is set") as refused:
            create_app(Settings(), origins)
        assert origin in refused.value.message
        assert "LIVENET_TOKEN" in refused.value.hint
        create_app(Settings.model_validate({"token": TOKEN}), origins)


def headers_of(origin: str, **set_: Any) -> httpx.Headers:
    """The headers of safety of a server with one address."""
    settings = Settings.model_validate({"token": TOKEN, **set_})
    app = create_app(settings, frozenset({origin}))

    async def fetch() -> httpx.Headers:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=origin) as made:
            return (await made.get("/api/me")).headers

    return asyncio.run(fetch())


def test_headers_of_safety(http: httpx.Client) -> None:
    for path in ("/", "/docs", "/api/health", "/api/nothing", "/app/nothing.js"):
        headers = http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "strict-transport-security" not in headers
        assert "server" not in headers
    assert http.get("/api/me").headers["cache-control"] == "no-store"
    refused = http.get("/", headers={"host": "evil.example"}).headers
    assert refused["x-content-type-options"] == "nosniff"


def test_https_alone_is_strict() -> None:
    assert "strict-transport-security" in headers_of("https://net.example:443")
    assert "strict-transport-security" not in headers_of("http://net.example:80")


def test_framed_by_those_allowed() -> None:
    found = headers_of("https://net.example:443", framed_by="https://lms.example http://b:81")
    ancestors = found["content-security-policy"].rpartition("; frame-ancestors ")[2]
    assert ancestors == "https://lms.example:443 http://b:81"
    assert "x-frame-options" not in found  # it knows no list
    with pytest.raises(LivenetError, match="FRAMED_BY"):
        headers_of("https://net.example:443", framed_by="*")
