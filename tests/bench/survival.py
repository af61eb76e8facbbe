"""Twenty runs whose workers are killed every two seconds, against the same runs left in peace."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

import httpx2 as httpx
import psutil
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from livenet.wire.frame import decode
from tests.bench import processes
from tests.bench.result import Result, Results
from tests.server import Server, start_server

MINUTE = 60.0
BEAT = 2.0
SECONDS = MINUTE + 3.0  # that a run takes at its pace: it must not end before the killing does
WATCHED = 6
POLLED = 6

SMALL: dict[str, Any] = {"model": {"hidden": [8, 8]}}
DROPOUT: dict[str, Any] = {
    "data": {"kind": "moons"},
    "model": {"hidden": [12, 6], "activation": "relu"},
    "regularization": {"dropout": 0.2, "l2": 0.001},
    "optimizer": {"kind": "sgd", "lr": 0.05, "momentum": 0.9},
}
SINE: dict[str, Any] = {"data": {"kind": "sine", "samples": 300}, "model": {"hidden": [16]}}
LARGE: dict[str, Any] = {
    "data": {"samples": 1000},
    "model": {"hidden": [128, 128, 128], "activation": "relu"},
    "regularization": {"dropout": 0.1},
}
KINDS = ((SMALL, 250), (DROPOUT, 200), (SINE, 300), (SMALL, 100), (LARGE, 25))  # and steps/s


def runs() -> list[tuple[dict[str, Any], float]]:
    """Twenty specs, each with its pace."""
    made = []
    for seed in range(20):
        spec, pace = KINDS[seed % len(KINDS)]
        training = {"steps": int(pace * SECONDS), "series_every": 5}
        made.append(({**spec, "seed": seed, "training": training}, float(pace)))
    return made


@dataclass
class Seen:
    """What one viewer saw."""

    rows: list[list[Any]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    statuses: set[str] = field(default_factory=set)
    cut: int = 0  # connections that it lost

    @property
    def longest_gap(self) -> float:
        return max(after - before for before, after in pairwise(self.times))


async def watch(server: Server, run: str, seen: Seen) -> None:
    """A viewer until the run has ended, which connects again whenever it is cut off."""
    while True:
        try:
            await watch_once(server, run, seen)
        except ConnectionClosed as closed:
            print(f"a viewer was cut off: {closed}")
            seen.cut += 1
        else:
            return


async def watch_once(server: Server, run: str, seen: Seen) -> None:
    """A viewer of the decision and the curves, until the run has ended and all rows are there."""
    url = f"ws://{server.host}/api/runs/{run}/stream"
    async with connect(url, proxy=None, compression=None, max_size=None) as socket:
        order = {"kind": "subscribe", "id": "a", "probe": "decision", "options": {"resolution": 32}}
        await socket.send(json.dumps(order))
        await socket.send(json.dumps({"kind": "series", "after": len(seen.rows)}))
        ended, rows = False, -1
        while not ended or len(seen.rows) < rows:
            message = await socket.recv()
            if isinstance(message, bytes):
                frame = decode(message)
                seen.times.append(time.perf_counter())
                seen.steps.append(frame["step"])
                await socket.send(json.dumps({"kind": "ack", "seqs": {"a": frame["seq"]}}))
                continue
            said = json.loads(message)
            if said["kind"] == "series":
                seen.rows += said["rows"]
            elif said["kind"] in ("run", "change"):
                seen.statuses.add(said["run"]["status"])
                ended = said["run"]["status"] in ("finished", "failed", "stopped")
                rows = said["run"]["rows"]


async def poll(client: httpx.AsyncClient, run: str, seen: Seen) -> None:
    """A script that asks for the rows after those that it has, until the run has ended."""
    while True:
        document = (await client.get(f"/api/runs/{run}")).json()
        after = {"after": len(seen.rows)}
        seen.rows += (await client.get(f"/api/runs/{run}/series", params=after)).json()["rows"]
        seen.statuses.add(document["status"])
        if document["status"] in ("finished", "failed") and len(seen.rows) >= document["rows"]:
            return
        await asyncio.sleep(0.2)


async def kill_workers(server: Server, end: float) -> int:
    """Kills one of the workers every beat; gives how many."""
    chance, killed = random.Random(3), 0
    while time.perf_counter() < end:
        await asyncio.sleep(BEAT)
        try:
            chance.choice(processes.workers(server)).kill()
            killed += 1
        except (psutil.NoSuchProcess, IndexError):
            continue
    return killed


async def make(client: httpx.AsyncClient, paced: bool) -> list[str]:
    made = []
    for spec, pace in runs():
        body = {"spec": spec, "pace": pace if paced else None}
        answer = await client.post("/api/runs", json=body)
        made.append(answer.raise_for_status().json()["id"])
    return made


async def ended(client: httpx.AsyncClient, run: str) -> dict[str, Any]:
    """The run at its end: its document, with rows and weights, but for what the machine decides."""
    document: dict[str, Any] = {"status": ""}
    deadline = time.perf_counter() + 5 * MINUTE
    while document["status"] not in ("finished", "failed") and time.perf_counter() < deadline:
        document = (await client.get(f"/api/runs/{run}", params={"wait": 30})).json()
    series = (await client.get(f"/api/runs/{run}/series")).json()
    drop = series["columns"].index("steps_per_second")
    return {
        "status": document["status"],
        "step": document["step"],
        "metrics": document["metrics"],
        "rows": series["rows"],
        "numbers": [row[:drop] + row[drop + 1 :] for row in series["rows"]],
        "weights": (await client.get(f"/api/runs/{run}/weights")).content,
    }


async def story(server: Server) -> dict[str, float]:
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(
        base_url=server.url, timeout=120, trust_env=False, limits=limits
    ) as client:
        peace = [await ended(client, run) for run in await make(client, paced=False)]
        made = await make(client, paced=True)
        seen = [Seen() for _ in made]
        lookers = [asyncio.create_task(watch(server, made[i], seen[i])) for i in range(WATCHED)]
        lookers += [
            asyncio.create_task(poll(client, made[i], seen[i]))
            for i in range(WATCHED, WATCHED + POLLED)
        ]
        killed = await kill_workers(server, time.perf_counter() + MINUTE)
        war = [await ended(client, run) for run in made]
        await asyncio.wait_for(asyncio.gather(*lookers), 30)
    return compared(peace, war, seen) | {"killed": killed}


def compared(
    peace: Sequence[Mapping[str, Any]], war: Sequence[Mapping[str, Any]], seen: Sequence[Seen]
) -> dict[str, float]:
    whole = [
        one["rows"] == looker.rows and [row[0] for row in one["rows"]] == _numbers(one["rows"])
        for one, looker in zip(war, seen[: WATCHED + POLLED], strict=False)
    ]
    whole += [[row[0] for row in one["rows"]] == _numbers(one["rows"]) for one in war]
    equal = [
        all(a[name] == b[name] for name in ("status", "step", "metrics", "numbers", "weights"))
        for a, b in zip(peace, war, strict=True)
    ]
    watched = seen[:WATCHED]
    return {
        "ended": sum(one["status"] == "finished" for one in war),
        "whole": sum(whole) / len(whole),
        "equal": sum(equal),
        "gap": max(one.longest_gap for one in watched),
        "median_gap": median(one.longest_gap for one in watched),
        "steady": sum(one.steps == sorted(one.steps) for one in watched),
        "cut": sum(one.cut for one in watched),
        "strange": sum(bool(one.statuses - {"running", "finished"}) for one in seen[:12]),
    }


def _numbers(rows: list[Any]) -> list[int]:
    return list(range(1, len(rows) + 1))


def results() -> Results:
    server = start_server("--workers", "2")
    try:
        found = asyncio.run(story(server))
    finally:
        server.stop()
    yield Result("kill -9: workers killed in a minute", found["killed"], 28, "")
    yield Result("kill -9: of 20 runs, came to their end", found["ended"], 20, "", gates=True)
    yield Result("kill -9: of 20 runs, bit for bit as in peace", found["equal"], 20, "", gates=True)
    yield Result("kill -9: readers and series without a gap", found["whole"], 1, "", gates=True)
    yield Result("kill -9: viewers who saw no step back", found["steady"], WATCHED, "", gates=True)
    yield Result("kill -9: viewers told of anything", found["strange"], 0, "", least=False)
    yield Result("kill -9: viewers cut off", found["cut"], 0, "", least=False)
    yield Result("kill -9: longest wait of a viewer", found["gap"], 2, "s", least=False)
    yield Result("kill -9: longest wait, median viewer", found["median_gap"], None, "s")
