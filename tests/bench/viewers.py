"""Three hundred viewers of one run; some that stop reading; and strangers who send nonsense."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx2 as httpx
import psutil

from tests.bench.crowd import Manner
from tests.bench.result import Result, Results
from tests.server import Server, eventually, start_server

VIEWERS = 300
STALLED = 30
RESOLUTION = 36  # cells a side: with the data's points a picture of 10 kB
PACE = 30.0  # steps a second: one for each picture, each with a row
SETTLES = 2.0
SECONDS = 10.0
NONSENSE = 5000
FAULT = re.compile(r"Traceback|\"level\": \"(error|critical)\"", re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """What every viewer of a crowd has by now, and what the server has used."""

    at: float
    cpu: float
    memory: int
    frames: list[int]
    sizes: list[int]
    wrong_rows: int
    last_row: int
    closed: int


class Crowd:
    """Viewers of one manner, in a process of their own."""

    def __init__(self, server: Server, run: str, count: int, manner: Manner) -> None:
        command = [sys.executable, "-m", "tests.bench.crowd", server.url, run, str(count)]
        self._server = psutil.Process(server.process.pid)
        self._process = subprocess.Popen(
            [*command, str(RESOLUTION), manner],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def mark(self) -> Mark:
        assert self._process.stdin is not None
        self._process.stdin.write("mark\n")
        self._process.stdin.flush()
        frames, sizes, rows, wrong, closed = zip(*json.loads(self._line()), strict=True)
        times = self._server.cpu_times()
        return Mark(
            time.perf_counter(),
            times.user + times.system,
            self._server.memory_info().rss,
            list(frames),
            list(sizes),
            sum(wrong),
            min(rows),
            sum(map(bool, closed)),
        )

    def leave(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def crowd(server: Server, run: str, count: int, manner: Manner = "reads") -> Iterator[Crowd]:
    made = Crowd(server, run, count, manner)
    try:
        yield made
    finally:
        made.leave()


def a_run(server: Server) -> str:
    spec = {"training": {"series_every": 1}}
    with httpx.Client(base_url=server.url, trust_env=False) as http:
        return str(http.post("/api/runs", json={"spec": spec, "pace": PACE}).json()["id"])


@dataclass(frozen=True)
class Span:
    """What went on between two marks."""

    before: Mark
    after: Mark

    @property
    def seconds(self) -> float:
        return self.after.at - self.before.at

    @property
    def cores(self) -> float:
        return (self.after.cpu - self.before.cpu) / self.seconds

    @property
    def rates(self) -> list[float]:
        """Pictures a second of each viewer."""
        pairs = zip(self.before.frames, self.after.frames, strict=True)
        return [(after - before) / self.seconds for before, after in pairs]

    @property
    def grown(self) -> float:
        """Megabytes of the server's memory."""
        return (self.after.memory - self.before.memory) / 2**20

    @property
    def lost(self) -> int:
        """Rows that were lost or came twice, and viewers that were cut off."""
        return self.after.wrong_rows + self.after.closed


def spent(watching: Crowd, seconds: float = SECONDS) -> Span:
    before = watching.mark()
    time.sleep(seconds)
    return Span(before, watching.mark())


def served(server: Server) -> Results:
    """A lecture: everybody watches and reads."""
    with crowd(server, a_run(server), VIEWERS) as watching:
        time.sleep(SETTLES)
        span = spent(watching)
    pictures = sum(span.after.frames) - sum(span.before.frames)
    size = (sum(span.after.sizes) - sum(span.before.sizes)) / max(1, pictures)
    cost = span.cores * span.seconds / max(1, pictures) * 1e6
    yield Result("300 viewers, the server", span.cores, 0.6, "cores", least=False)
    yield Result("300 viewers, the server a picture", cost, None, "µs CPU")
    yield Result("300 viewers, pictures, median", median(span.rates), 28, "a second")
    yield Result("300 viewers, pictures, the worst", min(span.rates), 28, "a second")
    yield Result("300 viewers, a picture and its texts", size / 1000, None, "kB")
    yield Result("300 viewers, rows lost or doubled", span.lost, 0, "", least=False)
    yield Result("300 viewers, memory grows", span.grown, 2, "MB", least=False)


def stalled(server: Server) -> Results:
    """Some of them stop reading for good; half of those go on acknowledging."""
    run = a_run(server)
    with ExitStack() as all_of_them:
        watching = all_of_them.enter_context(crowd(server, run, VIEWERS - STALLED))
        time.sleep(SETTLES)
        alone = spent(watching, SECONDS / 2)
        for manner in ("stops", "deaf"):
            all_of_them.enter_context(crowd(server, run, STALLED // 2, manner))
        beside = spent(watching)
    grown = (beside.after.memory - alone.after.memory) / 2**20
    yield Result("before 30 of 300 stop reading, pictures", median(alone.rates), None, "a second")
    yield Result("30 of 300 stop reading, others' pictures", min(beside.rates), 28, "a second")
    yield Result("30 of 300 stop reading, rows lost", beside.lost, 0, "", least=False)
    yield Result("30 of 300 stop reading, memory grows", grown, 20, "MB", least=False)


def pestered(server: Server, log: Path) -> Results:
    """Nonsense from strangers, beside fifty viewers."""
    run = a_run(server)
    process = psutil.Process(server.process.pid)
    with crowd(server, run, 50) as watching:
        time.sleep(SETTLES)
        _strangers(server, run, NONSENSE // 10)  # what is loaded once
        time.sleep(SETTLES)
        files = process.num_fds()
        before = watching.mark()
        sent, answered = _strangers(server, run, NONSENSE)
        span = Span(before, watching.mark())
        eventually(lambda: process.num_fds() <= files)
        time.sleep(SETTLES)
        grown = Span(before, watching.mark()).grown
    faults = sum(bool(FAULT.search(line)) for line in log.read_text().splitlines())
    yield Result("10,000 times nonsense, sent", sum(sent), 2 * NONSENSE, "")
    yield Result("10,000 times nonsense, answered", sum(answered), None, "")
    yield Result("10,000 times nonsense, faults logged", faults, 0, "", least=False)
    yield Result("10,000 times nonsense, viewers' pictures", min(span.rates), 25, "a second")
    yield Result("10,000 times nonsense, rows lost", span.lost, 0, "", least=False)
    yield Result("10,000 times nonsense, memory grows", grown, 5, "MB", least=False)


def _strangers(server: Server, run: str, each: int) -> tuple[list[int], list[int]]:
    command = [sys.executable, "-m", "tests.bench.strangers", server.url, run, str(each), str(each)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return found["sent"], found["answered"]


def results() -> Results:
    """One server for all: whatever one of them leaves behind, the next would meet."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("w") as written:
            server = start_server("--workers", "1", log=written)
            try:
                yield from served(server)
                yield from stalled(server)
                yield from pestered(server, log)
            finally:
                server.stop()
