"""An embedded engine for a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from livenet.engine.server.local import LocalEngine
from livenet.settings import Settings


@asynccontextmanager
async def running(**settings: Any) -> AsyncIterator[LocalEngine]:
    """An engine with two workers, which is closed at the end."""
    engine = LocalEngine(Settings.model_validate({"workers": 2, "max_runs": 6} | settings))
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()
