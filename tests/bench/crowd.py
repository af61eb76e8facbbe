"""A crowd of viewers in a process of its own, so cheap that the server is what is measured.

A viewer speaks just enough of the websocket protocol: it reads frames, acknowledges each, and
counts. Told ``mark`` on its standard input, the crowd writes what every viewer has so far, as a
line of JSON; told ``end``, it leaves. It says ``ready`` once everybody has a picture.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Literal, cast
from urllib.parse import urlsplit

import uvloop

Manner = Literal["reads", "stops", "deaf"]
TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
ANY_SEQ = 2**60


def masked(head: int, payload: bytes) -> bytes:
    """A frame of a client's; under a key of zeros a payload stays what it is."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([head]) + length + bytes(4) + payload


class Viewer(asyncio.Protocol):
    """One of the crowd. Who ``stops`` reads nothing after the first picture; who is ``deaf`` goes
    on acknowledging what it does not read."""

    def __init__(self, host: str, run: str, resolution: int, manner: Manner) -> None:
        self.host = host
        self.run = run
        self.manner: Manner = manner
        self.frames = 0
        self.bytes = 0
        self.last_row = 0
        self.wrong_rows = 0
        self.closed = 0
        self.resolution = resolution
        self.ready = asyncio.get_running_loop().create_future()
        self._buffer = bytearray()
        self._open = False
        self._transport: asyncio.Transport

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
            options = {"resolution": self.resolution}
            self.send(kind="subscribe", id="a", probe="decision", options=options, fps=30)
            self.send(kind="series", after=0)
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
            start = payload.index(b'"seq":"') + 7
            seq = payload[start : payload.index(b'"', start)]
            self._transport.write(masked(TEXT, b'{"kind":"ack","seqs":{"a":%b}}' % seq))
            self.frames += 1
            if not self.ready.done():
                self.ready.set_result(None)
                if self.manner != "reads":
                    self._transport.pause_reading()
                if self.manner == "deaf":
                    self._acknowledge()
        elif head == TEXT and payload.startswith(b'{"kind":"series"'):
            for row in json.loads(payload)["rows"]:
                self.wrong_rows += row[0] != self.last_row + 1
                self.last_row = row[0]
        elif head == PING:
            self._transport.write(masked(PONG, payload))
        elif head == CLOSE:
            self.closed = int.from_bytes(payload[:2], "big")

    def _acknowledge(self) -> None:
        if self._transport.is_closing():
            return
        self.send(kind="ack", seqs={"a": ANY_SEQ})
        asyncio.get_running_loop().call_later(1 / 30, self._acknowledge)

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = self.closed or 1006
        if not self.ready.done():
            self.ready.set_result(None)

    def counts(self) -> list[int]:
        return [self.frames, self.bytes, self.last_row, self.wrong_rows, self.closed]


async def crowd(address: str, run: str, count: int, resolution: int, manner: Manner) -> None:
    loop = asyncio.get_running_loop()
    host = urlsplit(address).netloc
    name, _, port = host.rpartition(":")
    viewers = []
    for _ in range(count):
        _, viewer = await loop.create_connection(
            lambda: Viewer(host, run, resolution, manner), name, int(port)
        )
        viewers.append(viewer)
    for viewer in viewers:
        await viewer.ready
    print("ready", flush=True)
    while (await loop.run_in_executor(None, sys.stdin.readline)).strip() == "mark":
        print(json.dumps([viewer.counts() for viewer in viewers]), flush=True)


if __name__ == "__main__":
    address, run, count, resolution, manner = sys.argv[1:]
    assert manner in ("reads", "stops", "deaf")
    uvloop.run(crowd(address, run, int(count), int(resolution), manner))  # type: ignore[arg-type]  # just asserted
