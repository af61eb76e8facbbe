"""Two hundred cold visits at once beside the fifty viewers of a running run, on two workers."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import httpx2 as httpx
import psutil

from tests.bench.result import Result, Results
from tests.bench.visit import Visit, record
from tests.server import Server, start_server

VISITS = 200
VIEWERS = 50
RESOLUTION = 50  # cells a side
PACE = 120.0  # steps a second, as the page has it
SETTLES = 3.0
BEAT = 0.1


@dataclass(frozen=True)
class Measured:
    """``rates`` are each viewer's pictures a second in its worst second while pages were loaded."""

    taken: list[float]
    rates: list[float]
    quiet: list[float]
    server_seconds: float
    requests: int


class Crowd:
    """The viewers, in a process of their own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def pictures(self) -> list[int]:
        """How many each has had so far."""
        self._say("mark")
        assert self.process.stdout is not None
        counts = json.loads(self.process.stdout.readline())
        assert not any(closed for *_, closed in counts)
        return [frames for frames, *_ in counts]

    def _say(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()


@contextmanager
def watching(address: str, run: str) -> Iterator[Crowd]:
    command = [sys.executable, "-m", "tests.bench.crowd", address, run]
    process = subprocess.Popen(
        [*command, str(VIEWERS), str(RESOLUTION), "reads"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Crowd(process)
    finally:
        process.kill()
        process.communicate()


def worst_seconds(marks: list[tuple[float, list[int]]]) -> list[float]:
    """Of each viewer, the fewest pictures a second over any second; all of it, where shorter."""
    found = [float("inf")] * VIEWERS
    for start, (began, before) in enumerate(marks):
        later = next((one for one in marks[start:] if one[0] - began >= 1.0), None)
        if later is None and start:
            break
        ended, after = later or marks[-1]
        rates = [(b - a) / (ended - began) for a, b in zip(before, after, strict=True)]
        found = list(map(min, found, rates))
    return found


def measure(server: Server) -> Measured:
    with httpx.Client(base_url=server.url, trust_env=False) as http:
        run = http.post("/api/runs", json={"spec": {}, "pace": PACE}).json()["id"]
    visit = record(server.url, f"run={run}")
    with watching(server.url, run) as crowd:
        time.sleep(SETTLES)
        before = crowd.pictures()
        time.sleep(SETTLES)
        quiet = [(b - a) / SETTLES for a, b in zip(before, crowd.pictures(), strict=True)]
        cpu = _cpu_seconds(server)
        marks = [(time.monotonic(), crowd.pictures())]
        visitors = _visitors(server.url, visit)
        while visitors.poll() is None:
            time.sleep(BEAT)
            marks.append((time.monotonic(), crowd.pictures()))
        cpu = _cpu_seconds(server) - cpu
    assert visitors.stdout is not None
    taken = json.loads(visitors.stdout.read())
    return Measured(taken, worst_seconds(marks), quiet, cpu, visit.requests)


def _visitors(address: str, visit: Visit) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.bench.visitors", address, str(VISITS)]
    made = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert made.stdin is not None
    made.stdin.write(visit.dump())
    made.stdin.close()
    return made


def _cpu_seconds(server: Server) -> float:
    times = psutil.Process(server.process.pid).cpu_times()
    return float(times.user + times.system)


def results() -> Results:
    """A visit ends with its first picture; its viewer then leaves."""
    server = start_server("--workers", "2")
    try:
        found = measure(server)
    finally:
        server.stop()
    yield Result("200 page loads at once, the last", found.taken[-1], 10, "s", least=False)
    yield Result("200 page loads at once, median", median(found.taken), None, "s")
    yield Result("pictures beside them, worst second", median(found.rates), 25, "a second")
    yield Result("pictures beside nothing", median(found.quiet), None, "a second")
    yield Result("a page load in the server", found.server_seconds / VISITS * 1e3, None, "ms CPU")
    yield Result("requests of a page load", found.requests, None, "")
