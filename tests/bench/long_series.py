"""A server whose only run has a long series, in a process of its own. It has no workers.

It writes its address as a line; then, for each line on its standard input, a line of JSON: how long
its event loop was held at most since the line before, in seconds of the clock and of this thread's
processor time.
"""

from __future__ import annotations

import asyncio
import json
import sys
from threading import Thread
from time import perf_counter, thread_time

import uvicorn
import uvloop
from pydantic import SecretStr

from livenet.api.app import create_app
from livenet.api.drain import Drain
from livenet.api.serving.listening import listen
from livenet.api.serving.protocols import bounded
from livenet.api.serving.server import Server
from livenet.settings import Settings
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore
from tests.api.closed import ADMIN_TOKEN, TOKEN
from tests.api.fakes import FakeEngine

RUN = "long"
NAMES = (
    "train_loss", "test_loss", "train_accuracy", "test_accuracy", "gradient_norm",
    "steps_per_second",
)  # fmt: skip
TICK = 0.001  # seconds


class OneRun(FakeEngine):
    def __init__(self, rows: int) -> None:
        super().__init__()
        self.ready = True
        self.found = Run(id=RUN, name=RUN, spec=resolve({}), snapshots=SnapshotStore(1000))
        for step in range(rows):
            values = {name: (step * 0.618 + place) % 1 for place, name in enumerate(NAMES)}
            self.found.series.append(step, step / 25, values)

    def run(self, run: str) -> Run:
        return self.found

    def touch(self, run: str) -> None:
        pass


class Held:
    """The longest time between two ticks of the event loop."""

    def __init__(self) -> None:
        self.clock = self.processor = 0.0

    async def watch(self) -> None:
        while True:
            clock, processor = perf_counter(), thread_time()
            await asyncio.sleep(TICK)
            self.clock = max(self.clock, perf_counter() - clock - TICK)
            self.processor = max(self.processor, thread_time() - processor)

    def tell(self) -> None:
        print(json.dumps([self.clock, self.processor]), flush=True)
        self.clock = self.processor = 0.0


async def serve(rows: int) -> None:
    held, loop = Held(), asyncio.get_running_loop()

    def hear() -> None:
        for _ in sys.stdin:
            loop.call_soon_threadsafe(held.tell)

    with listen("127.0.0.1", 0) as sock:
        address = f"http://127.0.0.1:{sock.getsockname()[1]}"
        settings = Settings(token=SecretStr(TOKEN), admin_token=SecretStr(ADMIN_TOKEN))
        app = create_app(settings, frozenset({address}), OneRun(rows).as_engine())
        config = uvicorn.Config(
            app, http=bounded(100), lifespan="on", log_level="warning", access_log=False
        )
        watching = asyncio.create_task(held.watch())
        Thread(target=hear, daemon=True).start()
        print(address, flush=True)
        await Server(config, Drain()).serve(sockets=[sock])
        watching.cancel()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
