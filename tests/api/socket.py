"""A viewer for tests: a websocket, and what came through it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from livenet.wire.frame import decode
from tests.server import PATIENCE, Server


class Socket:
    """Sends documents; keeps all that comes, texts and frames apart."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.texts: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []

    def send(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def receive(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """The next message, a frame decoded. Raises TimeoutError."""
        received = self.connection.recv(timeout=seconds)
        if isinstance(received, bytes):
            self.frames.append(decode(received))
            return self.frames[-1]
        found: dict[str, Any] = json.loads(received)
        self.texts.append(found)
        return found

    def until(self, check: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """The first message from now on for which ``check`` holds."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if check(found := self.receive()):
                return found
        raise AssertionError("it has not come")

    def until_kind(self, kind: str, **fields: Any) -> dict[str, Any]:
        return self.until(
            lambda found: (
                found.get("kind") == kind
                and all(found.get(name) == value for name, value in fields.items())
            )
        )

    def until_frame(self, step: int | None = None) -> dict[str, Any]:
        return self.until(lambda one: "plots" in one and (step is None or one["step"] == step))

    def until_status(self, status: str) -> dict[str, Any]:
        return self.until(lambda one: one.get("run", {}).get("status") == status)

    def until_closed(self) -> int | None:
        """The code with which the server closes."""
        try:
            self.until(lambda _: False)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
        raise AssertionError("it is open")

    def rows(self) -> list[list[Any]]:
        """All rows that have come."""
        return [row for text in self.texts if text["kind"] == "series" for row in text["rows"]]

    def alive(self) -> None:
        """The connection answers; all that was asked before has been answered, too."""
        self.send(kind="unheard of")
        self.until(lambda one: "unheard of" in one.get("error", {}).get("message", ""))


@contextmanager
def viewer(server: Server, run: str) -> Iterator[Socket]:
    url = f"ws://{server.host}/api/runs/{run}/stream"
    with connect(url, proxy=None, compression=None, legacy=True, close_timeout=2) as connection:
        yield Socket(connection)
