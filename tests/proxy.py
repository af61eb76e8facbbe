"""A reverse proxy with a path prefix, as notebook servers have one: HTTP and websockets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from tests.listening import LIMIT, listening


class Proxy:
    """Hands on to ``port`` what is asked for below ``prefix``, taken off where ``strips``; answers
    404 to all else."""

    def __init__(self, port: int, prefix: str, *, strips: bool) -> None:
        self.port = port
        self.prefix = prefix
        self.strips = strips
        self.strays: list[str] = []
        """What was asked for outside of the prefix."""
        self.url = ""

    async def serve(self, listens: Event, ends: asyncio.Event) -> None:
        """Listens on a free port until told to end."""
        async with listening(self._connected) as port:
            self.url = f"http://127.0.0.1:{port}{self.prefix}"
            listens.set()
            await ends.wait()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection, or one websocket."""
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            await self._hand_on(head.decode("latin-1"), reader, writer)

    async def _hand_on(
        self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        first, *lines = head.split("\r\n")
        method, path, version = first.split(" ")
        if not path.startswith(f"{self.prefix}/"):
            self.strays.append(path)
            writer.write(
                b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            return
        if self.strips:
            path = path.removeprefix(self.prefix)
        if not any(line.lower().startswith("upgrade:") for line in lines):
            kept = [line for line in lines if not line.lower().startswith("connection:")]
            lines = ["connection: close", *kept]
        theirs, ours = await asyncio.open_connection("127.0.0.1", self.port)
        ours.write("\r\n".join([f"{method} {path} {version}", *lines]).encode("latin-1"))
        there = asyncio.ensure_future(_copy(reader, ours))
        try:
            await _copy(theirs, writer)
        finally:
            there.cancel()
            ours.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(LIMIT):
        writer.write(data)
        await writer.drain()


@contextmanager
def proxied(port: int, prefix: str, *, strips: bool) -> Iterator[Proxy]:
    """A proxy before a server of this machine, in a thread of its own."""
    proxy = Proxy(port, prefix, strips=strips)
    loop, listens, ends = asyncio.new_event_loop(), Event(), asyncio.Event()
    thread = Thread(target=loop.run_until_complete, args=(proxy.serve(listens, ends),))
    thread.start()
    try:
        assert listens.wait(10)
        yield proxy
    finally:
        loop.call_soon_threadsafe(ends.set)
        thread.join()
        loop.close()
