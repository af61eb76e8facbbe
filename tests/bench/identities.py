"""One student beside somebody who makes many identities, each with many runs."""

from __future__ import annotations

import asyncio
from typing import Any

from livenet.engine.base import Owner
from livenet.engine.server.local import LocalEngine
from livenet.settings import Settings
from tests.bench.result import Result, Results

SMALL: dict[str, Any] = {"model": {"hidden": [8, 8]}}
IDENTITIES, RUNS = 25, 8
SECONDS = 6.0


async def _steps(engine: LocalEngine, run: str) -> float:
    """Steps of a run in a second."""
    await asyncio.sleep(1.0)
    before = engine.run(run).step
    await asyncio.sleep(SECONDS)
    return (engine.run(run).step - before) / SECONDS


async def _begin(engine: LocalEngine, owner: Owner) -> str:
    made = await engine.create(SMALL, name="", start=True, pace=None, owner=owner)
    return made.id


async def share(network: str) -> float:
    """The part of a core that the student has, of one network, beside 25 identities of another
    one: steps a second over those without them."""
    engine = LocalEngine(Settings(workers=2))
    await engine.start()
    try:
        student = await _begin(engine, Owner("student", network="here"))
        alone = await _steps(engine, student)
        for number in range(IDENTITIES):
            for _ in range(RUNS):
                await _begin(engine, Owner(f"{number}", network=network))
        beside = await _steps(engine, student)
        lecturer = await _begin(engine, Owner("lecturer", privileged=True, network="there"))
        assert engine.run(lecturer).status == "running"
        return beside / alone
    finally:
        await engine.close()


def results() -> Results:
    elsewhere = asyncio.run(share("elsewhere"))
    yield Result("a student beside 25 identities of another network", elsewhere, 0.4, "of a core")
    yield Result("and of the same network", asyncio.run(share("here")), None, "of a core")
