"""Work that is done for one request, as long as whoever asked is there."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi import Request

from livenet.errors import LivenetError

T = TypeVar("T")


class Gone(LivenetError):
    """Whoever asked has gone, and reads no answer."""

    status = 499
    code = "gone"


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What ``work`` comes to; it is cancelled where the connection ends before. Raises Gone then.

    For requests whose body was read.
    """
    asked = asyncio.ensure_future(work)
    left = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({asked, left}, return_when=asyncio.FIRST_COMPLETED)
        if not asked.done():
            raise Gone("The connection ended")
        return asked.result()
    finally:
        left.cancel()
        asked.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
