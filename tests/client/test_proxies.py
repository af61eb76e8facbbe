"""Proxies of the environment that do not answer or cannot be used."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from livenet.client.address import Address
from livenet.client.http import Http
from livenet.client.stream import frames
from livenet.errors import LivenetError

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
SERVER = Address("http://net.example:8000")


@pytest.fixture
def proxies(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets the proxies of the environment to these alone."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)

    def put(**given: str) -> None:
        for name, value in given.items():
            monkeypatch.setenv(name, value)

    return put


def ask(address: Address) -> LivenetError:
    with pytest.raises(LivenetError) as caught:
        Http(address, timeout=5).get("/api/health")
    return caught.value


def watch(address: Address) -> LivenetError:
    with pytest.raises(LivenetError) as caught:
        next(frames(address, "/x", "weights", {}, fps=1, step=None, timeout=5))
    return caught.value


@pytest.mark.parametrize(
    ("way", "variable"),
    [(ask, "HTTP_PROXY"), (ask, "ALL_PROXY"), (watch, "HTTP_PROXY")],  # streams pass over ALL_PROXY
)
def test_a_proxy_that_does_not_answer_is_named(
    proxies: Callable[..., None], way: Callable[[Address], LivenetError], variable: str
) -> None:
    proxies(**{variable: "http://me:secret@127.0.0.1:9"})
    error = way(SERVER)
    assert "http://127.0.0.1:9" in error.message
    assert variable in error.message
    assert "NO_PROXY=net.example" in error.hint
    assert "secret" not in f"{error.message} {error.hint}"


@pytest.mark.parametrize("way", [ask, watch])
@pytest.mark.parametrize("proxy", ["socks5h://127.0.0.1:9", "ftp://127.0.0.1:9", "http://[::1"])
def test_a_proxy_that_cannot_be_used_is_named(
    proxies: Callable[..., None], way: Callable[[Address], LivenetError], proxy: str
) -> None:
    proxies(HTTP_PROXY=proxy)
    error = way(SERVER)
    assert proxy in error.message
    assert "NO_PROXY" in error.hint


@pytest.mark.parametrize("excepted", ["[::1]", "localhost,[::1]:80"])
def test_brackets_in_the_list_of_exceptions_hinder_nobody(
    proxies: Callable[..., None], excepted: str
) -> None:
    proxies(NO_PROXY=excepted)
    assert "No server answers" in ask(SERVER).message


def test_no_proxy_leads_to_this_machine(proxies: Callable[..., None]) -> None:
    proxies(HTTP_PROXY="ftp://127.0.0.1:9", NO_PROXY="[::1]")
    for url in ("http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"):
        error = ask(Address(url))
        assert "No server answers" in error.message
        assert "proxy" not in error.message
