"""A port that cannot be had is refused with what to do instead."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from livenet.api.serving.listening import listen
from livenet.errors import LivenetError


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


def refusal(host: str, port: int) -> LivenetError:
    with pytest.raises(LivenetError) as caught:
        listen(host, port)
    return caught.value


def test_it_listens() -> None:
    with listen("127.0.0.1", 0) as made, socket.socket() as caller:
        caller.connect(made.getsockname())


@pytest.mark.parametrize("host", ["localhost", "::1", "[::1]", "0.0.0.0", "::"])
def test_all_ways_to_write_a_host(host: str) -> None:
    with listen(host, 0) as made:
        assert made.getsockname()[1] > 0


def test_all_addresses_are_those_of_both_families() -> None:
    with listen("::", 0) as made, socket.socket() as caller:
        caller.connect(("127.0.0.1", made.getsockname()[1]))


def test_port_in_use_names_the_next_free_one(taken: int) -> None:
    error = refusal("127.0.0.1", taken)
    assert error.message.startswith(f"Port {taken} of 127.0.0.1 is in use")
    offered = int(error.hint.split("--port ")[1].split(",")[0])
    assert offered > taken
    listen("127.0.0.1", offered).close()


def test_the_last_port_has_none_after_it() -> None:
    try:
        held = listen("127.0.0.1", 65535)
    except LivenetError:
        held = None
    assert "--port 0" in refusal("127.0.0.1", 65535).hint
    if held:
        held.close()


@pytest.mark.parametrize("host", ["nowhere.invalid", "300.1.1.1", "no host", "a" * 300])
def test_unknown_host(host: str) -> None:
    error = refusal(host, 0)
    assert "There is no host" in error.message
    assert "127.0.0.1" in error.hint


def test_address_of_another_machine() -> None:
    error = refusal("198.51.100.7", 0)  # kept free for documentation
    assert error.message == "198.51.100.7 is not an address of this machine"
    assert "0.0.0.0" in error.hint
