"""What is printed at the start, and to whom."""

from __future__ import annotations

from collections import namedtuple
from socket import AF_INET, AF_INET6

import psutil
import pytest
from pydantic import SecretStr

from livenet.api.access.credentials import Credentials
from livenet.api.serving.addresses import addresses, announcement
from livenet.settings import Settings

TOKEN = "for-the-class-0123"
ADMIN = "for-lecturers+/=?&#"
Address = namedtuple("Address", "family address")


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with two addresses that others know."""
    found = {
        "lo": [Address(AF_INET, "127.0.0.1"), Address(AF_INET6, "::1")],
        "eth0": [
            Address(AF_INET6, "fe80::1%eth0"),
            Address(AF_INET6, "2001:db8::5"),
            Address(AF_INET, "192.0.2.5"),
            Address(AF_INET, "169.254.1.1"),
        ],
    }
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: found)
    monkeypatch.setattr("socket.gethostname", lambda: "lectern")


def lines(settings: Settings, *, to_a_person: bool, host: str = "0.0.0.0") -> list[str]:
    credentials = Credentials.of(settings)
    return announcement(host, 8000, settings, credentials, to_a_person=to_a_person)


def test_this_machine_alone() -> None:
    assert addresses("127.0.0.1", 8000, Settings()) == ["http://127.0.0.1:8000"]
    assert addresses("::1", 8000, Settings()) == ["http://[::1]:8000"]
    (only,) = lines(Settings(), to_a_person=True, host="127.0.0.1")
    assert only == "Livenet is at http://127.0.0.1:8000  (Ctrl+C ends it)"


def test_all_addresses_those_that_others_know_first() -> None:
    assert addresses("0.0.0.0", 8000, Settings()) == [
        "http://192.0.2.5:8000",
        "http://[2001:db8::5]:8000",
        "http://lectern:8000",
        "http://lectern.local:8000",
    ]
    assert addresses("192.0.2.5", 80, Settings()) == ["http://192.0.2.5"]


def test_what_the_operator_calls_it_comes_before() -> None:
    settings = Settings(origins=("https://net.example",))
    assert addresses("127.0.0.1", 8000, settings) == ["https://net.example"]


def test_a_person_is_shown_both_links() -> None:
    settings = Settings(token=SecretStr(TOKEN), admin_token=SecretStr(ADMIN))
    first, others, members, lecturer = lines(settings, to_a_person=True)
    assert first.startswith("Livenet is at http://192.0.2.5:8000 ")
    assert "http://lectern:8000" in others
    assert members.endswith(f"http://192.0.2.5:8000/?token={TOKEN}")
    assert lecturer.endswith("/?token=for-lecturers%2B%2F%3D%3F%26%23")


def test_what_is_kept_somewhere_has_no_token_of_the_operators() -> None:
    settings = Settings(token=SecretStr(TOKEN), admin_token=SecretStr(ADMIN))
    said = "\n".join(lines(settings, to_a_person=False))
    assert TOKEN not in said
    assert "for-lecturers" not in said
    assert "?token=$LIVENET_TOKEN" in said
    assert "?token=$LIVENET_ADMIN_TOKEN" in said


def test_one_that_was_made_here_is_told() -> None:
    """Nobody could know it otherwise."""
    settings = Settings(token=SecretStr(TOKEN))
    credentials = Credentials.of(settings)
    said = announcement("0.0.0.0", 8000, settings, credentials, to_a_person=False)
    assert said[-1].endswith(f"/?token={credentials.admin_token}")
    assert TOKEN not in "\n".join(said)
