"""Pages of other sites: those listed come in with a token, and nothing else lets them in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx2 as httpx
import pytest
from starlette.types import ASGIApp
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from livenet.api.access.credentials import Credentials, Role
from livenet.api.app import create_app
from livenet.errors import LivenetError
from livenet.settings import Settings
from tests.api.closed import ADMIN_TOKEN, TOKEN
from tests.server import Server, bearer, start_server

OWN = "http://localhost:8000"
PAGE = "https://notes.example"
NEIGHBOUR = "http://localhost:3000"  # of the same site, which SameSite does not keep away
LISTED = {"cors_origins": f"{PAGE} {NEIGHBOUR}"}
CLOSED = {"token": TOKEN, "admin_token": ADMIN_TOKEN, **LISTED}
PREFLIGHT = {"access-control-request-method": "POST"}


@cache
def made(settings: str) -> ASGIApp:
    """A server in this process; its OpenAPI document takes a second."""
    return create_app(Settings.model_validate_json(settings), frozenset({OWN}))


def ask(
    method: str, path: str, headers: dict[str, str], settings: dict[str, Any] = CLOSED
) -> httpx.Response:
    app = made(json.dumps(settings))

    async def fetch() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=OWN) as asking:
            return await asking.request(method, path, headers=headers)

    return asyncio.run(fetch())


def of_cors(answer: httpx.Response) -> dict[str, str]:
    start = "access-control-"
    return {
        name.removeprefix(start): value
        for name, value in answer.headers.items()
        if name.startswith(start)
    }


def cookie() -> dict[str, str]:
    """That of a browser which has opened the server's own page as an administrator."""
    made = Credentials.of(Settings.model_validate(CLOSED)).cookie(Role.ADMINISTRATOR)
    return {"cookie": f"livenet_8000={made}"}


@pytest.mark.parametrize("origin", [PAGE, NEIGHBOUR])
def test_a_listed_page_has_a_token(origin: str) -> None:
    answer = ask("GET", "/api/me", {"origin": origin} | bearer(TOKEN))
    assert answer.status_code == 200
    shared = of_cors(answer)
    assert shared.pop("allow-origin") == origin
    exposed = shared.pop("expose-headers").split(", ")
    assert {"Content-Disposition", "ETag", "Retry-After"} <= set(exposed)
    assert shared == {}  # no credentials among them
    assert answer.headers["vary"] == "origin"


@pytest.mark.parametrize("path", ["/api/runs", "/api/runs/some/commands", "/api/nothing"])
@pytest.mark.parametrize("settings", [CLOSED, LISTED], ids=["closed", "open"])
def test_preflight(path: str, settings: dict[str, Any]) -> None:
    """Browsers send no credentials with it."""
    asked = {"origin": PAGE, **PREFLIGHT, "access-control-request-headers": "authorization"}
    answer = ask("OPTIONS", path, asked, settings)
    assert (answer.status_code, answer.content) == (204, b"")
    shared = of_cors(answer)
    assert shared["allow-origin"] == PAGE
    assert {"GET", "POST", "PATCH", "DELETE"} <= set(shared["allow-methods"].split(", "))
    names = shared["allow-headers"].lower().split(", ")
    assert {"authorization", "content-type", "idempotency-key", "livenet-identity"} <= set(names)
    assert int(shared["max-age"]) > 0
    assert "allow-credentials" not in shared
    assert answer.headers["vary"] == "origin"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("given", ["cookie", "nothing", "a token in the address"])
def test_a_listed_page_without_a_token(method: str, given: str) -> None:
    """The cookie of an administrator does nothing for it; why it was refused can be read."""
    headers = {"origin": NEIGHBOUR} | (cookie() if given == "cookie" else {})
    query = f"?token={TOKEN}" if given == "a token in the address" else ""
    answer = ask(method, f"/api/runs/some{query}", headers)
    assert answer.status_code == 401
    assert "Authorization" in answer.json()["error"]["hint"]
    assert of_cors(answer)["allow-origin"] == NEIGHBOUR
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("settings", [CLOSED, CLOSED | {"cors_origins": f"{PAGE} {OWN}"}])
def test_the_own_page_keeps_its_cookie(settings: dict[str, Any]) -> None:
    """Also where the server's own address is in the list."""
    for method, status in (("GET", 200), ("POST", 405)):
        answer = ask(method, "/api/me", {"origin": OWN} | cookie(), settings)
        assert answer.status_code == status
        assert of_cors(answer) == {}
        assert answer.headers["vary"] == "origin"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://notes.example",
        "https://notes.example:8443",
        "https://notes.example.evil.example",
        "https://a.notes.example",
        "https://notes.example/",
        "HTTPS://NOTES.EXAMPLE",
        "null",
        "*",
        "",
    ],
)
def test_pages_that_are_not_listed(origin: str) -> None:
    for headers in (bearer(TOKEN), PREFLIGHT, cookie()):
        for method in ("GET", "POST", "OPTIONS"):
            answer = ask(method, "/api/runs", {"origin": origin} | headers)
            assert answer.status_code == 403
            assert "LIVENET_CORS_ORIGINS" in answer.json()["error"]["hint"]
            assert of_cors(answer) == {}


def test_the_pages_own_files_are_not_shared() -> None:
    for path in ("/", "/docs", "/metrics", "/apix"):
        answer = ask("GET", path, {"origin": PAGE} | bearer(TOKEN))
        assert answer.status_code == 403
        assert of_cors(answer) == {}


def test_a_foreign_host_is_refused_all_the_same() -> None:
    for headers in (bearer(TOKEN), PREFLIGHT):
        headers = {"origin": PAGE, "host": "evil.example"} | headers
        assert ask("OPTIONS", "/api/runs", headers).status_code == 403


def test_by_default_nothing_is_shared() -> None:
    for settings in ({"token": TOKEN}, {}):
        answer = ask("GET", "/api/me", {"origin": PAGE} | bearer(TOKEN), settings)
        assert answer.status_code == 403
        assert of_cors(answer) == {}
        own = ask("GET", "/api/me", bearer(TOKEN), settings)
        assert "vary" not in own.headers


def test_an_open_server_has_one_user() -> None:
    answer = ask("GET", "/api/me", {"origin": PAGE, "sec-fetch-site": "cross-site"}, LISTED)
    assert answer.json() == {"id": "local", "administrator": True}
    assert of_cors(answer)["allow-origin"] == PAGE


@pytest.mark.parametrize("given", ["*", "https://*.example", "notes.example", "null", f"{PAGE}/x"])
def test_what_is_no_origin_is_refused_at_the_start(given: str) -> None:
    settings = Settings.model_validate({"token": TOKEN, "cors_origins": given})
    with pytest.raises(LivenetError, match="LIVENET_CORS_ORIGINS"):
        create_app(settings, frozenset({OWN}))


@pytest.fixture
def shared_server() -> Iterator[Server]:
    made = start_server("--workers", "1", LIVENET_TOKEN=TOKEN, LIVENET_CORS_ORIGINS=PAGE)
    yield made
    made.stop()


@pytest.mark.slow
def test_from_making_a_run_to_deleting_it(shared_server: Server) -> None:
    """As a page does, and not over a websocket."""
    headers = {"origin": PAGE} | bearer(TOKEN)
    with httpx.Client(base_url=shared_server.url, headers=headers, trust_env=False) as page:
        made = page.post("/api/runs", json={"start": False})
        assert made.status_code == 201
        path = f"/api/runs/{made.json()['id']}"
        csv = page.get(f"{path}/series?format=csv")
        assert "attachment" in csv.headers["content-disposition"]
        assert set(csv.headers["vary"].split(", ")) == {"accept", "origin"}
        answers = [made, csv, page.get(f"{path}/nothing"), page.delete(path)]
        assert [of_cors(answer)["allow-origin"] for answer in answers] == [PAGE] * 4
    url = shared_server.url.replace("http", "ws") + f"{path}/stream"
    with pytest.raises(InvalidStatus) as refusal:
        connect(url, origin=Origin(PAGE), additional_headers=bearer(TOKEN), proxy=None)
    assert refusal.value.response.status_code == 403
