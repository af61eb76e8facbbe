"""A class: each student trains a run of ``{}`` at the page's pace, and watches its default panels.

The viewers take a part of the same cores (their share is told), in a process of their own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import httpx2 as httpx
import psutil

from tests.bench import processes
from tests.bench.fairness import jain
from tests.bench.result import Result, Results
from tests.bench.students import PANELS
from tests.server import Server, start_server

PACE = 120.0  # steps a second, as the page has it
SIZES = (30, 60, 100, 200, 300)
TARGETS = {100: 4.0, 200: 2.0, 300: 1.0}  # pictures a second of the panel that has the fewest
LEAST_STEPS = 115.0  # a second, of the slowest run
SETTLES = 6.0
SECONDS = 12.0
LIMITS = {
    "LIVENET_MAX_RUNS_A_PERSON": "1000",
    "LIVENET_MAX_TRAINING_A_PERSON": "1000",
    "LIVENET_MAX_SOCKETS_A_PERSON": "1000",
    "LIVENET_REQUESTS_PER_SECOND": "1000",
}
"""All runs and viewers of this measurement are of one identity."""


@dataclass(frozen=True)
class Mark:
    """What every viewer has by now, and the seconds of processor time used by each part."""

    at: float
    pictures: list[list[int]]
    bytes: list[int]
    steps: list[int]
    told: list[float]
    closed: int
    cpu: dict[str, float]


class Class:
    """The viewers of these runs, in a process of their own."""

    def __init__(self, server: Server, runs: Sequence[str]) -> None:
        self._server = server
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.students", server.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._say(json.dumps(runs))
        assert self._line() == "ready"

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def mark(self) -> Mark:
        self._say("mark")
        viewers, counts = json.loads(self._line())
        pictures, sizes, steps, told, closed = map(list, zip(*counts, strict=True))
        cpu = {
            "viewers": viewers,
            "server": seconds(psutil.Process(self._server.process.pid)),
            "workers": sum(map(seconds, processes.workers(self._server))),
        }
        return Mark(time.perf_counter(), pictures, sizes, steps, told, sum(map(bool, closed)), cpu)

    def leave(self) -> None:
        self._process.kill()
        self._process.communicate()


def seconds(process: psutil.Process) -> float:
    """The processor time that it has used."""
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def attended(server: Server, runs: Sequence[str]) -> Iterator[Class]:
    made = Class(server, runs)
    try:
        yield made
    finally:
        made.leave()


@dataclass(frozen=True)
class Measured:
    """Steps a second of each run, pictures a second of each viewer's panels, and cores in use."""

    steps: list[float]
    pictures: list[list[float]]
    bytes: float  # a second and viewer
    closed: int
    cores: dict[str, float]

    @property
    def worst(self) -> dict[str, float]:
        """The fewest pictures a second that any viewer has, by panel."""
        return {
            name: min(viewer[place] for viewer in self.pictures)
            for place, name in enumerate(PANELS)
        }


def between(before: Mark, after: Mark) -> Measured:
    took = after.at - before.at
    steps = [
        (b - a) / max(1e-9, until - since)
        for a, b, since, until in zip(
            before.steps, after.steps, before.told, after.told, strict=True
        )
    ]
    pictures = [
        [(b - a) / took for a, b in zip(one, other, strict=True)]
        for one, other in zip(before.pictures, after.pictures, strict=True)
    ]
    size = (sum(after.bytes) - sum(before.bytes)) / took / len(steps)
    cores = {part: (after.cpu[part] - before.cpu[part]) / took for part in after.cpu}
    return Measured(steps, pictures, size, after.closed, cores)


def create(server: Server, count: int) -> list[str]:
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
        body: dict[str, Any] = {"spec": {}, "pace": PACE}
        return [
            str(client.post("/api/runs", json=body).raise_for_status().json()["id"])
            for _ in range(count)
        ]


def measure(count: int) -> Measured:
    server = start_server(log=None, **LIMITS)
    try:
        with attended(server, create(server, count)) as students:
            time.sleep(SETTLES)
            before = students.mark()
            time.sleep(SECONDS)
            return between(before, students.mark())
    finally:
        server.stop()


def sufficient(count: int, found: Measured) -> bool:
    """Whether a class of this size has its steps, its fairness and its pictures."""
    least = TARGETS[min(size for size in TARGETS if size >= count)]
    return (
        min(found.steps) >= LEAST_STEPS
        and jain(found.steps) >= 0.95
        and min(found.worst.values()) >= least
        and not found.closed
    )


def results(sizes: Sequence[int] = SIZES) -> Results:
    largest = 0
    for count in sizes:
        found = measure(count)
        if sufficient(count, found):
            largest = count
        yield Result(f"{count} students, steps, the least", min(found.steps), 115, "a second")
        yield Result(f"{count} students, steps, median", median(found.steps), None, "a second")
        yield Result(f"{count} students, Jain's index", jain(found.steps), 0.95, "")
        for name, rate in found.worst.items():
            target = TARGETS.get(count)
            yield Result(f"{count} students, {name}, the least", rate, target, "a second")
        middle = median(rate for viewer in found.pictures for rate in viewer)
        yield Result(f"{count} students, pictures, median", middle, None, "a second")
        yield Result(f"{count} students, a viewer", found.bytes / 1000, None, "kB/s")
        for part, cores in found.cores.items():
            yield Result(f"{count} students, {part}", cores, None, "cores")
        if found.closed:
            yield Result(f"{count} students, cut off", found.closed, 0, "", least=False)
    yield Result("the largest class that has all", largest, max(sizes), "students")
