"""A server that keeps ten thousand runs: its start, its list, its memory."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import quote

import httpx2 as httpx
import psutil

from livenet.spec import resolve
from tests.bench.result import Result, Results
from tests.kept import start_kept
from tests.server import start_server
from tests.store.stories import a_run, opened

RUNS, FEW = 10_000, 100
TIMES, STARTS = 15, 3
FILTERS = (
    "status=stopped", "name=7", "tag=a", "family=mlp", f"spec={quote('optimizer.lr=0.02')}",
    f"metric={quote('train_loss<0.1')}", "order=-metrics.train_loss",
)  # fmt: skip


def store(folder: Path, count: int) -> None:
    """Writes ``count`` ended runs with different rates, names and losses."""

    async def write() -> None:
        async with opened(folder) as kept:
            for number in range(count):
                spec = resolve({"seed": number, "optimizer": {"lr": 0.01 * (1 + number % 5)}})
                metrics = {"train_loss": (number * 0.618) % 1, "test_loss": None}
                made = a_run(f"run{number}", name=f"run {number}", spec=spec, metrics=metrics)
                kept.create(made)
                if number % 500 == 499 or number == count - 1:
                    await kept.saved(made.id)

    asyncio.run(write())


def results() -> Results:
    memory, starts = {}, {}
    for count in (FEW, RUNS):
        with TemporaryDirectory() as name:
            store(Path(name), count)
            starts[count] = median(_until_listed(name) for _ in range(STARTS))
            server = start_server("--workers", "1", "--data", name)
            try:
                if count == RUNS:
                    with server.client() as http:
                        yield from _requests(http)
                memory[count] = psutil.Process(server.process.pid).memory_info().rss
            finally:
                server.stop()
    yield Result("10,000 runs, start", starts[RUNS], 3, "s", least=False)
    for what, found in (("start", starts), ("memory", memory)):
        ratio = found[RUNS] / found[FEW]
        yield Result(f"10,000 runs over 100, {what}", ratio, 1.2, "", least=False)


def _until_listed(folder: str) -> float:
    """Seconds from the command to a list of runs; workers load torch meanwhile."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "livenet", "serve", "--port", "0", "--data", folder]
    process = start_kept(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        said = process.stdout.readline().split()
        url = next(word for word in said if word.startswith("http://"))
        httpx.get(f"{url.rstrip('/')}/api/runs", trust_env=False).raise_for_status()
        return time.perf_counter() - start
    finally:
        process.terminate()
        process.communicate()


def _requests(http: httpx.Client) -> Results:
    def milliseconds(paths: Iterable[str]) -> float:
        taken = []
        for path in paths:
            start = time.perf_counter()
            http.get(path).raise_for_status()
            taken.append(1000 * (time.perf_counter() - start))
        return median(taken)

    found = milliseconds(["/api/runs"] * TIMES)
    yield Result("10,000 runs, list", found, 50, "ms", least=False)
    for query in FILTERS:
        found = milliseconds([f"/api/runs?{query}"] * TIMES)
        yield Result(f"10,000 runs, list by {query}", found, 50, "ms", least=False)
    found = milliseconds(f"/api/runs/run{617 * number}" for number in range(TIMES))
    yield Result("10,000 runs, open", found, 100, "ms", least=False)
