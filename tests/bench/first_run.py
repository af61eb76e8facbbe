"""From the start of a server to the first steps of its first run, with and without machine code in
the cache, and from nothing to machine code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from livenet.machine_code.versions import PACKAGE
from tests.bench.result import Result, Results
from tests.server import start_server

STARTS = 5
STEPS = 100
SPEC: dict[str, Any] = {"model": {"hidden": [8, 8]}, "training": {"steps": STEPS}}
TRANSLATION = (sys.executable, "-m", "livenet.training.compiled", "translation")
CODE = TRANSLATION[:-1]


def first_run(**environment: str) -> float:
    """Seconds until a server has taken a run and has done its steps."""
    begun = perf_counter()
    server = start_server("--workers", "1", log=None, **environment)
    try:
        with server.client() as http:
            run = http.post("/api/runs", json={"spec": SPEC, "start": True}).json()
            assert run["arithmetic"] == "compiled", run
            while http.get(f"/api/runs/{run['id']}").json()["step"] < STEPS:
                pass
        return perf_counter() - begun
    finally:
        server.stop()


def made(**environment: str) -> float:
    """Seconds until the cache has machine code."""
    begun = perf_counter()
    subprocess.run(CODE, check=True, env=os.environ | environment)
    return perf_counter() - begun


def in_empty_cache(measure: Callable[..., float], **environment: str) -> float:
    """The median of several times."""
    found = []
    for _ in range(STARTS):
        with TemporaryDirectory() as cache:
            found.append(measure(XDG_CACHE_HOME=cache, **environment))
    return median(found)


def results() -> Results:
    with TemporaryDirectory() as folder:
        ignored = shutil.ignore_patterns("__pycache__", "*.bc")
        shutil.copytree(PACKAGE, Path(folder, "livenet"), ignore=ignored)
        lacking = {"PYTHONPATH": folder}
        nothing = in_empty_cache(made, **lacking)
        yield Result("machine code from nothing", nothing, 10, "s", least=False)
        subprocess.run(TRANSLATION, check=True, env=os.environ | lacking)
        brought = in_empty_cache(made, **lacking)
        yield Result("machine code from a translation", brought, None, "s")
    subprocess.run(TRANSLATION, check=True)  # as at installation
    empty = in_empty_cache(first_run)
    full = median(first_run() for _ in range(STARTS + 1))
    yield Result("serve to 100 steps, full cache", full, None, "s")
    yield Result("serve to 100 steps, empty cache, translation", empty, None, "s")
    waits = empty - full
    yield Result("what the first run waits for machine code", waits, 1, "s", least=False)
