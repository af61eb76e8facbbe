"""Work that is done over and over in the event loop, and does not end by a fault."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger("livenet.engine")


async def periodically(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Does ``work``, then rests for so many seconds, until it is cancelled.

    A fault is logged, and the work is done again the next time: what looks after all runs must not
    end by what is wrong with one.
    """
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception:
            log.exception("a fault in what is done every %g s", seconds)
