"""A crowd of viewers in a process of its own, so cheap that the server is what is measured.

A viewer speaks just enough of the websocket protocol: it reads frames, acknowledges each, and
counts. Told ``mark`` on its standard input, the crowd writes what every viewer has so far, as a
line of JSON; told ``end``, it leaves. It says ``ready`` once everybody has a picture.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Literal
from urllib.parse import urlsplit

import uvloop

from tests.bench.websocket import TEXT, Client, masked

Manner = Literal["reads", "stops", "deaf"]
ANY_SEQ = 2**60


class Viewer(Client):
    """One of the crowd. Who ``stops`` reads nothing after the first picture; who is ``deaf`` goes
    on acknowledging what it does not read."""

    def __init__(self, host: str, run: str, resolution: int, manner: Manner) -> None:
        super().__init__(host, run)
        self.resolution = resolution
        self.manner: Manner = manner
        self.frames = 0
        self.last_row = 0
        self.wrong_rows = 0

    def opened(self) -> None:
        options = {"resolution": self.resolution}
        self.send(kind="subscribe", id="a", probe="decision", options=options, fps=30)
        self.send(kind="series", after=0)

    def binary(self, payload: bytes) -> None:
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

    def text(self, payload: bytes) -> None:
        if payload.startswith(b'{"kind":"series"'):
            for row in json.loads(payload)["rows"]:
                self.wrong_rows += row[0] != self.last_row + 1
                self.last_row = row[0]

    def _acknowledge(self) -> None:
        if self._transport.is_closing():
            return
        self.send(kind="ack", seqs={"a": ANY_SEQ})
        asyncio.get_running_loop().call_later(1 / 30, self._acknowledge)

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
