"""Tasks that go on although the caller who waits for them leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def lasting(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """A task for callers that wait with ``asyncio.shield``. Its error is not logged as one that
    was never retrieved if all of them have left."""
    task = asyncio.create_task(work)
    task.add_done_callback(_retrieve)
    return task


def _retrieve(done: asyncio.Task[Any]) -> None:
    if not done.cancelled():
        done.exception()
