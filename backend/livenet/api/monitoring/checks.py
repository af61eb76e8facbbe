"""Checks the event loop and the engine every half second, independently of requests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from livenet.api.monitoring.health import Health, Status

CHECK_INTERVAL = 0.5  # seconds
log = logging.getLogger("livenet.health")


@asynccontextmanager
async def health_checks(health: Health, lag: Callable[[float], None]) -> AsyncIterator[None]:
    """Until it exits, reports the event loop's delay to ``lag``, and logs a failure once."""
    task = asyncio.create_task(_watch(health, lag))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _watch(health: Health, lag: Callable[[float], None]) -> None:
    loop = asyncio.get_running_loop()
    before = Status.STARTING
    while True:
        due = loop.time() + CHECK_INTERVAL
        await asyncio.sleep(CHECK_INTERVAL)
        lag(max(0.0, loop.time() - due))
        try:
            before = _log_change(health.status(), before)
        except Exception:
            log.exception("the health check failed")


def _log_change(now: Status, before: Status) -> Status:
    """Logs a change of the status; returns the new one."""
    if now is Status.FAILING and before is not now:
        log.error("workers are not ready, or are replaced repeatedly: runs wait")
    elif now is Status.OK and before is Status.FAILING:
        log.warning("workers are ready again")
    return now
