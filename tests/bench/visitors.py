"""Many cold visits of the page at once, in a process so cheap that the server is what is measured.

``python -m tests.bench.visitors ADDRESS COUNT`` reads a visit from its standard input, and writes
one line of JSON for all: when each had the catalogue, all else that it needs and the first picture,
in seconds since they all set off. Like a browser, a visit has six connections.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import uvloop

from tests.bench.visit import Call, Visit
from tests.bench.websocket import BINARY, TEXT, masked

CONNECTIONS = 6


@dataclass
class Connection:
    """One connection that is kept open."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    host: str

    @classmethod
    async def open(cls, address: str) -> Connection:
        place = urlsplit(address)
        reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=2**20)
        return cls(reader, writer, place.netloc)

    async def ask(self, call: Call, encodings: str) -> None:
        """Asks, and reads the whole answer."""
        body = (call.body or "").encode()
        self.writer.write(
            f"{call.method} {call.path} HTTP/1.1\r\nHost: {self.host}\r\n"
            f"Accept-Encoding: {encodings}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 2"), (call, head)
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        await self.reader.readexactly(length)

    async def picture(self, path: str, says: Iterable[str]) -> None:
        """Opens a stream, says what the page says, and reads until the first picture."""
        self.writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        head = await self.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), head
        for text in says:
            self.writer.write(masked(TEXT, text.encode()))
        kind = 0
        while kind != BINARY:
            kind, size = await self.reader.readexactly(2)
            if size > 125:
                size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
            await self.reader.readexactly(size)

    def close(self) -> None:
        self.writer.close()


async def load(address: str, visit: Visit) -> None:
    """One visit, until it has its first picture."""
    first = await Connection.open(address)
    await first.ask(Call("GET", visit.page), visit.encodings)
    waiting = list(reversed(visit.files))

    async def fetch(connection: Connection | None) -> Connection:
        connection = connection or await Connection.open(address)
        while waiting:
            await connection.ask(waiting.pop(), visit.encodings)
        return connection

    others = [None] * min(CONNECTIONS - 1, len(visit.files) - 1)
    connections = await asyncio.gather(*map(fetch, [first, *others]))
    for call in visit.calls:
        await first.ask(call, visit.encodings)
    stream = await Connection.open(address)
    await stream.picture(visit.stream, visit.says)
    for connection in (*connections, stream):
        connection.close()


async def loads(address: str, visit: Visit, count: int) -> list[float]:
    began = time.monotonic()

    async def timed() -> float:
        await load(address, visit)
        return time.monotonic() - began

    return await asyncio.gather(*(timed() for _ in range(count)))


if __name__ == "__main__":
    taken = uvloop.run(loads(sys.argv[1], Visit.load(sys.stdin.read()), int(sys.argv[2])))
    print(json.dumps(sorted(taken)))
