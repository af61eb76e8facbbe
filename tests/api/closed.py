"""A server behind its tokens, for tests of who may come in."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import httpx2 as httpx
import pytest

from tests.server import PATIENCE, Server, bearer, start_server

TOKEN = "a-token-for-the-class"
ADMIN_TOKEN = "the-token-of-the-lecturer"
HANDSHAKE = {
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-version": "13",
}


@cache
def shared_closed_server() -> Server:
    made = start_server("--workers", "1", LIVENET_TOKEN=TOKEN, LIVENET_ADMIN_TOKEN=ADMIN_TOKEN)
    atexit.register(made.stop)
    return made


@pytest.fixture(scope="session")
def closed_server() -> Iterator[Server]:
    """One that lets in who has a token."""
    made = shared_closed_server()
    yield made
    made.assert_idle()


def client(server: Server, headers: dict[str, str] | None = None) -> httpx.Client:
    """Somebody, with nothing but these headers."""
    return httpx.Client(base_url=server.url, trust_env=False, timeout=PATIENCE, headers=headers)


def script(server: Server, token: str = TOKEN, secret: str = "") -> httpx.Client:
    """A script with a token, and with a secret of its own."""
    return client(server, bearer(token) | ({"livenet-identity": secret} if secret else {}))


@contextmanager
def browser(server: Server, token: str = TOKEN) -> Iterator[httpx.Client]:
    """What a browser is once it has opened the link, with the Origin that its page sends."""
    with client(server, {"origin": server.url}) as made:
        assert made.get("/", params={"token": token}).status_code == 303
        yield made


def cookie_of(made: httpx.Client) -> str:
    """The header Cookie of a client that has one."""
    return "; ".join(f"{name}={value}" for name, value in made.cookies.items())
