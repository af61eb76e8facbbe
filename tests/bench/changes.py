"""What many changes of one run cost: bytes to each viewer, and the server's processor time."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from typing import Any

import psutil
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.result import Result, Results
from tests.server import start_server

CHANGES = 1000
VIEWERS = 20
RATE = 50.0  # changes a second: the server lets 60 messages a second of a viewer pass
PACE = 200.0  # steps a second
SETTLES = 1.0
SPEC: dict[str, Any] = {"training": {"series_every": 1_000_000}}


async def count(socket: ClientConnection, received: dict[str, int], viewer: int) -> None:
    """Adds up the bytes of all messages of a viewer, and of its messages about the run."""
    received[f"{viewer}"] = received[f"{viewer} run"] = 0
    async for message in socket:
        text = message if isinstance(message, str) else ""
        received[f"{viewer}"] += len(message)
        if text.startswith(('{"kind":"run"', '{"kind":"change"')):
            received[f"{viewer} run"] += len(text)


async def command(socket: ClientConnection, changes: int) -> None:
    """Sends so many changes, each after the answer to the one before. None of the field takes the
    place of another."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    for number in range(changes):
        value = 1_000_000 + number
        await socket.send(json.dumps({"kind": "set", "changes": {"training.steps": value}}))
        while json.loads(await socket.recv())["kind"] != "applied":
            pass
        await asyncio.sleep(max(0.0, start + number / RATE - loop.time()))


async def measured(changes: int = CHANGES, viewers: int = VIEWERS) -> dict[str, float]:
    server = start_server("--workers", "1", LIVENET_COMMANDS_PER_SECOND="10000")
    try:
        with server.client() as client:
            made = client.post("/api/runs", json={"spec": SPEC, "pace": PACE})
            run = made.raise_for_status().json()["id"]
            url = f"ws://{server.host}/api/runs/{run}/stream"
            options: Any = {"proxy": None, "compression": None, "max_size": None}
            received: dict[str, int] = {}
            async with AsyncExitStack() as stack:
                sockets = [
                    await stack.enter_async_context(connect(url, **options))
                    for _ in range(viewers + 1)
                ]
                tasks = [
                    asyncio.create_task(count(socket, received, viewer))
                    for viewer, socket in enumerate(sockets[1:])
                ]
                await asyncio.sleep(SETTLES)
                process = psutil.Process(server.process.pid)
                before = process.cpu_times()
                await command(sockets[0], changes)
                await asyncio.sleep(SETTLES)
                after = process.cpu_times()
                for task in tasks:
                    task.cancel()
            entries = client.get(f"/api/runs/{run}").json()["journal"]
    finally:
        server.stop()
    assert len(entries) == changes
    return {
        "viewer_bytes": max(received[f"{viewer}"] for viewer in range(viewers)),
        "run_bytes": max(received[f"{viewer} run"] for viewer in range(viewers)),
        "cpu_s": after.user + after.system - before.user - before.system,
    }


def results() -> Results:
    found = asyncio.run(measured())
    name = f"{CHANGES:,} changes with {VIEWERS} viewers"
    yield Result(f"{name}: to each", found["viewer_bytes"] / 1e6, 4, "MB", least=False)
    yield Result(f"{name}: of the run", found["run_bytes"] / 1e6, None, "MB")
    yield Result(f"{name}: server", found["cpu_s"], None, "CPU s")
