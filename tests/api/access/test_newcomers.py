"""New identities: bounded by network, and none is counted twice."""

from __future__ import annotations

import pytest

from livenet.api.access.network import network
from livenet.api.access.newcomers import KNOWN, Newcomers
from livenet.api.access.rates import Later
from tests.api.closed import ADMIN_TOKEN, TOKEN, browser, client, script
from tests.server import start_server


def test_an_hours_number_at_once() -> None:
    newcomers = Newcomers(3)
    for number in range(3):
        newcomers.admit_once(f"{number}", "here")
    newcomers.admit_once("1", "here")
    with pytest.raises(Later) as refused:
        newcomers.admit("here")
    assert 0 < refused.value.seconds <= 1200
    assert "cookie" in refused.value.error.hint
    with pytest.raises(Later):
        newcomers.admit_once("3", "here")
    newcomers.admit_once("3", "elsewhere")
    newcomers.admit_once("3", "here")  # known by now


def test_the_memory_is_bounded() -> None:
    newcomers = Newcomers(10**9)
    for number in range(KNOWN + 5):
        newcomers.admit_once(f"{number}", "")
    assert len(newcomers._known) == KNOWN


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("", "/run/socket", True),
    ],
)
def test_networks(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same


@pytest.mark.slow
def test_on_a_server() -> None:
    """Scripts and browsers together; those that are known, and administrators, are not limited."""
    server = start_server(
        "--workers",
        "1",
        LIVENET_TOKEN=TOKEN,
        LIVENET_ADMIN_TOKEN=ADMIN_TOKEN,
        LIVENET_IDENTITIES_PER_HOUR="3",
    )
    try:
        for _ in range(2):
            for name in ("ann", "ben"):
                with script(server, TOKEN, f"the-secret-of-{name}") as made:
                    assert made.get("/api/me").status_code == 200
        with browser(server, TOKEN) as made:
            assert made.get("/api/me").status_code == 200
            assert made.get("/", params={"token": TOKEN}).status_code == 303  # the link again
        with script(server, TOKEN, "the-secret-of-eve") as made:
            answer = made.get("/api/me")
            assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many")
            assert int(answer.headers["retry-after"]) > 1
        with client(server) as made:
            assert made.get("/", params={"token": TOKEN}).status_code == 429
            assert made.get("/", params={"token": ADMIN_TOKEN}).status_code == 303
        with script(server, ADMIN_TOKEN, "the-secret-of-the-lecturer") as made:
            assert made.get("/api/me").status_code == 200
    finally:
        server.stop()
