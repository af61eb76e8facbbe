"""Downloads of a series of a million rows, four at once, and what they cost everybody else."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx2 as httpx
import psutil

from tests.api.closed import TOKEN
from tests.bench.long_series import NAMES, RUN
from tests.bench.result import Result, Results
from tests.server import bearer

ROWS = 1_000_000
PEOPLE = ("a-secret-of-ann-s", "a-secret-of-bob-s")
EACH = 2
IDLE = 2.0  # seconds
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


def results() -> Results:
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
