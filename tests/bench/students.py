"""The viewers of a class, a run each, in one process: as cheap as can be, and acknowledging as the
page does, all panels of a viewer in one message of a display frame.

Reads the runs as a line of JSON from its standard input; then says ``ready`` once everybody has a
picture of every panel. At each ``mark`` it writes what every viewer has so far, as a line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from time import perf_counter, process_time
from typing import Any, cast
from urllib.parse import urlsplit

import uvloop

from tests.bench.crowd import BINARY, CLOSE, PING, PONG, TEXT, masked

PANELS: dict[str, tuple[str, dict[str, Any]]] = {
    "network": ("network", {}),
    "neurons": ("neurons", {}),
    "output": ("decision", {"resolution": 64, "points": False}),
}
"""The default ones of the page for a multilayer perceptron."""
FPS = 10.0  # that each panel asks for
DISPLAY = 1 / 60  # seconds between two frames of a display
CHANNEL = re.compile(rb'"channel":"([^"]*)"')
SEQ = re.compile(rb'"seq":"?(\d+)')
STEP = re.compile(rb'"step":(\d+)')


class Student(asyncio.Protocol):
    """One viewer of one run. ``step`` is the last that it was told, at the time ``told``."""

    def __init__(self, host: str, run: str) -> None:
        self.host = host
        self.run = run
        self.pictures = dict.fromkeys(PANELS, 0)
        self.bytes = 0
        self.step = 0
        self.told = 0.0
        self.closed = 0
        self.ready = asyncio.get_running_loop().create_future()
        self._names: dict[bytes, str] = {}
        self._painted: dict[str, int] = {}
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
            for name, (probe, options) in PANELS.items():
                self.send(kind="subscribe", id=name, probe=probe, options=options, fps=FPS)
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
            channel, seq = CHANNEL.search(payload), SEQ.search(payload)
            assert channel, payload[:200]
            assert seq, payload[:200]
            name = self._names[channel[1]]
            self.pictures[name] += 1
            self._painted[name] = int(seq[1])
            if not self.ready.done() and all(self.pictures.values()):
                self.ready.set_result(None)
        elif head == TEXT and payload.startswith(b'{"kind":"progress"'):
            step = STEP.search(payload)
            assert step, payload
            self.step, self.told = int(step[1]), perf_counter()
        elif head == TEXT and payload.startswith(b'{"kind":"subscribed"'):
            said = json.loads(payload)
            self._names[said["channel"].encode()] = said["id"]
        elif head == PING:
            self._transport.write(masked(PONG, payload))
        elif head == CLOSE:
            self.closed = int.from_bytes(payload[:2], "big")

    def paint(self) -> None:
        """Acknowledges what has arrived since the last display frame."""
        if self._painted and not self._transport.is_closing():
            self.send(kind="ack", seqs=self._painted)
            self._painted = {}

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = self.closed or 1006
        if not self.ready.done():
            self.ready.set_result(None)

    def counts(self) -> list[Any]:
        return [list(self.pictures.values()), self.bytes, self.step, self.told, self.closed]


async def attend(address: str) -> None:
    loop = asyncio.get_running_loop()
    host = urlsplit(address).netloc
    name, _, port = host.rpartition(":")
    students: list[Student] = []

    def display() -> None:
        loop.call_later(DISPLAY, display)
        for student in students:
            student.paint()

    display()
    for run in json.loads(await loop.run_in_executor(None, sys.stdin.readline)):
        made = lambda run=run: Student(host, run)  # noqa: E731
        _, student = await loop.create_connection(made, name, int(port))
        students.append(student)
    for student in students:
        await student.ready
    print("ready", flush=True)
    while (await loop.run_in_executor(None, sys.stdin.readline)).strip() == "mark":
        counts = [student.counts() for student in students]
        print(json.dumps([process_time(), counts]), flush=True)


if __name__ == "__main__":
    uvloop.run(attend(sys.argv[1]))
