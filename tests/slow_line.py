"""A proxy that lets as many bytes through to the client as a slow line, each after a delay."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from threading import Thread

from tests.listening import listening

CHUNK = 1460  # bytes, as in a packet
QUEUE = 64 * 1024  # bytes that a router on the way holds


@asynccontextmanager
async def slow_line(port: int, bytes_per_s: float, delay: float) -> AsyncIterator[int]:
    """The port of a proxy to a port of this machine; ``delay`` is in seconds, to the client."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with socket.socket() as end:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
            end.setblocking(False)
            await asyncio.get_running_loop().sock_connect(end, ("127.0.0.1", port))
            from_server, to_server = await asyncio.open_connection(
                sock=socket.socket(fileno=end.detach()), limit=CHUNK
            )
        ways = (_copy(reader, to_server), _slowly(from_server, writer, bytes_per_s, delay))
        try:
            await asyncio.gather(*ways)
        finally:  # one of the ends has gone, or the line is closed
            writer.close()
            to_server.close()

    async with listening(connected) as nearer:
        yield nearer


@contextmanager
def slow_line_in_thread(port: int, bytes_per_s: float, delay: float) -> Iterator[int]:
    """The same for tests that are not asynchronous."""
    ready: Future[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def main() -> None:
        over = asyncio.Event()
        async with slow_line(port, bytes_per_s, delay) as nearer:
            ready.set_result((nearer, asyncio.get_running_loop(), over))
            await over.wait()

    thread = Thread(target=asyncio.run, args=(main(),))
    thread.start()
    nearer, loop, over = ready.result()
    try:
        yield nearer
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(CHUNK):
        writer.write(data)
    writer.close()


async def _slowly(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bytes_per_s: float, delay: float
) -> None:
    loop = asyncio.get_running_loop()

    def write(data: bytes) -> None:
        if not writer.is_closing():
            writer.write(data)

    free_at = 0.0  # when all that has come will have left the router
    while data := await reader.read(CHUNK):
        free_at = max(free_at, loop.time()) + len(data) / bytes_per_s
        loop.call_at(free_at + delay, write, data)
        waiting = (free_at - loop.time()) - QUEUE / bytes_per_s
        if waiting > 0:
            await asyncio.sleep(waiting)
    await asyncio.sleep(delay)
    writer.close()
