"""Whether the server can train."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from time import monotonic
from typing import Any

from livenet import __version__
from livenet.api.drain import Drain
from livenet.engine.base import Engine

LOADING = 60.0  # seconds that the first worker may take: torch is read from a cold disk
PATIENCE = 5.0  # seconds without a worker that a replacement may take


class Status(StrEnum):
    """The server's state."""

    OK = "ok"
    DEGRADED = "degraded"
    STARTING = "starting"
    FAILING = "failing"
    STOPPING = "stopping"

    @property
    def code(self) -> int:
        """The HTTP status: a starting server has 200, so that it is not restarted, and so has one
        that cannot save runs, which only its memory holds."""
        return 503 if self in (Status.FAILING, Status.STOPPING) else 200


class Health:
    """Derives the state from the engine's reports over time: one replaced worker is no failure,
    several that are replaced repeatedly are."""

    def __init__(
        self, engine: Engine, drain: Drain, clock: Callable[[], float] = monotonic
    ) -> None:
        self._engine = engine
        self._drain = drain
        self._clock = clock
        self._well = clock()
        self._was_ready = False

    def status(self) -> Status:
        """The state now. Must be called about once a second, to know since when it holds."""
        if self._drain.stopping:
            return Status.STOPPING
        now, engine = self._clock(), self._engine.health()
        if engine["failing"]:
            return Status.FAILING
        if engine["ready"]:
            self._well, self._was_ready = now, True
            return Status.DEGRADED if engine["unsaved"] else Status.OK
        patience = PATIENCE if self._was_ready or self._dying() else LOADING
        return Status.FAILING if now - self._well > patience else Status.STARTING

    def document(self) -> dict[str, Any]:
        """The answer to ``GET /api/health``."""
        status = self.status()
        return {"status": status.value, "version": __version__, **self._engine.health()}

    def _dying(self) -> bool:
        """Whether workers have ended before any of them was ready."""
        return self._engine.measures().restarts > 0
