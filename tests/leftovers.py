"""Runs that outlive what made them, on a server that goes on.

Servers belong to one process of the tests, and its tests run one after the other: what is new on a
server after a test is of that test.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.server import Server, started

Runs = dict[Server, dict[str, str]]


def present() -> Runs:
    """The runs of every server of this process, by id, with their status."""
    return {server: server.runs() for server in started if server.process.poll() is None}


def since(before: Runs) -> Runs:
    """Those that were not there before."""
    return {
        server: new
        for server, runs in present().items()
        if (new := {run: runs[run] for run in runs.keys() - before.get(server, {}).keys()})
    }


def delete(found: Runs) -> None:
    for server, runs in found.items():
        with server.client() as client:
            for run in runs:
                answer = client.delete(f"/api/runs/{run}")
                assert answer.is_success or answer.status_code == 404, answer.text


@contextmanager
def forgotten() -> Iterator[None]:
    """Deletes all runs that are made inside."""
    before = present()
    try:
        yield
    finally:
        delete(since(before))


@contextmanager
def nothing_left() -> Iterator[None]:
    """Fails where runs that are made inside are left at the end, and deletes them."""
    before = present()
    yield
    left = since(before)
    delete(left)
    assert not left, f"runs are left on a server that others use: {left}"


@pytest.fixture(autouse=True)
def no_run_left() -> Iterator[None]:
    """Fails a test that leaves a run to those after it; for import into a conftest.py."""
    with nothing_left():
        yield


@contextmanager
def shared(server: Server) -> Iterator[Server]:
    """Stops a server that several tests have used; no run may be left by then."""
    try:
        yield server
        server.assert_idle()
    finally:
        server.stop()
