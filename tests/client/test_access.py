"""The client at a server that asks for a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from livenet.client import Client, Run
from livenet.client.address import Address
from livenet.errors import Forbidden, LivenetError, NotYours, TooMany, Unauthorized
from tests.api.closed import ADMIN_TOKEN, TOKEN, closed_server
from tests.server import Server, start_server

pytestmark = pytest.mark.slow

__all__ = ["closed_server"]

MINE, YOURS = "a-secret-of-my-own", "a-secret-of-yours!"
Made = Callable[..., Client]


@pytest.fixture
def client(closed_server: Server) -> Iterator[Made]:
    """Makes clients, and deletes their runs afterwards."""
    made: list[Client] = []

    def make(*given: Any, url: str = closed_server.url) -> Client:
        made.append(Client(url, *given))
        return made[-1]

    yield make
    with Client(closed_server.url, ADMIN_TOKEN) as lecturer:
        for line in lecturer.runs():
            lecturer.find(line["id"]).delete()
    for one in made:
        one.close()


def test_a_token_is_asked_for(client: Made) -> None:
    for given in ((), ("wrong-token-of-mine",)):
        for call in (client(*given).health, client(*given).run):
            with pytest.raises(Unauthorized) as refused:
                call()
            assert "LIVENET_TOKEN" in refused.value.hint
            assert "wrong" not in refused.value.message.replace("token is wrong", "")


def test_a_token_lets_in(client: Made, closed_server: Server) -> None:
    assert client(TOKEN).health()["status"] == "ok"
    assert not client(TOKEN).me()["administrator"]
    assert client(ADMIN_TOKEN).me()["administrator"]
    for link in (f"{closed_server.url}/?token={TOKEN}", f"{closed_server.url}?token={TOKEN}#run=a"):
        assert client(url=link).me() == client(TOKEN).me()
    # What is said is stronger than what is linked.
    assert client(ADMIN_TOKEN, url=f"{closed_server.url}/?token={TOKEN}").me()["administrator"]


def test_from_the_environment(client: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = client(TOKEN, MINE).me()
    monkeypatch.setenv("LIVENET_TOKEN", TOKEN)
    monkeypatch.setenv("LIVENET_IDENTITY", MINE)
    assert client().me() == mine
    assert client(TOKEN, YOURS).me() != mine
    assert client(ADMIN_TOKEN).me() == {"id": mine["id"], "administrator": True}
    monkeypatch.setenv("LIVENET_TOKEN", "")
    with pytest.raises(Unauthorized):
        client().me()


def test_whose_run_is_whose(client: Made) -> None:
    mine, yours, lecturer = client(TOKEN, MINE), client(TOKEN, YOURS), client(ADMIN_TOKEN)
    run = mine.run(start=False)
    assert run.document["owner"] == mine.me()["id"]
    seen: Run = yours.find(run.id)
    for call in (seen.resume, seen.stop, seen.delete):
        with pytest.raises(NotYours) as refused:
            call()
        assert "Fork" in refused.value.hint
    fork = seen.fork(start=False)
    assert fork.document["owner"] == yours.me()["id"]
    fork.stop()
    client(TOKEN, MINE).find(run.id).resume()  # another script of mine
    lecturer.find(run.id).stop()
    assert run.refresh().status == "stopped"


def test_streams(client: Made) -> None:
    run = client(TOKEN).run({"training": {"steps": 20}})
    (*_, last) = run.stream("decision", resolution=8)
    assert last["step"] == 20
    for given in ((), ("a-token-that-is-wrong",)):
        address = Address.of(run._http.url, given[0] if given else None, None)
        run._http.address = address
        with pytest.raises(Unauthorized) as refused:
            next(run.stream("decision"))
        assert "LIVENET_TOKEN" in refused.value.hint
    run._http.address = Address.of(run._http.url.replace("127.0.0.1", "127.0.0.2"), TOKEN, None)
    with pytest.raises(LivenetError) as elsewhere:  # a Host that is not the server's
        next(run.stream("decision"))
    assert isinstance(elsewhere.value, Forbidden) or "No server" in elsewhere.value.message


def test_too_many() -> None:
    server = start_server(
        "--workers", "1", LIVENET_TOKEN=TOKEN, LIVENET_MAX_SOCKETS_A_PERSON="1"
    )  # fmt: skip
    try:
        with Client(server.url, TOKEN, MINE) as client:
            run = client.run(start=False)
            first = run.stream("decision", resolution=8)
            next(first)
            with pytest.raises(TooMany, match="one person"):
                next(run.stream("decision", resolution=8))
            first.close()  # type: ignore[attr-defined]  # a generator
    finally:
        server.stop()


def test_a_server_without_a_token_takes_any(server: Server) -> None:
    """A script that was written for a class's server runs on one's own."""
    with Client(server.url, TOKEN, MINE) as client:
        assert client.me() == {"id": "local", "administrator": True}


def test_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LIVENET_TOKEN", "LIVENET_IDENTITY"):
        monkeypatch.delenv(name, raising=False)
    near = Address.of("http://127.0.0.1:8000/", None, None)
    assert (near.url, near.headers, near.tls) == ("http://127.0.0.1:8000", {}, None)
    assert near.on_this_machine
    assert near.socket("/x") == "ws://127.0.0.1:8000/x"
    far = Address.of("https://net.example", TOKEN, MINE)
    assert far.headers == {"Authorization": f"Bearer {TOKEN}", "Livenet-Identity": MINE}
    assert far.socket("/x") == "wss://net.example/x"
    assert far.tls is not None
    assert far.tls is far.tls  # made once
    assert not far.on_this_machine
    assert Address.of("http://[::1]:8000", None, None).on_this_machine
    for url in ("127.0.0.1:8000", "net.example", "ftp://net.example", "http://", ""):
        with pytest.raises(LivenetError, match="not an address") as refused:
            Client(f"{url}?token={TOKEN}")
        assert TOKEN not in str(refused.value.document())


@pytest.mark.parametrize("name", ["token", "identity"])
def test_what_cannot_be_sent(name: str) -> None:
    for value in ("with a space in it", "a-line\r\nbreak: in-it", "ümlauts-in-the-middle"):
        with pytest.raises(LivenetError, match=name) as refused:
            Client(**{name: value})  # type: ignore[arg-type]  # by name
        assert value not in str(refused.value.document())


def test_no_secret_is_shown() -> None:
    with Client(f"http://net.example/?token={TOKEN}", None, MINE) as client:
        run = Run(client._http, {"id": "x", "name": "", "status": "paused", "step": 0})  # type: ignore[typeddict-item]  # enough
        for shown in (repr(client), repr(client._http.address), repr(run), str(client._http.url)):
            assert TOKEN not in shown
            assert MINE not in shown
