"""Told to stop, the server tells whoever is there, and leaves nothing behind.

It ends itself with another code where it takes longer than it may: a code of 0 says that it was in
time.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx2 as httpx
import psutil
import pytest

from tests.api.socket import Socket, viewer
from tests.kept import start_kept
from tests.server import PATIENCE, Server, eventually, start_server

pytestmark = pytest.mark.slow

Start = Callable[..., Server]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers, and ends whatever of them a test has left."""
    made: list[Server] = []

    def begin(*options: str) -> Server:
        made.append(start_server("--workers", "2", *options))
        return made[-1]

    yield begin
    for server in made:
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(server.process.pid).children(recursive=True):
                child.kill()
        server.process.kill()
        server.process.communicate()


def begun_by(server: Server) -> list[psutil.Process]:
    """The processes that a server has started: workers, and what starts them."""
    found = psutil.Process(server.process.pid).children(recursive=True)
    assert len(found) >= 3
    return found


def gone(processes: list[psutil.Process]) -> bool:
    def ended(one: psutil.Process) -> bool:
        with suppress(psutil.NoSuchProcess):
            return one.status() == psutil.STATUS_ZOMBIE  # an orphan that nobody has buried yet
        return True

    return all(ended(one) for one in processes)


def train(server: Server, count: int) -> list[str]:
    with httpx.Client(base_url=server.url, trust_env=False, timeout=PATIENCE) as http:
        return [http.post("/api/runs", json={"spec": {}}).json()["id"] for _ in range(count)]


def handshake(server: Server, run: str) -> bytes:
    lines = (
        f"GET /api/runs/{run}/stream HTTP/1.1",
        f"Host: {server.host}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "\r\n",
    )
    return "\r\n".join(lines).encode()


def text(**message: object) -> bytes:
    """A message as a client's frame, masked with zeros."""
    data = json.dumps(message).encode()
    return bytes([0x81, 0x80 | 126]) + len(data).to_bytes(2, "big") + bytes(4) + data


def deaf_viewer(server: Server, run: str) -> socket.socket:
    """One that asks for much, and reads nothing of it."""
    name, port = server.host.split(":")
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect((name, int(port)))
    made.sendall(handshake(server, run))
    for number in range(10):
        options = {"resolution": 200 + number}
        made.sendall(text(kind="subscribe", id=f"{number}", probe="decision", options=options))
    made.sendall(text(kind="series", after=0))
    return made


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_in_the_midst_of_a_class(start: Start, tmp_path: Path, sent: signal.Signals) -> None:
    server = start("--data", str(tmp_path))
    runs = train(server, 20)
    with ExitStack() as held:
        viewers = [held.enter_context(viewer(server, runs[n % len(runs)])) for n in range(50)]
        for one in viewers:
            one.send(kind="subscribe", id="a", probe="decision", fps=10)
        held.callback(deaf_viewer(server, runs[0]).close)
        pool = held.enter_context(ThreadPoolExecutor(60))
        codes: list[Future[int | None]] = [pool.submit(Socket.until_closed, one) for one in viewers]
        url = f"{server.url}/api/runs/{runs[0]}?wait=600"
        waiting = pool.submit(httpx.get, url, timeout=PATIENCE, trust_env=False)
        # The long request is under way.
        eventually(lambda: len(psutil.Process(server.process.pid).net_connections()) > 52)
        children = begun_by(server)
        server.process.send_signal(sent)
        assert server.process.wait(PATIENCE) == 0
        assert [code.result() for code in codes] == [1012] * len(viewers)
        answer = waiting.result()
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
    assert eventually(lambda: gone(children), 5.0)
    # All runs are kept, and go on by themselves.
    again = start("--data", str(tmp_path))
    with httpx.Client(base_url=again.url, trust_env=False, timeout=PATIENCE) as http:
        found = {run["id"]: run["status"] for run in http.get("/api/runs").json()["runs"]}
    assert found == dict.fromkeys(runs, "running")


def test_whole_group_is_told(start: Start) -> None:
    """As systemd does it, and a terminal: workers hear it as well."""
    server = start()
    train(server, 4)
    children = begun_by(server)
    for one in (*children, psutil.Process(server.process.pid)):
        one.send_signal(signal.SIGTERM)
    assert server.process.wait(PATIENCE) == 0
    assert eventually(lambda: gone(children), 5.0)


def test_killed_server_leaves_no_worker(start: Start) -> None:
    server = start()
    train(server, 4)
    children = begun_by(server)
    server.process.kill()
    server.process.wait(PATIENCE)
    assert eventually(lambda: gone(children))


def test_told_while_it_starts() -> None:
    """By whoever has just read its address: workers are still being made."""
    process = start_kept(
        [sys.executable, "-m", "livenet", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert process.stdout is not None
    assert "http://" in process.stdout.readline()
    process.terminate()
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


STUCK = """
import asyncio, sys, time
from livenet import cli
from livenet.engine.server.local import LocalEngine

async def stuck(engine):
    print("closing", flush=True)
    {how}

LocalEngine.close = stuck
sys.argv = ["livenet", "serve", "--port", "0", "--workers", "1"]
cli.app()
"""


def stuck_server(how: str) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """A server whose engine does not close, that has been told to stop."""
    process = start_kept(
        [sys.executable, "-c", STUCK.format(how=how)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert process.stdout is not None
    assert "http://" in process.stdout.readline()
    children = eventually(
        lambda: (
            found
            if len(found := psutil.Process(process.pid).children(recursive=True)) >= 3
            else None
        )
    )
    assert children is not None
    process.terminate()
    assert process.stdout.readline() == "closing\n"
    return process, children


def test_second_signal_ends_it_at_once() -> None:
    process, children = stuck_server("await asyncio.sleep(60)")
    process.terminate()
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + signal.SIGTERM
    assert eventually(lambda: gone(children), 5.0)


@pytest.mark.parametrize("how", ["await asyncio.sleep(60)", "time.sleep(60)"])
def test_engine_that_does_not_close_is_left(how: str) -> None:
    process, children = stuck_server(how)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "what was not saved by now is lost" in said
    assert eventually(lambda: gone(children), 5.0)
