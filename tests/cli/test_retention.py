"""`livenet retention`, `pin` and `unpin`, as somebody types them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from livenet.client import Client, Retention, Run
from livenet.retention_command import describe
from tests.api.closed import ADMIN_TOKEN, TOKEN, closed_server
from tests.cli.test_cli import livenet
from tests.server import Server, server

__all__ = ["closed_server", "server"]


@pytest.fixture
def run(server: Server) -> Iterator[Run]:
    with Client(server.url) as client:
        made = client.run(start=False)
        yield made
        made.delete()


def test_a_run_is_pinned_and_unpinned(server: Server, run: Run) -> None:
    def ask(*words: str) -> str:
        done = livenet(*words, run.id, "--url", server.url, TZ="UTC")
        assert done.returncode == 0, done.stderr
        return str(done.stdout)

    before = ask("retention")
    assert before.startswith(f"{run.id} is deleted at 20")
    assert "UTC, unless it is used before" in before
    assert "until somebody deletes it" in ask("pin")
    assert json.loads(ask("retention", "--json")) == run.retention()
    assert run.retention()["pinned"] is True
    assert "unless it is used before" in ask("unpin")
    assert run.retention()["pinned"] is False


@pytest.mark.parametrize("command", ["retention", "pin", "unpin"])
def test_a_refusal_is_said_in_words(server: Server, command: str) -> None:
    done = livenet(command, "nope", "--url", server.url)
    assert done.returncode == 1
    assert "There is no run 'nope'" in done.stderr
    assert "Traceback" not in done.stderr
    done = livenet(command, "nope", "--url", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "No server answers" in done.stderr


def test_the_time_is_that_of_a_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    found: Retention = {
        "pinned": False, "expires_at": 1.8e9, "idle_seconds": 60.0, "max_pinned": 5,
        "max_runs": None, "max_bytes": None,
    }  # fmt: skip
    assert "2027-01-15" in describe("run", found)
    assert describe("run", found).startswith("run is deleted at ")
    limited: Retention = {**found, "max_runs": 200, "max_bytes": 2**29}
    assert describe("run", limited).startswith(describe("run", found))
    assert "more than 200 runs or 512 MiB" in describe("run", limited)
    assert "200" not in describe("run", {**limited, "expires_at": None})


@pytest.mark.slow
def test_an_administrator_pins_the_runs_of_others(closed_server: Server) -> None:
    """By LIVENET_ADMIN_TOKEN of the environment; a token in the link comes before it."""
    with Client(closed_server.url, TOKEN, "a-secret-of-my-own") as client:
        run = client.run(start=False)
        tokens = {"LIVENET_TOKEN": TOKEN, "LIVENET_ADMIN_TOKEN": ADMIN_TOKEN}
        link = f"{closed_server.url}/?token={TOKEN}"
        refused = livenet("pin", run.id, "--url", link, **tokens)
        assert refused.returncode == 1
        assert "belongs to another" in refused.stderr
        done = livenet("pin", run.id, "--url", closed_server.url, **tokens)
        assert done.returncode == 0, done.stderr
        assert run.refresh().document["pinned"] is True
        run.delete()
