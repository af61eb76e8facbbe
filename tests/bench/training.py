"""How fast runs train and answer, measured from outside, as a script would."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from functools import partial
from statistics import median
from typing import Any

import httpx2 as httpx
from websockets.sync.client import connect

from livenet.wire.frame import decode
from tests.kept import start_kept
from tests.server import eventually

ROUNDS = 5
SECONDS = 3.0


def speed_ratio(address: str) -> dict[str, float]:
    """Steps a second with a viewer, over the bare loop's; pair by pair, so that drift cancels."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_watched_speed(address))
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.bare", str(SECONDS)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        bare.append(float(done.stdout))
    ratio = median(a / b for a, b in zip(ours, bare, strict=True))
    return {
        "speed_ratio": ratio,
        "steps_per_s": median(ours),
        "bare_steps_per_s": median(bare),
    }


def _watched_speed(address: str) -> float:
    with httpx.Client(base_url=address, timeout=60) as client:
        run = client.post("/api/runs", json={}).json()["id"]
        viewer = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.viewer", address, run, str(SECONDS + 3)]
        )

        def step() -> int:
            return int(client.get(f"/api/runs/{run}").json()["step"])

        time.sleep(2.0)  # until the viewer has imported and subscribed
        start, before = time.perf_counter(), step()
        time.sleep(SECONDS)
        rate = (step() - before) / (time.perf_counter() - start)
        viewer.wait(20)
        client.delete(f"/api/runs/{run}")
        return rate


def first_frame_ms(address: str) -> float:
    """From the POST of a run to its first trained frame at the viewer; median."""
    times = []
    url = address.replace("http", "ws", 1)
    with httpx.Client(base_url=address, timeout=60) as client:
        for _ in range(12):
            start = time.perf_counter()
            run = client.post("/api/runs", json={}).json()["id"]
            with connect(f"{url}/api/runs/{run}/stream", max_size=None) as socket:
                order = {"kind": "subscribe", "id": "output", "probe": "decision"}
                socket.send(json.dumps(order))
                while True:
                    message = socket.recv(timeout=10)
                    if isinstance(message, bytes):
                        frame = decode(message)
                        if frame["step"] > 0:
                            break
                        ack = {"kind": "ack", "seqs": {"output": frame["seq"]}}
                        socket.send(json.dumps(ack))
            times.append((time.perf_counter() - start) * 1000)
            client.delete(f"/api/runs/{run}")
    return median(times[2:])


def start_seconds() -> float:
    """From the command ``livenet serve`` to a page that answers; median of three."""
    return median(_start_once() for _ in range(3))


def _start_once() -> float:
    port = _free_port()
    start = time.perf_counter()
    process = start_kept(
        [sys.executable, "-m", "livenet", "serve", "--port", str(port)], stdout=subprocess.DEVNULL
    )
    try:
        page = f"http://127.0.0.1:{port}/"
        eventually(partial(_answers, page))
        return time.perf_counter() - start
    finally:
        process.terminate()
        process.wait(10)


def _answers(page: str) -> bool:
    try:
        return httpx.get(page).status_code == 200
    except httpx.TransportError:
        return False


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def learns_in_seconds(address: str) -> float:
    """Seconds in which ``{}`` reaches 95% test accuracy at full speed; median of three."""
    times = []
    with httpx.Client(base_url=address, timeout=60) as client:
        for seed in range(3):
            start = time.perf_counter()
            run = client.post("/api/runs", json={"spec": {"seed": seed}}).json()["id"]
            eventually(partial(_learnt, client, run))
            times.append(time.perf_counter() - start)
            client.delete(f"/api/runs/{run}")
    return median(times)


def _learnt(client: httpx.Client, run: str) -> bool:
    metrics: dict[str, Any] = client.get(f"/api/runs/{run}").json()["metrics"]
    return float(metrics["test_accuracy"]) >= 0.95
