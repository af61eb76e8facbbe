"""A port of this machine that a test listens on, and that leaves nothing open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

LIMIT = 64 * 1024  # bytes that are read ahead
TURNS = 5  # of the event loop, in which a connection is accepted, or a closed one given up

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]


@asynccontextmanager
async def listening(serve: Serve, limit: int = LIMIT) -> AsyncIterator[int]:
    """The port. Each connection is served in a task, and closed when that has ended: also one whose
    task is cancelled before it has begun, such as a browser's spare connection at the end."""
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        task.add_done_callback(lambda _: writer.close())

    server = await asyncio.start_server(accept, "127.0.0.1", 0, limit=limit)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        # Nobody new is accepted. A server that closes while somebody is leaves that socket open.
        for listener in server.sockets:
            asyncio.get_running_loop().remove_reader(listener.fileno())
        await _turns()
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await _turns()


async def _turns() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)
