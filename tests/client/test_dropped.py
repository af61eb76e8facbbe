"""A connection that is dropped before its answer: a POST is sent once more, with the same key."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from livenet.client import Client
from livenet.errors import LivenetError
from tests.server import Server, eventually

MAX_REQUEST = 2**16


class Relay:
    """Passes requests to a server, one a connection, and drops the first few answers."""

    def __init__(self, host: str, drops: int) -> None:
        name, _, port = host.rpartition(":")
        self.there = name, int(port)
        self.drops = drops
        self.requests: list[bytes] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                near, _ = self.listening.accept()
            except OSError:  # the test has ended
                return
            with near:
                self._relay(near)

    def _relay(self, near: socket.socket) -> None:
        request = near.recv(MAX_REQUEST)
        head, _, body = request.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        length = int(fields.get(b"content-length", 0))
        while len(body) < length:
            body += near.recv(MAX_REQUEST)
        self.requests.append(head)
        once = head.replace(b"Connection: keep-alive", b"Connection: close")
        with socket.create_connection(self.there) as far:
            far.sendall(once + b"\r\n\r\n" + body)
            answer = b""
            while part := far.recv(MAX_REQUEST):
                answer += part
        if len(self.requests) > self.drops:
            near.sendall(answer)

    def keys(self) -> list[bytes]:
        return [
            line.split(b": ")[1]
            for head in self.requests
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"idempotency-key")
        ]


@contextmanager
def relayed(server: Server, drops: int) -> Iterator[tuple[Client, Relay]]:
    relay = Relay(server.host, drops)
    thread = Thread(target=relay.serve)
    thread.start()
    try:
        with Client(relay.url) as client:
            yield client, relay
    finally:
        relay.listening.shutdown(socket.SHUT_RDWR)
        relay.listening.close()
        thread.join()


def test_a_run_is_made_once(server: Server) -> None:
    before = server.runs()
    with relayed(server, drops=1) as (client, relay):
        run = client.run({"model": {"hidden": [3]}}, start=False)
        assert len(relay.requests) == 2
        first, second = relay.keys()
        assert first == second
        assert server.runs().keys() - before.keys() == {run.id}
        run.delete()


def test_a_fork_and_a_command_are_carried_out_once(server: Server) -> None:
    before = server.runs()
    with relayed(server, drops=0) as (client, relay):
        run = client.run({"model": {"hidden": [3]}}, start=False)
        relay.drops = len(relay.requests) + 1
        fork = run.fork(start=False)
        assert server.runs().keys() - before.keys() == {run.id, fork.id}
        relay.drops = len(relay.requests) + 1
        run.step(3)
        eventually(lambda: run.refresh().status == "paused")
        assert run.at == 3
        keys = relay.keys()
        assert len(keys) == 5
        assert keys[1] == keys[2] != keys[3] == keys[4]
        run.delete()
        fork.delete()


def test_a_second_drop_is_reported(server: Server) -> None:
    with relayed(server, drops=2) as (client, relay):
        with pytest.raises(LivenetError, match="No server answers"):
            client.describe()
        assert len(relay.requests) == 2


def test_a_request_that_has_no_key_is_sent_once(server: Server) -> None:
    with Client(server.url) as direct:
        run = direct.run({"model": {"hidden": [3]}}, start=False)
        with relayed(server, drops=1) as (client, relay):
            with pytest.raises(LivenetError, match="No server answers"):
                client.find(run.id)
            assert relay.keys() == []
            assert len(relay.requests) == 1
        run.delete()
