"""The server on a system that has little of what Linux has: it starts, trains and stops."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import Server, eventually, start_server
from tests.store.stories import rows_of

ELSEWHERE = Path(__file__).parents[1] / "elsewhere"
ROOT = Path(__file__).parents[2]
PATH = os.pathsep.join([str(ELSEWHERE), str(ROOT / "backend")])
PROBE = """
import os, signal, multiprocessing
print(hasattr(os, "sched_getaffinity"), hasattr(os, "fork"), hasattr(signal, "pthread_sigmask"))
print(multiprocessing.get_all_start_methods())
for name in ("fcntl", "resource"):
    try: __import__(name)
    except ImportError: print("no", name)
"""


def test_elsewhere_lacks_what_it_should() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        env=os.environ | {"PYTHONPATH": PATH},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[:4] == [
        "False False False",
        "['spawn']",
        "no fcntl",
        "no resource",
    ]


def steps(server: Server, run: str) -> int:
    with server.client() as client:
        document = client.get(f"/api/runs/{run}").raise_for_status().json()
    assert document["error"] is None
    return int(document["step"])


@pytest.mark.slow
def test_a_run_trains_there(tmp_path: Path) -> None:
    data = tmp_path / "runs"
    server = start_server("--data", str(data), PYTHONPATH=PATH, LIVENET_WORKERS="1")
    try:
        with server.client() as client:
            made = client.post("/api/runs", json={"spec": {}}).raise_for_status().json()
            eventually(lambda: steps(server, made["id"]) > 20)
            picture = client.get(f"/api/runs/{made['id']}/probes/decision")
            assert picture.is_success
    finally:
        server.stop()
    assert server.process.returncode == 0
    assert [row[0] for row in rows_of(data, "runs")] == [made["id"]]
