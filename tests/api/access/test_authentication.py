"""A token once, in the address; a cookie from then on; and scripts that bear theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx2 as httpx
import pytest

from livenet.api.access.authentication import WRONG_BURST_SECONDS, WRONG_PER_SECOND
from livenet.api.app import create_app
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
from tests.server import Server, bearer, start_server

pytestmark = pytest.mark.slow

__all__ = ["closed_server"]

PERSON = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def me(made: httpx.Client) -> tuple[str, bool]:
    answer = made.get("/api/me")
    assert answer.status_code == 200, answer.text
    return answer.json()["id"], answer.json()["administrator"]


def test_a_token_becomes_a_cookie(closed_server: Server) -> None:
    port = closed_server.host.rsplit(":", 1)[1]
    with client(closed_server) as made:
        answer = made.get("/", params={"token": TOKEN})
        assert answer.status_code == 303
        assert answer.headers["location"] == "./"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        cookie = answer.headers["set-cookie"]
        name, _, rest = cookie.partition("=")
        assert name == f"livenet_{port}"
        assert {"HttpOnly", "SameSite=Lax", "Max-Age=34560000"} <= set(rest.split("; "))
        assert "path" not in cookie.lower()  # that of the page, which only the browser knows
        assert [kept.path for kept in made.cookies.jar] == ["/"]
        assert "Secure" not in cookie
        assert "domain" not in cookie.lower()
        assert TOKEN not in str(answer.headers)
        page = made.get("/")
        assert page.status_code == 200
        assert "set-cookie" not in page.headers
        assert not me(made)[1]


@pytest.mark.parametrize(
    ("address", "rest"),
    [
        ("/?token={}", "./"),
        ("/?a=1&token={}&b=%C3%BC%26", "./?a=1&b=%C3%BC%26"),
        ("/docs?token={}", "./docs"),
        ("/a%20b%0d%0ax?token={}", "./a%20b%0D%0Ax"),
        ("/a/javascript:x?token={}", "./javascript:x"),
        ("//evil.example/?token={}", "./"),
        ("///evil.example?token={}", "./evil.example"),
        ("/%2F/evil.example?token={}", "./evil.example"),
        ("/\\evil.example?token={}", "./%5Cevil.example"),
        ("/%5C%5Cevil.example?token={}", "./%5C%5Cevil.example"),
    ],
)
def test_back_to_the_same_address(closed_server: Server, address: str, rest: str) -> None:
    """And never to another server's."""
    with client(closed_server) as made:
        answer = made.get(f"{closed_server.url}{address.format(TOKEN)}")
        assert (answer.status_code, answer.headers["location"]) == (303, rest)


def test_who_comes_again_stays_the_same(closed_server: Server) -> None:
    with browser(closed_server) as made:
        first = me(made)
        made.get("/", params={"token": TOKEN})
        assert me(made) == first
        made.get("/", params={"token": ADMIN_TOKEN})
        assert me(made) == (first[0], True)
        made.get("/", params={"token": TOKEN})
        assert me(made) == (first[0], True)
    with browser(closed_server) as other:
        assert me(other)[0] != first[0]


def test_wrong_token(closed_server: Server) -> None:
    """A person gets the page that asks again; whoever had a cookie keeps it."""
    with browser(closed_server) as made:
        for token in ("wrong", "", f"{TOKEN}&token={TOKEN}", TOKEN.upper(), "%00"):
            answer = made.get(f"{closed_server.url}/?token={token}", headers=PERSON)
            assert answer.status_code == 401
            assert "The token is wrong" in answer.text
            assert "set-cookie" not in answer.headers
            assert TOKEN not in answer.text
            assert made.get(f"/?token={token}").json()["error"]["code"] == "unauthorized"
        me(made)


def test_the_api_takes_no_token_in_an_address(closed_server: Server) -> None:
    """There it would stay in a history, or in a script."""
    with client(closed_server) as made:
        for path in ("/api", "/api/me", "/api/runs"):
            assert made.get(path, params={"token": TOKEN}).status_code == 401
        answer = made.get(f"/api/runs/x/stream?token={TOKEN}", headers=HANDSHAKE)
        assert answer.status_code == 401
        for method in ("POST", "HEAD", "PUT"):
            assert made.request(method, "/", params={"token": TOKEN}).status_code == 401


def test_sign_in_page(closed_server: Server) -> None:
    """Nothing in it comes from elsewhere, and it has no script."""
    with client(closed_server) as made:
        for path in ("/", "/docs", "/nothing", "/api/runs"):
            answer = made.get(path, headers=PERSON)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; style-src 'sha256-")
            assert "script" not in policy
            assert not re.search(r"<script|\son\w+=|\sstyle=|https?://", answer.text)
            assert 'name="token"' in answer.text
            assert 'type="password"' in answer.text
            assert "requires a token" in answer.text
            # Back to where one was, but for the API, which takes no token so.
            assert ('action="../"' in answer.text) == path.startswith("/api")
            assert answer.text.count("action=") == path.startswith("/api")


def test_scripts_get_json(closed_server: Server) -> None:
    with client(closed_server) as made:
        for accept in ("*/*", "application/json", "application/octet-stream"):
            answer = made.get("/", headers={"accept": accept})
            assert answer.json()["error"]["code"] == "unauthorized"
            assert answer.headers["www-authenticate"] == "Bearer"


def test_a_handshake_is_told_why(closed_server: Server) -> None:
    with client(closed_server) as made:
        answer = made.get("/api/runs/x/stream", headers=HANDSHAKE)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "unauthorized"


def test_scripts(closed_server: Server) -> None:
    """With a secret of their own they are somebody; without, all with one token are one."""
    first, second = "a-secret-of-my-own", "a-secret-of-yours!"
    found = {}
    for token in (TOKEN, ADMIN_TOKEN):
        for secret in ("", first, second):
            with script(closed_server, token, secret) as made:
                found[token, secret] = me(made)
            with script(closed_server, token, secret) as again:
                assert me(again) == found[token, secret]
    assert len({id for id, _ in found.values()}) == 4
    for secret in (first, second):
        assert found[TOKEN, secret][0] == found[ADMIN_TOKEN, secret][0]
    assert all(administrator == (token == ADMIN_TOKEN) for (token, _), (_, administrator)
               in found.items())  # fmt: skip


@pytest.mark.parametrize("secret", ["short", "x" * 15, "x" * 257])
def test_a_secret_has_a_length(closed_server: Server, secret: str) -> None:
    with script(closed_server, TOKEN, secret) as made:
        answer = made.get("/api/me")
    assert answer.status_code == 400
    assert secret not in answer.text
    assert "16" in answer.json()["error"]["hint"]


def test_a_bearers_cookie_does_not_count(closed_server: Server) -> None:
    with browser(closed_server, ADMIN_TOKEN) as made:
        assert me(made)[1]
        answer = made.get("/api/me", headers=bearer(TOKEN))
        assert not answer.json()["administrator"]
        assert made.get("/api/me", headers=bearer("wrong")).status_code == 401


def test_an_administrator_can_be_a_member_again(closed_server: Server) -> None:
    """By an address, which keeps the rest of the query; a client without a cookie has no role."""
    with browser(closed_server, ADMIN_TOKEN) as made:
        id, administrator = me(made)
        assert administrator
        answer = made.get("/?role=member&x=1", headers=PERSON)
        assert (answer.status_code, answer.headers["location"]) == (303, "./?x=1")
        assert me(made) == (id, False)
        made.get(f"/?token={ADMIN_TOKEN}", headers=PERSON)
        assert me(made) == (id, True)
        assert made.get("/?role=another", headers=PERSON).status_code == 200
    with client(closed_server) as stranger:
        answer = stranger.get("/?role=member", headers=PERSON)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers


@pytest.fixture(scope="module")
def other_server() -> Iterator[Server]:
    made = start_server("--workers", "1", LIVENET_TOKEN=TOKEN)
    yield made
    made.stop()


def test_ports_share_cookies_and_nothing_else(closed_server: Server, other_server: Server) -> None:
    """One browser at two servers of one host: each has its cookie, and neither the other's."""
    with client(closed_server) as made:
        made.get("/", params={"token": TOKEN})
        made.get(f"{other_server.url}/", params={"token": TOKEN})
        assert len(made.cookies) == 2
        ids = {made.get(f"{one.url}/api/me").json()["id"] for one in (closed_server, other_server)}
        assert len(ids) == 2
        values = dict(made.cookies.items())
        for server in (closed_server, other_server):
            port = server.host.rsplit(":", 1)[1]
            (value,) = [value for name, value in values.items() if not name.endswith(port)]
            with client(server, {"cookie": f"livenet_{port}={value}"}) as stranger:
                assert stranger.get("/api/me").status_code == 401


def test_a_planted_cookie_shuts_nobody_out(closed_server: Server) -> None:
    """Another server on this host could set one of our name: that which is ours counts."""
    with browser(closed_server) as made:
        cookie = cookie_of(made)
        id, _ = me(made)
    name = cookie.partition("=")[0]
    for header in (f"{name}=x; {cookie}", f"{cookie}; {name}=x", f"a=b;;{cookie};;c=d"):
        with client(closed_server, {"cookie": header}) as planted:
            assert me(planted)[0] == id


@pytest.mark.parametrize(
    ("host", "name", "secure"),
    [
        ("a.example", "livenet_443", True),
        ("a.example:443", "livenet_443", True),
        ("b.example:81", "livenet_81", False),
        ("b.example", "livenet_80", False),
        ("[::1]:82", "livenet_82", False),
        ("[::1]", "livenet_80", False),
        ("both.example:443", "livenet_443", True),
        ("both.example", "livenet_80", False),  # it cannot be known
    ],
)
async def test_the_address_that_the_browser_opened(host: str, name: str, secure: bool) -> None:
    """Behind a proxy, its port and scheme are what counts."""
    origins = {
        "https://a.example:443", "http://b.example:81", "http://b.example:80", "http://[::1]:82",
        "http://[::1]:80", "http://both.example:80", "https://both.example:443",
    }  # fmt: skip
    app = create_app(Settings.model_validate({"token": TOKEN}), frozenset(origins))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as made:
        answer = await made.get("/", params={"token": TOKEN})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{name}=")
    assert cookie.endswith("; Secure") == secure


def test_guessing_is_noticed_and_bounded(capfd: pytest.CaptureFixture[str]) -> None:
    """It locks out nobody who has a token."""
    server = start_server("--workers", "1", LIVENET_TOKEN=TOKEN)
    try:
        with client(server) as made, browser(server) as insider:
            burst = int(WRONG_PER_SECOND * WRONG_BURST_SECONDS)
            answers = [
                made.get("/api/me", headers=bearer(f"guess-{number}"))
                for number in range(3 * burst)
            ]
            statuses = [answer.status_code for answer in answers]
            assert statuses[:burst] == [401] * burst
            assert 429 in statuses
            late = answers[statuses.index(429)]
            assert late.json()["error"]["code"] == "too_many"
            assert int(late.headers["retry-after"]) >= 1
            page = made.get("/", params={"token": "guess"}, headers=PERSON)
            assert page.status_code == 429
            assert 'name="token"' in page.text
            assert me(insider)
            with script(server) as right, browser(server) as newcomer:
                assert me(right)
                assert me(newcomer)
    finally:
        server.stop()
    said = capfd.readouterr().err
    assert said.count("someone may be guessing") == 1
    assert "guess-1" not in said
    assert TOKEN not in said
