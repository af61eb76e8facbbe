"""HTTP and websockets by hand, which can also be wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import cycle

from tests.server import PATIENCE

TEXT, BINARY, CLOSE, PING, PONG, CONTINUE = 1, 2, 8, 9, 10, 0
KEY = b"\x11\x22\x33\x44"


def frame(
    kind: int, payload: bytes = b"", *, last: bool = True, masked: bool = True, size: int = -1
) -> bytes:
    """One frame of a client's; ``size`` is what its head says, where that is not so."""
    length = len(payload) if size < 0 else size
    mask = 0x80 if masked else 0
    head = bytes([(0x80 if last else 0) | kind])
    if length < 126:
        head += bytes([mask | length])
    elif length < 65_536:
        head += bytes([mask | 126]) + length.to_bytes(2, "big")
    else:
        head += bytes([mask | 127]) + length.to_bytes(8, "big")
    if not masked:
        return head + payload
    return head + KEY + bytes(byte ^ key for byte, key in zip(payload, cycle(KEY), strict=False))


def upgrade(path: str, host: str, *headers: str) -> bytes:
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *headers,
    )
    return "\r\n".join((*lines, "", "")).encode("latin-1")


async def until(check: Callable[[], object]) -> None:
    """Waits for what nobody tells of."""
    async with asyncio.timeout(PATIENCE):
        while not check():  # noqa: ASYNC110  # no event to wait for
            await asyncio.sleep(0.01)


class Raw:
    """A connection, and the frames that come through it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, *parts: bytes) -> None:
        """Raises ConnectionResetError once the other side has gone; uvloop would not."""
        for part in parts:
            if self.writer.transport.is_closing():
                raise ConnectionResetError
            self.writer.write(part)
            await self.writer.drain()

    def finish(self) -> None:
        """Nothing more is sent. Raises as ``send`` does."""
        if self.writer.transport.is_closing():
            raise ConnectionResetError
        self.writer.write_eof()

    async def status(self) -> int:
        """Of an answer, whose head is then read."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)
        return int(head.split()[1])

    async def receive(self) -> tuple[int, bytes]:
        """The next frame. Raises IncompleteReadError or ConnectionResetError at the end."""
        async with asyncio.timeout(PATIENCE):
            head = await self.reader.readexactly(2)
            size = head[1]
            if size >= 126:
                wide = await self.reader.readexactly(2 if size == 126 else 8)
                size = int.from_bytes(wide, "big")
            return head[0] & 0x0F, await self.reader.readexactly(size)

    async def until_closed(self) -> int | None:
        """The code with which the server closes; None where it is just gone."""
        with suppress(asyncio.IncompleteReadError, ConnectionResetError):
            while True:
                kind, payload = await self.receive()
                if kind == CLOSE:
                    return int.from_bytes(payload[:2], "big")
        return None

    async def rest(self) -> bytes:
        """What still comes, until the connection itself is closed."""
        found = []
        with suppress(ConnectionResetError):
            async with asyncio.timeout(PATIENCE):
                while part := await self.reader.read(2**16):
                    found.append(part)
        return b"".join(found)


@asynccontextmanager
async def connected(host: str) -> AsyncIterator[Raw]:
    """A TCP connection to ``name:port``, torn at the end."""
    name, _, port = host.rpartition(":")
    reader, writer = await asyncio.open_connection(name, int(port), limit=2**16)
    try:
        yield Raw(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def opened(host: str, path: str = "/") -> AsyncIterator[Raw]:
    """A websocket."""
    async with connected(host) as raw:
        await raw.send(upgrade(path, host))
        assert await raw.status() == 101
        yield raw
