"""Work for one request, cancelled if the client disconnects."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi import Request

from livenet.errors import LivenetError

T = TypeVar("T")


class Gone(LivenetError):
    """The client has disconnected, and reads no answer."""

    status = 499
    code = "gone"


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work``; if the connection ends before, cancels it and raises Gone.

    For requests with a body that was read.
    """
    task = asyncio.ensure_future(work)
    disconnected = asyncio.ensure_future(_until_disconnect(request))
    try:
        await asyncio.wait({task, disconnected}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Gone("The connection ended")
        return task.result()
    finally:
        disconnected.cancel()
        task.cancel()


async def _until_disconnect(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
