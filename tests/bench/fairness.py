"""Many runs on two workers: equal shares, what one more costs, and how soon a command is obeyed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from statistics import quantiles
from typing import Any

import httpx2 as httpx
from websockets.sync.client import connect

from tests.bench import processes
from tests.bench.result import Result, Results
from tests.server import Server, eventually, start_server

RUNS = 50
SECONDS = 10.0
SMALL: dict[str, Any] = {"model": {"hidden": [8, 8]}}
LARGE: dict[str, Any] = {
    "data": {"samples": 2000},
    "model": {"hidden": [256, 256, 256], "activation": "relu"},
    "training": {"batch_size": 500},
}


def jain(shares: Iterable[float]) -> float:
    """(Σx)² / (n Σx²): 1 where all have the same, 1/n where one has all."""
    values = list(shares)
    return sum(values) ** 2 / (len(values) * sum(x * x for x in values))


@contextmanager
def served() -> Iterator[tuple[Server, httpx.Client]]:
    server = start_server("--workers", "2")
    try:
        with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
            yield server, client
    finally:
        server.stop()


def make(client: httpx.Client, spec: dict[str, Any], **rest: Any) -> str:
    answer = client.post("/api/runs", json={"spec": spec, **rest})
    return str(answer.raise_for_status().json()["id"])


def steps(client: httpx.Client) -> dict[str, int]:
    """Where every run stands."""
    return {run["id"]: run["step"] for run in client.get("/api/runs").json()["runs"]}


def tell(client: httpx.Client, run: str, kind: str) -> None:
    client.post(f"/api/runs/{run}/commands", json={"kind": kind}).raise_for_status()


def advance(client: httpx.Client, seconds: float = SECONDS) -> dict[str, int]:
    """How many steps each run does in a while, once all are under way."""
    eventually(lambda: min(steps(client).values()) > 0, 60.0)
    before = steps(client)
    time.sleep(seconds)
    after = steps(client)
    return {run: after[run] - before[run] for run in before}


def equal_runs() -> float:
    with served() as (_, client):
        for seed in range(RUNS):
            make(client, SMALL | {"seed": seed})
        return jain(advance(client).values())


def mixed_runs() -> tuple[float, float]:
    """Jain's index of compute time, among all and among the small ones alone.

    Compute time is steps times the time a step takes when the run has a worker to itself.
    """
    with served() as (_, client):
        cost = {}
        for kind, spec in (("small", SMALL), ("large", LARGE)):
            run = make(client, spec)
            cost[kind] = 4.0 / advance(client, 4.0)[run]
            client.delete(f"/api/runs/{run}")
        kinds = {}
        for number in range(20):
            kind = "large" if number % 5 == 0 else "small"
            spec = LARGE if kind == "large" else SMALL
            kinds[make(client, spec | {"seed": number})] = kind
        done = advance(client)
    shares = {run: done[run] * cost[kinds[run]] for run in done}
    small = [share for run, share in shares.items() if kinds[run] == "small"]
    return jain(shares.values()), jain(small)


def memory_mb() -> float:
    """Private memory of one more small run: trained for ten seconds beside others, then paused."""
    with served() as (server, client):
        grown = []
        for count in (20, 40):
            made = [make(client, SMALL | {"seed": seed}) for seed in range(count)]
            time.sleep(10.0)
            for run in made:
                tell(client, run, "pause")
            time.sleep(2.0)
            grown.append(processes.private_bytes(server))
        return (grown[1] - grown[0]) / 40 / 1e6


def pause_ms(trials: int = 60) -> list[float]:
    """From a pause on its way to the word that it is obeyed, on the socket and by HTTP alike."""
    times = []
    with served() as (server, client):
        others = [make(client, SMALL | {"seed": seed}) for seed in range(RUNS)]
        run = make(client, SMALL | {"seed": RUNS})
        eventually(lambda: min(steps(client).values()) > 0, 60.0)
        url = f"ws://{server.host}/api/runs/{run}/stream"
        with connect(url, proxy=None, compression=None) as socket:
            for _ in range(trials):
                time.sleep(0.05)
                start = time.perf_counter()
                tell(client, run, "pause")
                answered = time.perf_counter() - start
                _until_status(socket, "paused")
                times.append(max(answered, time.perf_counter() - start) * 1000)
                tell(client, run, "resume")
                _until_status(socket, "running")
        assert len(others) == RUNS
    return times


def _until_status(socket: Any, status: str) -> None:
    while True:
        said = json.loads(socket.recv(timeout=30))
        if said["kind"] in ("run", "change") and said["run"]["status"] == status:
            return


def results() -> Results:
    yield Result("50 equal runs, Jain's index of steps", equal_runs(), 0.95, "", gates=True)
    mixed, small = mixed_runs()
    yield Result("4 large, 16 small: Jain's index of time", mixed, 0.9, "")
    yield Result("the small ones among themselves", small, 0.95, "")


def memory_results() -> Results:
    yield Result("private memory of one more run", memory_mb(), 5, "MB", least=False)


def latency_results() -> Results:
    p95 = quantiles(pause_ms(), n=20)[-1]
    yield Result("pause to paused beside 50 runs, p95", p95, 150, "ms", least=False)
