"""An engine that only says what a test has it say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from livenet.engine.base import Engine, Measures, WorkerMeasures
from livenet.errors import StoreFailure, UnknownRun
from livenet.store.curves import Curve
from livenet.store.listing import Page, Query


class FakeEngine:
    """As much of an engine as health and metrics ask for."""

    def __init__(self) -> None:
        self.ready = False
        self.failing = False
        self.store_error: StoreFailure | None = None
        self.restarts = 0
        self.runs_by_status: dict[str, int] = {}
        self.workers: tuple[WorkerMeasures, ...] = ()
        self.started = self.closed = 0

    def as_engine(self) -> Engine:
        return cast("Engine", self)

    async def start(self) -> None:
        self.started += 1

    async def close(self) -> None:
        self.closed += 1

    def health(self) -> dict[str, Any]:
        return {
            "engine": "fake",
            "workers": 2,
            "alive": len(self.workers),
            "ready": self.ready,
            "failing": self.failing,
            "unsaved": self.store_error.message if self.store_error else None,
        }

    def run(self, run: str) -> Any:
        raise UnknownRun(f"There is no run {run!r}", path="id")

    async def load(self, run: str) -> Any:
        return self.run(run)

    async def find(self, query: Query) -> Page:
        return Page([], None, 0)

    async def curves(self, ids: Sequence[str]) -> dict[str, Curve]:
        return {}

    async def count(self, owner: str | None = None, *, pinned: bool = False) -> int:
        return 0

    def saving(self, run: str) -> bool:
        return False

    def measures(self) -> Measures:
        return Measures(
            runs=self.runs_by_status,
            workers=self.workers,
            restarts=self.restarts,
            unexplained=1,
            steps=1000,
            quanta=100,
            pictures=10,
            waiting=3,
            watches=4,
        )
