"""What can go wrong with the machinery behind an engine, done on purpose."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import Any, Protocol

import psutil

from livenet.engine.base import Engine
from livenet.engine.server.local import LocalEngine
from livenet.settings import Settings
from tests.engine.driving import happens


class Faults(Protocol):
    """How the tests break things, whatever the engine is made of."""

    async def kill(self, run: str) -> None:
        """What trains this run dies, as by ``kill -9``; or else what trains it next."""
        ...

    async def kill_in_its_turn(self, run: str) -> None:
        """What trains this run dies while it works for it; done when that was noticed."""
        ...

    async def hang(self, run: str) -> None:
        """What trains this run does nothing any more, and does not know it."""
        ...

    async def wake(self) -> None:
        """What hung goes on where it was, if it is still there: a late writer."""
        ...

    async def restart(self) -> Engine:
        """The server's side is closed, and comes back on the same store."""
        ...


class LocalFaults:
    """Faults of an embedded engine: signals to its worker processes."""

    def __init__(self, **settings: Any) -> None:
        self.settings = Settings.model_validate({"workers": 2} | settings)
        self.engine = LocalEngine(self.settings)
        self.hung: list[int] = []

    async def worker(self, run: str) -> int:
        """The process id of the run's worker. A run that nobody has used since it was opened is
        given to one."""
        self.engine._place(self.engine.run(run))
        await happens(lambda: self.engine.where(run) is not None)
        found = self.engine.where(run)
        assert found is not None
        return found

    async def kill(self, run: str) -> None:
        pid = await self.worker(run)
        with suppress(ProcessLookupError):  # it has just died by itself
            os.kill(pid, signal.SIGKILL)
        await happens(lambda: not going(pid))

    async def kill_in_its_turn(self, run: str) -> None:
        place = self.engine._scheduler.place(run)
        assert place
        await happens(lambda: place.worker and place.worker.heartbeat.current == place.number)
        worker = place.worker
        await self.kill(run)
        await happens(lambda: place.worker is not worker)

    async def hang(self, run: str) -> None:
        self.hung.append(await self.worker(run))
        os.kill(self.hung[-1], signal.SIGSTOP)

    async def wake(self) -> None:
        while self.hung:
            with suppress(ProcessLookupError):
                os.kill(self.hung.pop(), signal.SIGCONT)

    async def restart(self) -> Engine:
        await self.engine.close()
        self.engine = LocalEngine(self.settings)
        await self.engine.start()
        return self.engine


def going(pid: int) -> bool:
    """Whether there is such a process, and not only its remains."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
