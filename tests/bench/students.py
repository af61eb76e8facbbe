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
from typing import Any
from urllib.parse import urlsplit

import uvloop

from tests.bench.websocket import Client

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


class Student(Client):
    """One viewer of one run. ``step`` is the last that it was told, at the time ``told``."""

    def __init__(self, host: str, run: str) -> None:
        super().__init__(host, run)
        self.pictures = dict.fromkeys(PANELS, 0)
        self.step = 0
        self.told = 0.0
        self._names: dict[bytes, str] = {}
        self._painted: dict[str, int] = {}

    def opened(self) -> None:
        for name, (probe, options) in PANELS.items():
            self.send(kind="subscribe", id=name, probe=probe, options=options, fps=FPS)
        self.send(kind="series", after=0)

    def binary(self, payload: bytes) -> None:
        channel, seq = CHANNEL.search(payload), SEQ.search(payload)
        assert channel, payload[:200]
        assert seq, payload[:200]
        name = self._names[channel[1]]
        self.pictures[name] += 1
        self._painted[name] = int(seq[1])
        if not self.ready.done() and all(self.pictures.values()):
            self.ready.set_result(None)

    def text(self, payload: bytes) -> None:
        if payload.startswith(b'{"kind":"progress"'):
            step = STEP.search(payload)
            assert step, payload
            self.step, self.told = int(step[1]), perf_counter()
        elif payload.startswith(b'{"kind":"subscribed"'):
            said = json.loads(payload)
            self._names[said["channel"].encode()] = said["id"]

    def paint(self) -> None:
        """Acknowledges what has arrived since the last display frame."""
        if self._painted and not self._transport.is_closing():
            self.send(kind="ack", seqs=self._painted)
            self._painted = {}

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
