"""Whoever asked and has gone costs no worker anything more."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fastapi import Request

from livenet.api.routes.connected import Gone, while_connected


class Line:
    """A connection that ends when the test says so, and work that never ends by itself."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.cancelled = False
        self.request = Request({"type": "http"}, self.receive)

    async def receive(self) -> dict[str, Any]:
        await self.ended.wait()
        return {"type": "http.disconnect"}

    async def work(self) -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return "never"


async def test_work_goes_with_the_connection() -> None:
    line = Line()
    asked = asyncio.create_task(while_connected(line.request, line.work()))
    await asyncio.sleep(0.01)
    assert not asked.done()
    line.ended.set()
    with pytest.raises(Gone):
        await asked
    await asyncio.sleep(0)
    assert line.cancelled


async def test_request_that_is_cancelled_cancels_its_work() -> None:
    line = Line()
    asked = asyncio.create_task(while_connected(line.request, line.work()))
    await asyncio.sleep(0.01)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await asyncio.sleep(0)
    assert line.cancelled


async def test_answers_and_refusals_come_through() -> None:
    line = Line()

    async def good() -> int:
        return 7

    async def bad() -> int:
        raise ValueError("no")

    before = asyncio.all_tasks()
    assert await while_connected(line.request, good()) == 7
    with pytest.raises(ValueError, match="no"):
        await while_connected(line.request, bad())
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
