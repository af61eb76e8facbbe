"""Downloads of a series of a million rows, four at once, and what they cost everybody else.

Once from a server without workers, so that nothing but the downloads holds its loop; and once from
a stored run, beside twenty viewers of another run that trains.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2 as httpx
import psutil

from livenet.spec import resolve
from livenet.store import Run, SnapshotStore
from tests.api.closed import TOKEN
from tests.bench.long_series import NAMES, RUN
from tests.bench.result import Result, Results
from tests.bench.viewers import Crowd, Mark
from tests.server import Server, bearer, start_server
from tests.store.stories import opened

ROWS = 1_000_000
PEOPLE = ("a-secret-of-ann-s", "a-secret-of-bob-s")
EACH = 2
IDLE = 2.0  # seconds
WATCHING = 20
WATCHED_PACE = 120.0  # steps a second, as the page has it
QUIET = 4.0  # seconds
SAMPLE = 0.02  # seconds between two looks at the memory


class LongSeries:
    """The server with the long series."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.long_series", str(ROWS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._seen = psutil.Process(self._process.pid)
        self.address = self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def held(self) -> tuple[float, float]:
        """The longest that its loop was held since the last call, in milliseconds of the clock and
        of processor time."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        clock, processor = json.loads(self._line())
        return 1000 * clock, 1000 * processor

    @property
    def memory(self) -> int:
        return int(self._seen.memory_info().rss)

    def client(self, secret: str) -> httpx.Client:
        headers = bearer(TOKEN) | {"livenet-identity": secret}
        return httpx.Client(base_url=self.address, headers=headers, trust_env=False, timeout=60)

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def served() -> Iterator[LongSeries]:
    made = LongSeries()
    try:
        yield made
    finally:
        made.stop()


def download(server: LongSeries, secret: str, query: str) -> int:
    """The number of lines."""
    lines = 0
    with (
        server.client(secret) as client,
        client.stream("GET", f"/api/runs/{RUN}/series?{query}") as answer,
    ):
        answer.raise_for_status()
        for part in answer.iter_raw():
            lines += part.count(b"\n")
    return lines


def four_at_once(server: LongSeries, query: str) -> tuple[list[int], float, float]:
    """The lines of each, how many megabytes the memory grew at most, and the seconds it took."""
    before = peak = server.memory
    began = time.perf_counter()
    with ThreadPoolExecutor(EACH * len(PEOPLE)) as pool:
        work = [
            pool.submit(download, server, secret, query) for secret in PEOPLE for _ in range(EACH)
        ]
        while not all(one.done() for one in work):
            peak = max(peak, server.memory)
            time.sleep(SAMPLE)
    seconds = time.perf_counter() - began
    return [one.result() for one in work], (peak - before) / 2**20, seconds


def stored(folder: Path) -> None:
    """A finished run with the long series, in a folder of the server's."""

    async def write() -> None:
        made = Run(RUN, RUN, resolve({}), SnapshotStore(1000), status="finished", step=ROWS - 1)
        for step in range(ROWS):
            values = {name: (step * 0.618 + place) % 1 for place, name in enumerate(NAMES)}
            made.series.append(step, step / 25, values)
        async with opened(folder) as store:
            store.create(made)
            await store.saved(made.id)

    asyncio.run(write())


def beside_viewers() -> Results:
    """Four downloads of a stored run, while twenty people watch one that trains."""
    with TemporaryDirectory() as name:
        stored(Path(name))
        server = start_server("--workers", "1", "--data", name)
        try:
            with server.client() as http:
                made = http.post("/api/runs", json={"spec": {}, "pace": WATCHED_PACE}).json()
            crowd = Crowd(server, made["id"], WATCHING, "reads")
            yield from _watched(server, crowd)
            crowd.leave()
        finally:
            server.stop()


def _watched(server: Server, crowd: Crowd) -> Results:
    seen = psutil.Process(server.process.pid)
    closed = seen.memory_info().rss
    _stored_lines(server, PEOPLE[0], "every=5000")
    time.sleep(QUIET)
    memory, start = seen.memory_info().rss, crowd.mark()
    yield Result("a stored run of 1e6 rows is opened", (memory - closed) / 2**20, None, "MB")
    time.sleep(QUIET)
    quiet = crowd.mark()
    yield Result("20 viewers before downloads, the slowest", _rate(start, quiet), None, "fps")
    peak, lowest, before = memory, _rate(start, quiet), quiet
    with ThreadPoolExecutor(EACH * len(PEOPLE)) as pool:
        work = [
            pool.submit(_stored_lines, server, secret, "format=csv")
            for secret in PEOPLE
            for _ in range(EACH)
        ]
        while not all(one.done() for one in work):
            time.sleep(1.0)
            after = crowd.mark()
            peak, lowest, before = max(peak, after.memory), min(lowest, _rate(before, after)), after
    missing = sum(ROWS + 1 - one.result() for one in work)
    name = "4 x 1e6 rows beside 20 viewers"
    yield Result(f"{name}, rows missing", missing, 0, "", least=False, gates=True)
    yield Result(f"{name}, the slowest", _rate(quiet, before), 25, "fps")
    yield Result(f"{name}, in its worst second", lowest, None, "fps")
    yield Result(f"{name}, memory grows", (peak - memory) / 2**20, 50, "MB", least=False)
    yield Result(f"{name}, all four", before.at - quiet.at, None, "s")


def _rate(before: Mark, after: Mark) -> float:
    """Pictures a second of the viewer that had the fewest."""
    pairs = zip(before.frames, after.frames, strict=True)
    return min(b - a for a, b in pairs) / (after.at - before.at)


def _stored_lines(server: Server, secret: str, query: str) -> int:
    headers = {"livenet-identity": secret}
    lines = 0
    with (
        httpx.Client(base_url=server.url, headers=headers, trust_env=False, timeout=300) as client,
        client.stream("GET", f"/api/runs/{RUN}/series?{query}") as answer,
    ):
        answer.raise_for_status()
        for part in answer.iter_raw():
            lines += part.count(b"\n")
    return lines


def results() -> Results:
    yield from beside_viewers()
    with served() as server:
        for query in (f"after={ROWS * 9 // 10}", "every=5000"):  # what is loaded once
            download(server, PEOPLE[0], query)
        server.held()
        time.sleep(IDLE)
        idle, _ = server.held()
        yield Result("the loop is held, at rest", idle, None, "ms")
        for kind, lines in (("csv", ROWS + 1), ("ndjson", ROWS)):
            found, grown, seconds = four_at_once(server, f"format={kind}")
            clock, processor = server.held()
            name = f"4 x 1e6 rows of {kind}"
            missing = sum(lines - one for one in found)
            yield Result(f"{name}, rows missing", missing, 0, "", least=False, gates=True)
            yield Result(f"{name}, memory grows", grown, 50, "MB", least=False)
            yield Result(f"{name}, the loop is held, CPU", processor, 20, "ms", least=False)
            yield Result(f"{name}, the loop is held, clock", clock, None, "ms")
            yield Result(f"{name}, all four", sum(found) / seconds, None, "rows/s")
        query = f"every=1000&columns={','.join(NAMES)}&format=csv"
        _, grown, seconds = four_at_once(server, query)
        _, processor = server.held()
        yield Result(
            "4 x 1e6 rows thinned, the loop is held, CPU", processor, 20, "ms", least=False
        )
        yield Result("4 x 1e6 rows thinned", seconds, None, "s")
