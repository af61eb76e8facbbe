"""What it costs a run that all it does is recorded on the disk."""

from __future__ import annotations

import asyncio
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from livenet.engine.server.local import LocalEngine
from livenet.settings import Settings
from tests.bench.result import Result, Results

SMALL: dict[str, Any] = {"model": {"hidden": [8, 8]}}
RUNS = 2
PAIRS, SECONDS = 6, 4.0


def _nothing(*_: object, **__: object) -> None:
    """Records nothing."""


async def ratio(folder: Path) -> float:
    """Steps a second with recording over those without, the median of pairs one after another, in
    the same engine with the same runs."""
    engine = LocalEngine(Settings(workers=2, data=folder))
    await engine.start()
    try:
        runs = [
            await engine.create(SMALL | {"seed": seed}, name="", start=True, pace=None)
            for seed in range(RUNS)
        ]
        record = engine._store.record
        await asyncio.sleep(SECONDS)

        async def rate(recorded: bool) -> float:
            setattr(engine._store, "record", record if recorded else _nothing)  # noqa: B010  # a method
            before = sum(run.step for run in runs)
            await asyncio.sleep(SECONDS)
            return (sum(run.step for run in runs) - before) / SECONDS

        return median([await rate(True) / await rate(False) for _ in range(PAIRS)])
    finally:
        setattr(engine._store, "record", record)  # noqa: B010
        await engine.close()


def results() -> Results:
    with TemporaryDirectory() as folder:
        found = asyncio.run(ratio(Path(folder)))
    yield Result("steps/s recorded over not recorded", found, 0.97, "")
