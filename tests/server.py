"""A live server for tests, benchmarks and screenshots, and what they wait with.

A folder's conftest.py imports the fixtures that its tests use.
"""

import atexit
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import IO, TypeVar

import httpx2 as httpx
import pytest

from tests.kept import start_kept

PATIENCE = 30.0  # seconds that a condition may take on a busy machine
STARTS_WITHIN = 90.0

T = TypeVar("T")

started: list["Server"] = []
"""All servers of this process, also those that have ended."""


def eventually(check: Callable[[], T], seconds: float = PATIENCE) -> T:
    """What ``check`` gives once that is true; fails the test when it never is. It is asked less and
    less often: a server refuses somebody who asks it hundreds of times."""
    deadline, wait = time.monotonic() + seconds, 0.005
    while not (found := check()):
        assert time.monotonic() < deadline, f"not within {seconds:g} s; last: {found!r:.300}"
        time.sleep(wait)
        wait = min(0.1, 1.1 * wait)
    return found


@dataclass(frozen=True, eq=False)
class Server:
    """A ``livenet serve`` of its own process."""

    url: str
    process: subprocess.Popen[str] = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    """What lets the administrator in."""

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def client(self) -> httpx.Client:
        """The administrator's. It verifies nothing, since loading certificates takes longer than
        the requests."""
        return httpx.Client(
            base_url=self.url,
            headers=self.headers,
            trust_env=False,
            timeout=PATIENCE,
            verify=False,  # plain HTTP
        )

    def until_ready(self) -> None:
        """Waits until it can train."""
        with self.client() as client:

            def ready() -> bool:
                assert self.process.poll() is None, "the server ended"
                return bool(client.get("/api/health").json().get("status") == "ok")

            eventually(ready, STARTS_WITHIN)

    def runs(self) -> dict[str, str]:
        """The status of every run, by id; once the server listens again, where a test has tried
        many wrong tokens."""
        with self.client() as client:
            while (answer := client.get("/api/runs")).status_code == 429:
                time.sleep(float(answer.headers["retry-after"]))
            found = answer.raise_for_status().json()["runs"]
        return {run["id"]: run["status"] for run in found}

    def assert_idle(self) -> None:
        """For the end of a server that tests have shared: whoever made a run has deleted it."""
        left = self.runs()
        assert not left, f"runs are left at the end: {left}"

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()


def bearer(token: str | None) -> dict[str, str]:
    """The header of a script with a token."""
    return {"authorization": f"Bearer {token}"} if token else {}


def start_server(*options: str, log: IO[str] | None = None, **environment: str) -> Server:
    """Starts a server on a free port, and waits until it can train; ``log`` has what it logs."""
    process = start_kept(
        [sys.executable, "-m", "livenet", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=log,
        env=os.environ | {"OMP_NUM_THREADS": "1"} | environment,
    )
    assert process.stdout is not None
    said = process.stdout.readline().split()
    url = next((word for word in said if word.startswith("http://")), "")
    headers = bearer(environment.get("LIVENET_ADMIN_TOKEN") or environment.get("LIVENET_TOKEN"))
    server = Server(url, process, headers)
    try:
        assert url, "the server ended"
        server.until_ready()
    except BaseException:
        server.stop()
        raise
    started.append(server)
    return server


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """The address of a server of one's own."""
    made = start_server(*options)
    try:
        yield made.url
    finally:
        made.stop()


@cache
def shared_server() -> Server:
    """The server that all tests of this process share."""
    made = start_server("--workers", "1")
    atexit.register(made.stop)
    return made


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    made = shared_server()
    yield made
    made.assert_idle()


@pytest.fixture(scope="session")
def http(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False, timeout=PATIENCE) as client:
        yield client


MakeRun = Callable[..., str]


@pytest.fixture
def make_run(http: httpx.Client) -> Iterator[MakeRun]:
    """Makes runs, paused unless ``start``, and forgets them after the test."""
    made: list[str] = []

    def make(spec: dict[str, object] | None = None, *, start: bool = False, **rest: object) -> str:
        answer = http.post("/api/runs", json={"spec": spec or {}, "start": start, **rest})
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
        return made[-1]

    yield make
    for run in made:
        http.delete(f"/api/runs/{run}")
