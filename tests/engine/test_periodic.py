"""What looks after all runs does not end by what is wrong with one."""

from __future__ import annotations

import asyncio

import pytest

from livenet.engine.server.periodic import periodically


async def test_a_fault_is_logged_and_the_work_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    done = list[int]()

    async def work() -> None:
        done.append(1)
        if len(done) < 3:
            raise ValueError("a fault of ours")

    task = asyncio.create_task(periodically(0.001, work))
    async with asyncio.timeout(10):
        while len(done) < 6:  # noqa: ASYNC110  # no event to wait for
            await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sum("a fault" in record.message for record in caplog.records) == 2
