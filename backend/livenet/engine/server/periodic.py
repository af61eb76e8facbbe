"""Work that is repeated in the event loop, and continues after a fault."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger("livenet.engine")


async def periodically(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Repeats ``work`` with a pause of ``seconds``, until it is cancelled.

    A fault is logged, and the work is repeated: the maintenance of all runs must not end because
    of a fault in one.
    """
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception:
            log.exception("a fault in what is done every %g s", seconds)
