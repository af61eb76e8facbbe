"""What ordinary use costs a run that trains, and the one beside it: as shares of steps a second.

Two equal runs share one worker at full speed. Each activity is measured against nobody doing
anything in the same server, before and after it.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import httpx2 as httpx
from websockets.sync.client import ClientConnection, connect

from livenet.api.viewers.frames import sequence_number
from tests.bench.fairness import SMALL, make
from tests.bench.result import Result, Results
from tests.server import Server, start_server

SECONDS = 5.0
PANELS = ("network", "neurons", "decision")
SET_EVERY = 0.085  # seconds between two changes of a slider that is dragged
SCRUBBERS = 3


class Bench:
    """A server, two runs on it, and what is done with the first."""

    def __init__(self, server: Server, client: httpx.Client) -> None:
        self.server = server
        self.client = client
        self.run = make(client, SMALL, name="run")
        self.other = make(client, SMALL | {"seed": 1}, name="other")

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/runs/{self.run}{path}", params=query).json()

    def socket(self) -> ClientConnection:
        url = f"ws://{self.server.host}/api/runs/{self.run}/stream"
        return connect(url, proxy=None, compression=None, max_size=None)

    def restarts(self) -> float:
        found = re.search(
            r"^livenet_worker_restarts_total (\S+)", self.client.get("/metrics").text, re.M
        )
        assert found
        return float(found[1])

    def measure(self) -> tuple[float, float, float]:
        """Steps a second of both runs, and the longest time (in its own steps) that the first was
        ahead of its last snapshot."""
        before = self._steps()
        began = end = time.monotonic()
        furthest = 0
        while end - began < SECONDS:
            time.sleep(0.1)
            step = self.get("")["step"]
            furthest = max(furthest, step - self.get("/snapshots")["steps"][-1])
            end = time.monotonic()
        after = self._steps()
        run, other = ((b - a) / (end - began) for a, b in zip(before, after, strict=True))
        return run, other, furthest / max(run, 1e-9)

    def _steps(self) -> tuple[int, int]:
        found = {run["id"]: run["step"] for run in self.client.get("/api/runs").json()["runs"]}
        return found[self.run], found[self.other]


Activity = Callable[[Bench, Event], None]


def viewer(bench: Bench, done: Event) -> None:
    """The default panels at 30 pictures a second, taken at once."""
    with bench.socket() as socket:
        names: dict[str, str] = {}
        for probe in PANELS:
            socket.send(json.dumps({"kind": "subscribe", "id": probe, "probe": probe, "fps": 30}))
        while not done.is_set():
            message = socket.recv(timeout=30)
            if isinstance(message, bytes):
                size = int.from_bytes(message[:8], "little")
                channel = json.loads(message[8 : 8 + size])["__metadata__"]["channel"]
                seqs = {names[channel]: sequence_number(message)}
                socket.send(json.dumps({"kind": "ack", "seqs": seqs}))
            elif (said := json.loads(message))["kind"] == "subscribed":
                names[said["channel"]] = said["id"]


def slider(bench: Bench, done: Event) -> None:
    """A learning rate that is dragged."""
    with bench.socket() as socket:
        Thread(target=_deaf, args=(socket,), daemon=True).start()
        place = 0
        while not done.wait(SET_EVERY):
            place += 1
            changes = {"optimizer.lr": 0.001 + 1e-6 * place}
            socket.send(json.dumps({"kind": "set", "changes": changes}))


def scrubbing(bench: Bench, done: Event) -> None:
    """Three people who drag along the timeline, each with three panels."""
    with ThreadPoolExecutor(SCRUBBERS) as people:
        for number in range(SCRUBBERS):
            people.submit(_scrub, bench, done, number)


def _scrub(bench: Bench, done: Event, number: int) -> None:
    places = random.Random(number)
    with bench.socket() as socket:
        Thread(target=_deaf, args=(socket,), daemon=True).start()
        while not done.wait(0.1):
            step = places.randrange(bench.get("")["step"] + 1)
            for probe in PANELS:
                asked = {"kind": "subscribe", "id": probe, "probe": probe, "step": step}
                socket.send(json.dumps(asked))


def requests(bench: Bench, done: Event) -> None:
    """Fifty requests for expensive pictures at once, over and over, no two of them equal."""
    path = f"/api/runs/{bench.run}/probes/neurons"

    def ask(number: int) -> None:
        while not done.is_set():
            options = json.dumps({"resolution": 256 - number})
            bench.client.get(path, params={"options": options})

    with ThreadPoolExecutor(50) as scripts:
        for number in range(50):
            scripts.submit(ask, number)


def _deaf(socket: ClientConnection) -> None:
    for _ in socket:
        pass


@contextmanager
def doing(bench: Bench, activity: Activity) -> Iterator[None]:
    done = Event()
    thread = Thread(target=activity, args=(bench, done))
    thread.start()
    time.sleep(0.5)
    try:
        yield
    finally:
        done.set()
        thread.join()


ACTIVITIES: dict[str, tuple[Activity, float]] = {
    "a viewer": (viewer, 0.6),
    "a slider": (slider, 0.8),
    "three who scrub": (scrubbing, 0.4),
    "50 requests at once": (requests, 0.4),
}
"""What is done, and the least share of its steps that a run keeps beside it."""


def results() -> Results:
    server = start_server("--workers", "1")
    limits = httpx.Limits(max_connections=100)
    try:
        with httpx.Client(
            base_url=server.url, timeout=120, trust_env=False, limits=limits
        ) as client:
            bench = Bench(server, client)
            quiet = bench.measure()
            for name, (activity, least) in ACTIVITIES.items():
                with doing(bench, activity):
                    run, other, behind = bench.measure()
                again = bench.measure()
                mine, others = ((a + b) / 2 for a, b in zip(quiet[:2], again[:2], strict=True))
                quiet = again
                yield Result(f"{name}: share of the run's steps", run / mine, least, "")
                yield Result(f"{name}: share of the other's steps", other / others, least, "")
                yield Result(f"{name}: furthest from a snapshot", behind, 1.0, "s", least=False)
            restarts = bench.restarts()
    finally:
        server.stop()
    yield Result("workers replaced", restarts, 0, "", least=False, gates=True)
