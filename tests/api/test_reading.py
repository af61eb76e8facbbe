"""Whoever reads something of a run cares for it: it is not paused as unwatched."""

from __future__ import annotations

from typing import Any

import httpx2 as httpx
import pytest
from safetensors.numpy import save

from livenet.api.app import create_app
from livenet.settings import Settings
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore
from livenet.store.listing import Page, Query
from tests.api.fakes import FakeEngine

ORIGIN = "http://127.0.0.1:8000"


class OneRun(FakeEngine):
    """An engine with one run, which notes who cares for it."""

    def __init__(self) -> None:
        super().__init__()
        self.found = Run(
            id="one", name="", spec=resolve({}), snapshots=SnapshotStore(1000), status="running"
        )
        self.touched: list[str] = []

    def run(self, run: str) -> Run:
        return self.found

    async def find(self, query: Query) -> Page:
        return Page([self.found.summary()], None, 1)

    def touch(self, run: str) -> None:
        self.touched.append(run)

    async def request_probe(self, *given: Any) -> bytes:
        self.touch(self.found.id)
        return save({}, {"step": "0"})


@pytest.mark.parametrize(
    ("path", "touched"),
    [
        ("/one", ["one"]),
        ("/one/series", ["one"]),
        ("/one/series?format=csv", ["one"]),
        ("/one/snapshots", ["one"]),
        ("/one/weights", ["one"]),
        ("/one/probes/decision", ["one"]),
        ("", []),  # who lists all runs cares for none
    ],
)
async def test_reading_is_caring(path: str, touched: list[str]) -> None:
    engine = OneRun()
    app = create_app(Settings(), frozenset({ORIGIN}), engine.as_engine())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        answer = await client.get(f"/api/runs{path}")
    assert answer.status_code == 200, answer.text
    assert engine.touched == touched
