"""Strangers who send nonsense, in a process of their own: so many messages and so many requests.

Writes how many of each were sent, and how many had an answer, as a line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from contextlib import suppress
from urllib.parse import urlsplit

import uvloop

from tests.api.raw import (
    BINARY,
    CLOSE,
    CONTINUE,
    PING,
    TEXT,
    Raw,
    connected,
    frame,
    opened,
    upgrade,
)

AT_ONCE = 10
A_SOCKET = 50
PATIENCE = 10.0
MOMENT = 0.5  # seconds that an answer may take: some have none

MESSAGES = [
    *(frame(TEXT, text.encode()) for text in (
        "", "{", "null", "[" * 5000, '{"kind":5}', '{"kind":"paint"}', '{"kind":"ack","seqs":[]}',
        '{"kind":"ack","seqs":{"a":1e400}}', '{"kind":"series","after":-1}', "9" * 6000, "é" * 9000,
        '{"kind":"subscribe","id":"","probe":"decision"}', '{"kind":"set","changes":{"x":NaN}}',
        '{"kind":"subscribe","id":"a","probe":"none"}', '{"kind":"step","steps":1e99}', '"\\ud800"',
        '{"kind":"subscribe","id":"a","probe":"decision","options":{"resolution":1e9}}',
        '{"kind":"edit","edits":[{"parameter":"x","index":[-1],"value":null}]}', "x" * 60_000,
    )),
    frame(BINARY, bytes(500)),
    frame(TEXT, b"{}", last=False) + frame(CONTINUE, b"{}"),
]  # fmt: skip
LAST_MESSAGES = [  # after which there is no going on
    frame(TEXT, b"\xff\xfe"),
    frame(TEXT, b"x", masked=False),
    frame(7, b"x"),
    frame(CONTINUE, b"x"),
    frame(PING, bytes(126)),
    frame(TEXT, b"", size=2**40),
    frame(TEXT, bytes(70_000)),
    frame(CLOSE, b"x"),
]
REQUESTS = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET /api/runs HTTP/1.1\r\nHost: elsewhere\r\n\r\n",
    b"GET /api/runs/%00%ff/stream HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"POST /api/runs HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\n\r\n[[[[[",
    b"POST /api/runs HTTP/1.1\r\nHost: {host}\r\nContent-Length: -5\r\n\r\n",
    b"POST /api/runs HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: {host}\r\n" + b"a: b\r\n" * 3000 + b"\r\n",
    b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /api/runs?wait=1e999 HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: {host}\r\n\r\n",
]


class Strangers:
    def __init__(self, host: str, run: str) -> None:
        self.host = host
        self.path = f"/api/runs/{run}/stream"
        self.chance = random.Random(7)
        self.sent = [0, 0]
        self.answered = [0, 0]

    async def talk(self) -> None:
        """Some messages over one socket, and one that ends it."""
        async with opened(self.host, self.path) as raw:
            hearing = asyncio.create_task(self._hear(raw))
            with suppress(ConnectionResetError, BrokenPipeError):
                for _ in range(A_SOCKET - 1):
                    await raw.send(self.chance.choice(MESSAGES))
                    self.sent[0] += 1
                await raw.send(self.chance.choice(LAST_MESSAGES))
                self.sent[0] += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(hearing, PATIENCE)

    async def _hear(self, raw: Raw) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionResetError):
            while True:
                kind, payload = await raw.receive()
                self.answered[0] += kind == CLOSE or payload.startswith(b'{"kind":"error"')

    async def ask(self) -> None:
        """One request, or a handshake that is none."""
        request = self.chance.choice([*REQUESTS, upgrade(self.path, "elsewhere")])
        async with connected(self.host) as raw:
            with suppress(ConnectionResetError, BrokenPipeError, TimeoutError):
                self.sent[1] += 1
                await raw.send(request.replace(b"{host}", self.host.encode()))
                if self.chance.random() < 0.5:
                    raw.writer.write_eof()
                self.answered[1] += bool(await asyncio.wait_for(raw.reader.read(100), MOMENT))


async def visit(address: str, run: str, messages: int, requests: int) -> None:
    strangers = Strangers(urlsplit(address).netloc, run)
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(kind: int) -> None:
        async with gate:
            await (strangers.ask() if kind else strangers.talk())

    kinds = [0] * (messages // A_SOCKET) + [1] * requests
    strangers.chance.shuffle(kinds)
    await asyncio.gather(*(one(kind) for kind in kinds))
    print(json.dumps({"sent": strangers.sent, "answered": strangers.answered}))


if __name__ == "__main__":
    uvloop.run(visit(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
