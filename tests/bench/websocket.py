"""As much of a websocket's client as the viewers of a measurement need: cheap, and trusting."""

from __future__ import annotations

import asyncio
import json
from typing import cast

TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
LOST = 1006  # the code of a connection that ended without one


def masked(head: int, payload: bytes) -> bytes:
    """A frame of a client's; under a key of zeros a payload stays what it is."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([head]) + length + bytes(4) + payload


class Client(asyncio.Protocol):
    """A viewer of a run. ``closed`` is the code with which its connection ended, else 0."""

    def __init__(self, host: str, run: str) -> None:
        self.host = host
        self.run = run
        self.bytes = 0
        self.closed = 0
        self.ready = asyncio.get_running_loop().create_future()
        """Done when it has what it waits for, or is gone."""
        self._buffer = bytearray()
        self._open = False
        self._transport: asyncio.Transport

    def opened(self) -> None:
        """The stream is open: says what the viewer wants."""
        raise NotImplementedError

    def binary(self, payload: bytes) -> None:
        """A frame has come."""
        raise NotImplementedError

    def text(self, payload: bytes) -> None:
        """A text has come."""
        raise NotImplementedError

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(
            f"GET /api/runs/{self.run}/stream HTTP/1.1\r\nHost: {self.host}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def send(self, **message: object) -> None:
        self._transport.write(masked(TEXT, json.dumps(message).encode()))

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        if not self._open:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            assert buffer.startswith(b"HTTP/1.1 101"), bytes(buffer[:end])
            del buffer[: end + 4]
            self._open = True
            self.opened()
        at = 0
        while len(buffer) - at >= 2:
            size, start = buffer[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, start = int.from_bytes(buffer[at + 2 : at + 10], "big"), at + 10
            if start > len(buffer) or len(buffer) < start + size:
                break
            self._received(buffer[at], bytes(buffer[start : start + size]))
            at = start + size
        del buffer[:at]

    def _received(self, head: int, payload: bytes) -> None:
        self.bytes += len(payload)
        if head == BINARY:
            self.binary(payload)
        elif head == TEXT:
            self.text(payload)
        elif head == PING:
            self._transport.write(masked(PONG, payload))
        elif head == CLOSE:
            self.closed = int.from_bytes(payload[:2], "big")

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = self.closed or LOST
        if not self.ready.done():
            self.ready.set_result(None)
