"""Clients of a server that is killed: what it acknowledged to them, and whether it still has it."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import httpx2 as httpx
import psutil

from livenet.store import Store
from livenet.store.listing import Query, find
from tests.folding import after
from tests.server import Server, eventually, start_server

POINTS = {"kind": "moons", "samples": 120}
DIGITS = {"kind": "digits", "samples": 60}
FAMILIES: list[dict[str, Any]] = [
    {"data": POINTS, "model": {"hidden": [6, 5]}, "regularization": {"dropout": 0.25}},
    {"data": POINTS, "model": {"hidden": [4]}, "optimizer": {"kind": "adam"}},
    {"data": {"kind": "sine", "samples": 80}, "model": {"hidden": [8]}},
    {"data": DIGITS, "model": {"kind": "cnn"}},
    {"data": DIGITS, "model": {"kind": "autoencoder"}},
    {"data": DIGITS, "model": {"kind": "vae"}},
    {"data": {"kind": "parity", "length": 4, "samples": 40}, "model": {"kind": "rnn"}},
    {"data": {"kind": "parity", "length": 4, "samples": 40}, "model": {"kind": "transformer"}},
]
LONG = 600.0  # seconds for the training of a whole story again
PACE = 200.0  # steps a second: a run must not outlast the test


def processes(server: Server) -> list[Any]:
    return [*psutil.Process(server.process.pid).children(recursive=True), server.process]


def kill(server: Server) -> None:
    """Ends a server and all its processes as ``kill -9`` does, at one moment."""
    everything = processes(server)
    for one in everything:
        with suppress(ProcessLookupError, psutil.Error):
            os.kill(one.pid, signal.SIGSTOP)
    for one in everything:
        with suppress(ProcessLookupError, psutil.Error):
            os.kill(one.pid, signal.SIGKILL)
    server.process.communicate()


@dataclass
class Told:
    """What clients know of one run. A command that got no answer may have taken effect or not."""

    id: str
    spec: dict[str, Any]
    journal: list[dict[str, Any]] = field(default_factory=list)
    unanswered: dict[str, Any] | None = None
    status: str = "running"
    status_unsure: bool = False
    step: int = 0
    paused_at: int = -1
    """The step of an acknowledged pause; −1 after a resume."""
    name: str = ""
    rows: dict[int, list[float | None]] = field(default_factory=dict)
    deleted: bool = False
    deletion_unsure: bool = False


class Clients:
    """A client a run, each of which sends one command after another; one more makes and deletes
    runs."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.runs: dict[str, Told] = {}
        self.unsure_runs = 0
        self._values = 0
        self._noting = Lock()  # an answer is written down as a whole, beside copies
        self._stop = Event()
        self.server = self._start()

    def _start(self) -> Server:
        return start_server("--workers", "2", "--data", str(self.folder), LIVENET_MAX_RUNS="10000")

    def http(self) -> httpx.Client:
        return self.server.client()

    def make(self, http: httpx.Client, spec: dict[str, Any]) -> Told | None:
        self.unsure_runs += 1
        try:
            answer = http.post("/api/runs", json={"spec": spec, "pace": PACE})
        except httpx.HTTPError:
            return None
        self.unsure_runs -= 1
        assert answer.status_code == 201, answer.text
        document = answer.json()
        told = self.runs[document["id"]] = Told(document["id"], spec, name=document["name"])
        return told

    def begin(self, count: int) -> None:
        with self.http() as http:
            for place in range(count):
                spec = FAMILIES[place % len(FAMILIES)] | {"seed": place}
                assert self.make(http, spec)

    def until_killed(self, seconds: float) -> None:
        """Commands all runs for a while, and then kills the server amid it."""

        def work() -> None:
            self._stop.wait(seconds)
            kill(self.server)

        self.while_commanded(work)

    def _command(self, told: Told) -> None:
        own = random.Random(f"{told.id}{self.random.random()}")
        with suppress(httpx.HTTPError), self.http() as http:
            while not self._stop.is_set():
                self._one_command(http, told, own.choice(["set", "set", "turn", "name", "rows"]))

    def _one_command(self, http: httpx.Client, told: Told, kind: str) -> None:
        path = f"/api/runs/{told.id}"
        if kind == "rows":
            answer = http.get(f"{path}/series", params={"after": max(told.rows, default=0)})
            told.rows |= {row[0]: row[:-1] for row in answer.json()["rows"]}
            return
        if kind == "name":
            self._values += 1
            pinned = bool(self._values % 2)
            http.patch(path, json={"pinned": pinned}).raise_for_status()
            return
        command: dict[str, Any]
        if kind == "set":
            self._values += 1
            rate = 0.001 + self._values * 1e-7  # so that each is told from all others
            command = {"kind": "set", "changes": {"optimizer.lr": rate}}
            told.unanswered = command
        else:
            command = {"kind": "pause" if told.status == "running" else "resume"}
            told.status_unsure = True
            told.paused_at = -1
        answer = http.post(f"{path}/commands", json=command)
        assert answer.status_code == 200, answer.text
        with self._noting:
            told.step = answer.json()["step"]
            if kind == "set":
                told.unanswered = None
                told.journal = after(told.journal, {"step": told.step, "command": command})
            else:
                told.status = "paused" if command["kind"] == "pause" else "running"
                told.status_unsure = False
                told.paused_at = told.step if told.status == "paused" else -1

    def _make_and_delete(self) -> None:
        with suppress(httpx.HTTPError), self.http() as http:
            while not self._stop.is_set():
                told = self.make(http, FAMILIES[0])
                if told is None:
                    return
                told.deletion_unsure = True
                http.delete(f"/api/runs/{told.id}").raise_for_status()
                with self._noting:
                    told.deleted, told.deletion_unsure = True, False

    def restart(self) -> None:
        self.server = self._start()

    def copy(self, to: Path) -> list[Told]:
        """Copies the folder while all processes of the server stand still. Returns what was
        acknowledged by then."""
        everything = processes(self.server)
        for one in everything:
            os.kill(one.pid, signal.SIGSTOP)
        try:
            with self._noting:
                told = [deepcopy(one) for one in list(self.runs.values())]
            shutil.copytree(self.folder, to)
        finally:
            for one in everything:
                os.kill(one.pid, signal.SIGCONT)
        return told

    def while_commanded(self, work: Callable[[], None]) -> None:
        """Commands all runs while something else is done."""
        self._stop.clear()
        going = [told for told in self.runs.values() if not told.deleted]
        threads = [Thread(target=self._command, args=(told,)) for told in going]
        threads.append(Thread(target=self._make_and_delete))
        for thread in threads:
            thread.start()
        try:
            work()
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def check(self) -> None:
        """The server has all that it acknowledged, once, and goes on by itself."""
        with self.http() as http:
            listed = {one["id"] for one in http.get("/api/runs").json()["runs"]}
            unknown = listed - self.runs.keys()
            assert len(unknown) <= self.unsure_runs, "a run is there twice"
            for run in unknown:  # made, and killed before the answer
                http.delete(f"/api/runs/{run}").raise_for_status()
            self.unsure_runs = 0
            for told in self.runs.values():
                if told.deleted:
                    assert told.id not in listed, "a deleted run is back"
                elif told.deletion_unsure:
                    told.deleted = True
                    http.delete(f"/api/runs/{told.id}")
                else:
                    assert told.id in listed, "an acknowledged run is gone"
                    self._check_run(http, told)

    def _check_run(self, http: httpx.Client, told: Told) -> None:
        path = f"/api/runs/{told.id}"
        found = http.get(path).raise_for_status().json()
        journal = found["journal"]
        if journal and journal[-1]["command"] == told.unanswered:
            told.journal = after(told.journal, journal[-1])
        assert journal == told.journal, "an acknowledged entry is lost, doubled or changed"
        told.unanswered = None
        assert found["step"] >= told.step, "the run fell back behind what was acknowledged"
        assert found["error"] is None
        if told.status_unsure:
            told.status, told.status_unsure = found["status"], False
        assert found["status"] == told.status
        if told.status == "running":  # by itself
            step = found["step"]
            eventually(lambda: http.get(path).json()["step"] > step)
        elif told.paused_at >= 0:
            assert found["step"] == told.paused_at
        last = max(told.rows, default=0)

        def all_rows() -> list[list[float | None]]:
            rows: list[list[float | None]] = http.get(f"{path}/series").json()["rows"]
            return rows if len(rows) >= last or told.status == "paused" else []

        rows = eventually(all_rows)
        assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
        for row in rows:
            seen = told.rows.get(int(row[0] or 0))
            assert seen is None or seen == row[:-1], "a row that was seen has changed"
        told.rows = {int(row[0] or 0): row[:-1] for row in rows}

    def pause_all(self) -> None:
        """Leaves the machine to what is trained again."""
        with self.http() as http:
            for told in self.runs.values():
                if told.status == "running" and not told.deleted:
                    path = f"/api/runs/{told.id}/commands"
                    http.post(path, json={"kind": "pause"}).raise_for_status()

    def check_story(self, told: Told) -> None:
        """The run has the numbers of one that was never disturbed, bit for bit."""
        with self.http() as http:
            path = f"/api/runs/{told.id}"
            found = http.get(path).json()
            again = http.post("/api/runs", json={"spec": told.spec, "start": False}).json()
            other = f"/api/runs/{again['id']}"
            try:
                for entry in [*found["journal"], {"step": found["step"], "command": None}]:
                    self._walk(http, other, entry["step"])
                    if entry["command"]:
                        http.post(f"{other}/commands", json=entry["command"]).raise_for_status()
                for rest in ("/weights", f"/weights?step={found['step'] // 2}"):
                    assert http.get(path + rest).content == http.get(other + rest).content
                rows = [http.get(f"{one}/series").json()["rows"] for one in (path, other)]
                assert [row[:-1] for row in rows[0]] == [row[:-1] for row in rows[1]]
            finally:
                http.delete(other)

    def _walk(self, http: httpx.Client, path: str, step: int) -> None:
        now = http.get(path).json()["step"]
        if step > now:
            command = {"kind": "step", "steps": step - now}
            http.post(f"{path}/commands", json=command).raise_for_status()
            eventually(lambda: http.get(path).json()["status"] == "paused", LONG)


def check_copy(folder: Path, told: list[Told]) -> None:
    """A copy of a store opens, and holds all that had been acknowledged when it was made."""

    async def opened() -> None:
        store = Store(folder, 2**25)
        await store.open()
        try:
            listed = {row["id"] for row in (await store.read(find, Query(limit=10_000))).runs}
            for one in told:
                if one.deleted:
                    assert one.id not in listed
                elif not one.deletion_unsure:
                    run = await store.load(one.id)
                    assert run is not None, "an acknowledged run is missing"
                    journal = [entry.document() for entry in run.journal]
                    known = one.journal
                    if journal and journal[-1]["command"] == one.unanswered:
                        known = after(known, journal[-1])
                    assert journal == known, f"{one.id}: {journal[-3:]} is not {known[-3:]}"
                    assert run.step >= one.step
                    assert one.status_unsure or run.status == one.status
                    assert run.snapshots.steps[0] == 0
                    rows = [row[0] for row in run.series.rows()]
                    assert rows == list(range(1, len(rows) + 1))
        finally:
            assert await store.close() == []

    asyncio.run(opened())
