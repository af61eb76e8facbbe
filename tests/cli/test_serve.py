"""`livenet serve`, as somebody types it: what stops it at the start, and what it says."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from livenet.settings import Limits, Settings
from tests.api.rights import without_rights
from tests.kept import start_kept
from tests.server import PATIENCE, bearer, start_server

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
TOKEN = "for-the-class-0123456789"
ADMIN = "for-the-lecturer-0123456789"


def serve(*options: str, preexec: Any = None, **environment: str) -> Any:
    """Runs it to its end, which is to come at once."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "livenet", "serve", "--port", "0", *options],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"COLUMNS": "100"} | environment,
        preexec_fn=preexec,
    )


def refused(done: Any, *words: str) -> None:
    """It ended with a sentence that says what to do, and nothing else."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr
    assert len(done.stderr.splitlines()) >= 2  # what, and how to put it right


def test_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = serve("--port", str(port))
    refused(done, f"Port {port} of 127.0.0.1 is in use", "the next free one")


def test_port_that_needs_rights() -> None:
    done = serve("--port", "81", preexec=without_rights())
    refused(done, "Port 81 of 127.0.0.1 needs rights", "--port 8000")


@pytest.mark.parametrize(
    ("host", "words"),
    [("nowhere.invalid", "There is no host"), ("198.51.100.7", "is not an address of this")],
)
def test_host_that_cannot_be_had(host: str, words: str) -> None:
    refused(serve("--host", host, LIVENET_TOKEN=TOKEN), words, "0.0.0.0")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.5"])
def test_no_token_for_other_machines(host: str, tmp_path: Path) -> None:
    done = serve("--host", host, "--port", "8123", "--data", str(tmp_path / "my runs"))
    refused(done, f"Other machines reach {host}", "Use 127.0.0.1")
    command = shlex.split(done.stderr.splitlines()[-1])
    assert command[1:] == [
        *("livenet", "serve", "--host", host, "--port", "8123"),
        *("--data", str(tmp_path / "my runs")),
    ]
    name, token = command[0].split("=", 1)
    assert name == "LIVENET_TOKEN"
    assert len(token) >= 32
    again = serve("--host", host)
    assert token not in again.stderr  # another each time


def test_no_token_behind_a_proxy() -> None:
    done = serve(LIVENET_ORIGINS="https://net.example")
    refused(done, "LIVENET_TOKEN=")


def test_data_folder_without_rights(tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    folder.mkdir(mode=0o500)
    done = serve("--data", str(folder), preexec=without_rights())
    refused(done, f"{folder} cannot be written to: Permission denied", "owns")


def test_data_folder_that_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "runs"
    path.write_text("")
    refused(serve("--data", str(path)), "is a file, not a folder")


def test_too_few_file_handles() -> None:
    import resource

    def few() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))

    refused(serve(preexec=few), "may open 200 files", "ulimit -n")


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("LIVENET_MAX_RUNS", "many", "runs that are kept"),
        ("LIVENET_DEVICE", "tpu", "cpu"),
        ("LIVENET_ORIGINS", "net.example", "https://net.example"),
        ("LIVENET_LOG", "yaml", "json"),
        ("LIVENET_WORKERS", "-1", "worker processes"),
    ],
)
def test_setting_that_is_not_understood(name: str, value: str, word: str) -> None:
    refused(serve(**{name: value}), name, value, word)


def test_short_token_is_not_shown() -> None:
    done = serve(LIVENET_TOKEN="hunter2")
    refused(done, "LIVENET_TOKEN has 7 characters", "livenet token")
    assert "hunter2" not in done.stderr


def test_one_token_for_both() -> None:
    refused(serve(LIVENET_TOKEN=TOKEN, LIVENET_ADMIN_TOKEN=TOKEN), "LIVENET_ADMIN_TOKEN")


def test_page_that_is_not_there(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "backend", tmp_path / "backend")
    done = serve(PYTHONPATH=str(tmp_path / "backend"))
    refused(done, "files are missing")


def test_served_to_others_behind_a_token(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w") as stderr:
        process = start_kept(
            [sys.executable, "-m", "livenet", "serve", "--port", "0", "--host", "0.0.0.0"],
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=os.environ | {"LIVENET_TOKEN": TOKEN, "LIVENET_MAX_RUN": "5"},
        )
    try:
        assert process.stdout is not None
        port = re.search(r":(\d+)", process.stdout.readline())
        assert port
        url = f"http://127.0.0.1:{port[1]}/api/me"
        assert httpx.get(url, trust_env=False).status_code == 401
        mine = httpx.get(url, headers=bearer(TOKEN), trust_env=False).json()
        assert mine["administrator"] is False
        lines = iter(process.stdout.readline, "")
        made = next(line for line in lines if line.startswith("For the lecturer"))
        admin = made.strip().split("?token=")[1]
        found = httpx.get(url, headers=bearer(admin), trust_env=False).json()
        assert found["administrator"] is True
        # A wrong token, as somebody may paste it, is not written down either.
        httpx.get(f"http://127.0.0.1:{port[1]}/?token={ADMIN}", trust_env=False)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert all({"time", "level", "logger", "message"} <= set(event) for event in events)
    assert "Did you mean 'LIVENET_MAX_RUNS'" in json.dumps(events[0])
    for token in (TOKEN, admin, ADMIN):
        assert token not in log.read_text()


def test_tokens_of_ones_own_are_not_printed_for_a_program() -> None:
    process = start_server("--workers", "1", LIVENET_TOKEN=TOKEN, LIVENET_ADMIN_TOKEN=ADMIN).process
    process.terminate()
    process.wait(PATIENCE)
    assert process.stdout is not None
    with process.stdout:
        text = process.stdout.read()
    assert "?token=$LIVENET_TOKEN" in text
    assert TOKEN not in text
    assert ADMIN not in text


def test_every_setting_is_a_known_variable(tmp_path: Path) -> None:
    """Else the warning of slips would warn of the real ones."""
    names = ({*Settings.model_fields} | {*Limits.model_fields}) - {"limits"}
    program = (
        "import logging\n"
        "from livenet.api.serving import serve\n"
        "logging.basicConfig()\n"
        "serve._warn_of_unknown_variables()\n"
    )
    given = {f"LIVENET_{name.upper()}": "1" for name in names} | {"LIVENET_LOG": "json"}
    for environment, word in ((given, ""), ({"LIVENET_MAX_RUN": "1"}, "LIVENET_MAX_RUNS")):
        clean = {name: value for name, value in os.environ.items() if "LIVENET" not in name}
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            timeout=60,
            env=clean | environment,
        )
        assert word in done.stderr
        assert bool(done.stderr) == bool(word)
