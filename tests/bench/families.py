"""Every family of models: how soon it learns, how fast it is watched, how large its frames are."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import httpx2 as httpx

from tests.bench.result import Result, Results
from tests.server import serving

SEEDS = 3
ROUNDS = 3
SECONDS = 3.0
FPS = 15.0
SHORT = 6.0  # seconds of a run whose ELBO is compared with that of one ten times as long

Document = dict[str, Any]
CNN: Document = {"data": {"kind": "digits"}}
RECALL: Document = {
    "data": {"kind": "delayed_recall", "delay": 60, "distractors": True},
    "model": {"kind": "rnn", "cell": "lstm", "forget_bias": 4.0},
}
PLAIN: Document = {**RECALL, "model": {"kind": "rnn", "cell": "rnn"}}
REVERSE: Document = {"data": {"kind": "reverse", "length": 10}}
VAE: Document = {"data": {"kind": "digits"}, "model": {"kind": "vae", "latent": 2}}

WATCHED: dict[str, tuple[Document, dict[str, Document]]] = {
    "cnn": (CNN, {"feature_maps": {}, "confusion": {}}),
    "lstm": (RECALL, {"states": {}, "tokens": {}}),
    "transformer": (REVERSE, {"attention": {}, "tokens": {}, "head": {}}),
    "autoencoder": (
        {"data": {"kind": "digits"}, "model": {"kind": "autoencoder"}},
        {"latents": {}, "latent_grid": {}, "reconstructions": {}},
    ),
    "vae": (VAE, {"latents": {}, "latent_grid": {}, "reconstructions": {}, "samples": {}}),
}
"""A spec of each family, and the probes of its default panels with their options."""


def results() -> Results:
    """All of them; watching comes last, for it is about ratios."""
    with serving("--workers", "1") as address, _client(address) as client:
        yield from _learning(client)
        yield from _watching(client, address)


def _client(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, timeout=60)


def _learning(client: httpx.Client) -> Results:
    names = {
        "CNN on digits to 97% test accuracy": (CNN, "test_accuracy", 0.97, 3, 30),
        "CNN on digits to 98.5% test accuracy": (CNN, "test_accuracy", 0.985, 15, 60),
        "LSTM, recall over 60, to 99%": (RECALL, "test_accuracy", 0.99, 10, 60),
        "transformer, reverse 10, to 99% of symbols": (REVERSE, "test_accuracy", 0.99, 15, 60),
    }
    for name, (spec, key, goal, target, most) in names.items():
        seeds = [spec | {"seed": seed} for seed in range(SEEDS)]
        took = median(_seconds(client, one, key, goal, most) for one in seeds)
        yield Result(name, took, target, "s", least=False)
    plain = median(_best(client, PLAIN | {"seed": s}, "test_accuracy", 30) for s in range(SEEDS))
    yield Result("plain RNN, the same, best in 30 s", plain, 0.9, "", least=False)
    gap = median(_elbo_gap(client, VAE | {"seed": seed}) for seed in range(SEEDS))
    name = f"VAE: ELBO after {SHORT:g} s short of {10 * SHORT:g} s"
    yield Result(name, gap, 0.05, "of it", least=False)


def _follow(
    client: httpx.Client, spec: Document, seconds: float, done: Callable[[Document], bool]
) -> float:
    """Seconds from the POST until the run's metrics are as wanted, or all of them."""
    start = time.perf_counter()
    run = client.post("/api/runs", json={"spec": spec}).raise_for_status().json()["id"]
    while (took := time.perf_counter() - start) < seconds:
        if done(client.get(f"/api/runs/{run}").json()["metrics"]):
            break
        time.sleep(0.02)
    client.delete(f"/api/runs/{run}")
    return min(took, seconds)


def _seconds(client: httpx.Client, spec: Document, key: str, goal: float, most: float) -> float:
    return _follow(client, spec, most, lambda metrics: (metrics.get(key) or 0.0) >= goal)


def _best(client: httpx.Client, spec: Document, key: str, seconds: float) -> float:
    """The largest value that a measure had within so many seconds."""
    seen = [0.0]

    def keep(metrics: Document) -> bool:
        seen.append(metrics.get(key) or 0.0)
        return False

    _follow(client, spec, seconds, keep)
    return max(seen)


def _elbo_gap(client: httpx.Client, spec: Document) -> float:
    """By how much of it the test ELBO after a short run falls behind that of a long one."""
    start = time.perf_counter()
    short: list[float] = []
    last = [0.0]

    def keep(metrics: Document) -> bool:
        last[0] = metrics.get("test_elbo") or 0.0
        if not short and time.perf_counter() - start >= SHORT:
            short.append(last[0])
        return False

    _follow(client, spec, 10 * SHORT, keep)
    return max(0.0, (last[0] - short[0]) / abs(last[0]))


def _watching(client: httpx.Client, address: str) -> Results:
    largest: dict[str, int] = {}
    for family, (spec, panels) in WATCHED.items():
        ratios = []
        for _ in range(ROUNDS):
            bare = subprocess.run(
                [sys.executable, "-m", "tests.bench.bare_families", family, str(SECONDS)],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            rate, sizes = _watched(client, address, spec, panels)
            ratios.append(rate / float(bare.stdout))
            largest |= {f"{family} {probe}": size for probe, size in sizes.items()}
        name = f"{family}: watched steps/s over a bare loop"
        yield Result(name, median(ratios), 0.8, "")
    worst = max(largest, key=largest.__getitem__)
    name = f"largest default frame ({worst})"
    yield Result(name, largest[worst] / 1000, 32, "kB", least=False)


def _watched(
    client: httpx.Client, address: str, spec: Document, panels: Document
) -> tuple[float, dict[str, int]]:
    """Steps a second beside one viewer of the default panels, and its largest frames."""
    run = client.post("/api/runs", json={"spec": spec}).raise_for_status().json()["id"]
    given = json.dumps({"panels": panels, "fps": FPS})
    viewer = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.viewer", address, run, str(SECONDS + 3), given],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip

    def step() -> int:
        return int(client.get(f"/api/runs/{run}").json()["step"])

    time.sleep(2.0)  # until the viewer has imported and subscribed
    start, before = time.perf_counter(), step()
    time.sleep(SECONDS)
    rate = (step() - before) / (time.perf_counter() - start)
    said, _ = viewer.communicate(timeout=30)
    client.delete(f"/api/runs/{run}")
    return rate, json.loads(said)
