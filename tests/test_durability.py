"""The server is killed or copied while clients command it, or has no room: nothing that it
acknowledged is lost."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.durability import FAMILIES, Clients, check_copy
from tests.server import eventually, start_server

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("heavy")]
NO_LIMIT = (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY)


@pytest.mark.parametrize(("kills", "runs"), [(3, 4), pytest.param(100, 10, marks=pytest.mark.soak)])
def test_killed_at_any_moment(tmp_path: Path, kills: int, runs: int) -> None:
    """Runs go on by themselves, with the numbers of runs that were never disturbed."""
    clients = Clients(tmp_path, seed=kills)
    try:
        clients.begin(runs)
        for _ in range(kills):
            clients.until_killed(clients.random.uniform(0.05, 1.5))
            clients.restart()
            clients.check()
        clients.pause_all()
        for told in [told for told in clients.runs.values() if not told.deleted]:
            clients.check_story(told)
    finally:
        clients.server.stop()


@pytest.mark.parametrize(
    ("copies", "runs"), [(5, 4), pytest.param(200, 10, marks=pytest.mark.soak)]
)
def test_copied_at_any_moment(tmp_path: Path, copies: int, runs: int) -> None:
    """As a snapshot of the file system does it, or a power cut."""
    clients = Clients(tmp_path / "runs", seed=copies)

    def work() -> None:
        for number in range(copies):
            time.sleep(clients.random.uniform(0.0, 0.3))
            told = clients.copy(tmp_path / f"{number}")
            check_copy(tmp_path / f"{number}", told)
            shutil.rmtree(tmp_path / f"{number}")

    try:
        clients.begin(runs)
        clients.while_commanded(work)
        assert len(clients.runs) > runs, "nobody made runs meanwhile"
    finally:
        clients.server.stop()


@pytest.mark.skipif(not hasattr(psutil, "RLIMIT_FSIZE"), reason="the system limits no file sizes")
@pytest.mark.parametrize("times", [2, pytest.param(20, marks=pytest.mark.soak)])
def test_full_disk(tmp_path: Path, times: int) -> None:
    """A limit on the size of files: every write fails. What was acknowledged before and meanwhile
    is there afterwards, training goes on, and the server ends without an error."""
    server = start_server("--workers", "1", "--data", str(tmp_path))
    process = psutil.Process(server.process.pid)
    sent: list[dict[str, Any]] = []
    accepted: list[dict[str, Any]] = []
    with server.client() as http:
        run = http.post("/api/runs", json={"spec": FAMILIES[0], "pace": 100.0}).json()["id"]
        path = f"/api/runs/{run}"

        def health() -> str:
            return str(http.get("/api/health").json()["status"])

        def send() -> int:
            # None takes the place of another.
            command = {"kind": "set", "changes": {"training.steps": 1_000_000 + len(sent)}}
            sent.append(command)
            answer = http.post(f"{path}/commands", json=command)
            if answer.is_success:
                accepted.append({"step": answer.json()["step"], "command": command})
            else:
                assert answer.json()["error"]["code"] == "store_failure", answer.text
                assert int(answer.headers["retry-after"]) > 0
            return answer.status_code

        def goes_on(step: int) -> None:
            eventually(lambda: http.get(path).json()["step"] > step)

        for _ in range(times):
            assert send() == 200
            process.rlimit(psutil.RLIMIT_FSIZE, (4096, psutil.RLIM_INFINITY))
            eventually(lambda: send() == 503 and health() == "degraded")
            refused = http.post("/api/runs", json={})
            assert refused.status_code == 503
            assert "cannot save" in refused.json()["error"]["message"]
            assert http.delete(path).status_code == 503
            process.rlimit(psutil.RLIMIT_FSIZE, NO_LIMIT)
            eventually(lambda: health() == "ok")
            goes_on(http.get(path).json()["step"])
        found = http.get(path).json()
    server.stop()
    assert server.process.returncode == 0
    again = start_server("--workers", "1", "--data", str(tmp_path))
    try:
        with again.client() as http:
            journal = http.get(path).json()["journal"]
            assert journal[: len(found["journal"])] == found["journal"]
            assert [entry for entry in journal if entry in accepted] == accepted
            assert all(entry["command"] in sent for entry in journal)
    finally:
        again.stop()


@pytest.mark.skipif(not hasattr(psutil, "RLIMIT_FSIZE"), reason="the system limits no file sizes")
def test_stopped_while_the_disk_is_full(tmp_path: Path) -> None:
    """It names the runs whose last changes are lost, and its exit code says so."""
    with (tmp_path / "log").open("w", encoding="utf-8") as log:
        server = start_server("--workers", "1", "--data", str(tmp_path / "runs"), log=log)
        with server.client() as http:
            spec = {"spec": FAMILIES[0], "name": "the lost one", "pace": 100.0}
            run = http.post("/api/runs", json=spec).json()["id"]
            limit = (4096, psutil.RLIM_INFINITY)
            psutil.Process(server.process.pid).rlimit(psutil.RLIMIT_FSIZE, limit)
            eventually(lambda: http.get("/api/health").json()["status"] == "degraded")
        server.stop()
    assert server.process.returncode == 1
    said = (tmp_path / "log").read_text(encoding="utf-8")
    assert "could not be saved" in said
    assert f"the lost one ({run})" in said
