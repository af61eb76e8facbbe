"""Which addresses are the server's own."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.api.access.origins import (
    allowed_origins,
    is_loopback,
    is_loopback_host,
    netlocs,
    spellings,
    with_port,
)
from livenet.errors import LivenetError
from livenet.settings import Settings

LOOPBACK = {"http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_is_reached_by_all_its_names(host: str) -> None:
    assert allowed_origins(host, 8000, Settings()) == LOOPBACK


def test_one_address_is_itself() -> None:
    assert allowed_origins("127.0.0.9", 8000, Settings()) == LOOPBACK | {"http://127.0.0.9:8000"}
    assert allowed_origins("10.1.2.3", 80, Settings()) == {"http://10.1.2.3:80"}
    assert allowed_origins("FD00:0::2", 81, Settings()) == {"http://[fd00::2]:81"}
    assert allowed_origins("Lab", 8000, Settings()) == {"http://lab:8000"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_all_addresses_are_this_machines(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Lab")
    found = allowed_origins(host, 8000, Settings())
    assert found > LOOPBACK
    assert {"http://lab:8000", "http://lab.local:8000"} <= found
    assert not any("0.0.0.0" in origin or "[::]" in origin or "%" in origin for origin in found)
    monkeypatch.setattr(socket, "gethostname", lambda: "lab.example")
    found = allowed_origins(host, 8000, Settings())
    assert "http://lab.example:8000" in found
    assert not any(".local" in origin for origin in found)
    monkeypatch.setattr(socket, "gethostname", lambda: "a b")  # no browser can open that
    assert not any(" " in origin for origin in allowed_origins(host, 8000, Settings()))


def test_those_of_settings_are_added() -> None:
    settings = Settings.model_validate({"origins": "https://Net.Example, http://net.example:8080/"})
    found = allowed_origins("127.0.0.1", 8000, settings)
    assert found == LOOPBACK | {"https://net.example:443", "http://net.example:8080"}


@pytest.mark.parametrize(
    "given",
    [
        "*", "null", "net.example", "https://*.example", "https://", "https://x:", "https://x:99999",
        "https://user@x", "https://x/page", "https://x?y", "https://x#y", "ftp://x", "//x",
        "https://a,b", "https://[::1", "https://ü.example", "https://x\r\nevil: 1",
    ],
)  # fmt: skip
def test_no_patterns_and_no_nonsense(given: str) -> None:
    with pytest.raises(LivenetError, match="LIVENET_ORIGINS") as refused:
        with_port("origins", given)
    assert "https://net.example" in refused.value.hint


def test_the_default_port_is_not_named() -> None:
    assert spellings("http://a:80") == {"http://a:80", "http://a"}
    assert spellings("https://a:443") == {"https://a:443", "https://a"}
    assert spellings("https://a:80") == {"https://a:80"}
    assert spellings("http://a:8080") == {"http://a:8080"}
    assert netlocs({"http://a:80", "https://a:443", "https://b:1"}) == {
        "a": {"http", "https"},
        "a:80": {"http"},
        "a:443": {"https"},
        "b:1": {"https"},
    }


@given(st.sampled_from(["http", "https"]), st.integers(1, 65535))
def test_every_port(scheme: str, port: int) -> None:
    assert with_port("origins", f"{scheme}://a:{port}") == f"{scheme}://a:{port}"
    assert with_port("origins", f"{scheme}://[::1]:{port}") == f"{scheme}://[::1]:{port}"


def test_loopback_or_not() -> None:
    for host in ("127.0.0.1", "127.9.9.9", "localhost", "::1", "[::1]"):
        assert is_loopback_host(host)
    for host in ("0.0.0.0", "::", "10.0.0.1", "localhost.example", "", "example"):
        assert not is_loopback_host(host)
    assert is_loopback("http://[::1]:80")
    assert not is_loopback("https://net.example:443")
