"""What a picture takes at most: all probes, the largest nets of every family, demanding options.

In this process by processor time, with the encoding as frame and as JSON. Then of a server by REST,
which must not lose a worker over any of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from time import thread_time
from typing import Any

import httpx2 as httpx
import torch

from livenet.errors import LivenetError
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.probes.table import PROBES
from livenet.settings import Limits
from livenet.spec import RunSpec, resolve
from livenet.spec.check import check
from livenet.training import Trainer, arithmetic
from livenet.wire.frame import document, encode
from tests.bench.largest import OPTIONS, SPECS
from tests.bench.result import Result, Results
from tests.server import serving

MAX_SECONDS = 1.5
MAX_JSON = 2.2  # MB
STEPS = (0, 3)
WORST = 12  # that are printed
MINUTES = 2.5  # that the server is asked for


@dataclass(frozen=True)
class Measured:
    what: str
    seconds: float
    frame: float  # MB
    json: float  # MB


def fitting_probes(spec: RunSpec) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each probe that fits, with its default and its most demanding options."""
    for probe, row in PROBES.items():
        if row.suits(spec):
            for options in ({}, *OPTIONS.get(probe, ())):
                yield probe, options


def measured(name: str, given: dict[str, Any]) -> Iterator[Measured]:
    spec = resolve(given)
    check(spec, Limits())
    one = Trainer(spec)
    for step in STEPS:
        try:
            while one.step_count < step:
                one.step()
        except LivenetError:  # as deep nets do that diverge
            return
        for probe, options in fitting_probes(spec):
            start = thread_time()
            try:
                picture = run_probe(Context.of(one), probe, options)
            except LivenetError:
                yield Measured(f"{name}, {probe}, refused", thread_time() - start, 0.0, 0.0)
                continue
            blob = encode(picture)
            text = json.dumps(document(picture))
            seconds = thread_time() - start
            words = json.dumps(options) if options else ""
            yield Measured(
                f"{name}, step {step}, {probe} {words}", seconds, len(blob) / 1e6, len(text) / 1e6
            )


def all_measured() -> Iterator[tuple[str, list[Measured]]]:
    """The measurements, net by net."""
    torch.set_num_threads(1)
    arithmetic.settle()  # as in a worker
    for name, spec in SPECS.items():
        yield name, list(measured(name, spec))


def _print(title: str, found: list[Measured], unit: str, value: str) -> None:
    print(title)
    for one in sorted(found, key=lambda m: -float(getattr(m, value)))[:WORST]:
        print(f"  {getattr(one, value):6.2f} {unit}  {one.what}")


def of_a_server() -> tuple[int, int, float]:
    """How many pictures were requested by REST, how many workers were replaced, the longest answer
    in seconds by the clock. A budget of minutes: the rest is left out."""
    end = time.monotonic() + 60 * MINUTES
    count, longest = 0, 0.0
    with (
        serving("--workers", "1") as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        for given in SPECS.values():
            if time.monotonic() > end:
                break
            answer = client.post("/api/runs", json={"spec": given, "start": False})
            if answer.status_code != 201:
                continue
            run = answer.json()["id"]
            for probe, options in fitting_probes(resolve(given)):
                if time.monotonic() > end:
                    break
                start = time.monotonic()
                place = f"/api/runs/{run}/probes/{probe}"
                answer = client.get(place, params={"options": json.dumps(options)})
                assert answer.status_code < 500, (probe, options, answer.text)
                longest = max(longest, time.monotonic() - start)
                count += 1
            client.delete(f"/api/runs/{run}")
        said = client.get("/metrics").text
        lines = [line for line in said.splitlines() if line.startswith("livenet_worker_restarts")]
    return count, int(sum(float(line.split()[-1]) for line in lines)), longest


def results() -> Results:
    found: list[Measured] = []
    for name, ones in all_measured():
        found += ones
        yield Result(f"slowest picture, {name}", max(m.seconds for m in ones), None, "s")
    _print("Processor time of a picture", found, "s", "seconds")
    _print("Its JSON", found, "MB", "json")
    _print("Its frame", found, "MB", "frame")
    slowest, largest = max(m.seconds for m in found), max(m.json for m in found)
    frame = max(m.frame for m in found)
    yield Result("pictures of the largest nets", len(found), None, "")
    yield Result("the slowest picture", slowest, MAX_SECONDS, "s", least=False, gates=True)
    yield Result("the largest answer, as JSON", largest, MAX_JSON, "MB", least=False, gates=True)
    yield Result("the largest answer, as frame", frame, 1.0, "MB", least=False, gates=True)
    count, replaced, longest = of_a_server()
    yield Result("pictures by REST", count, None, "")
    yield Result("workers replaced over them", replaced, 0, "", least=False, gates=True)
    yield Result("the longest answer by REST", longest, None, "s")
