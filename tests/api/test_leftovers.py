"""The checks that keep one test's runs from training beside the next can fail."""

from __future__ import annotations

import httpx2 as httpx
import pytest

from tests.leftovers import forgotten, nothing_left
from tests.server import MakeRun, Server


def made(http: httpx.Client) -> str:
    run: str = http.post("/api/runs", json={"spec": {}}).raise_for_status().json()["id"]
    return run


def test_run_that_is_left_fails_its_test_and_is_deleted(http: httpx.Client, server: Server) -> None:
    run = ""
    with pytest.raises(AssertionError, match="runs are left on a server"), nothing_left():  # a leak
        run = made(http)
    assert run
    assert run not in server.runs()


def test_runs_that_were_there_before_stay(
    http: httpx.Client, server: Server, make_run: MakeRun
) -> None:
    kept = make_run()
    with nothing_left(), forgotten():
        made(http)
    assert server.runs() == {kept: "paused"}


def test_runs_of_work_that_fails_are_deleted_too(http: httpx.Client, server: Server) -> None:
    with pytest.raises(ZeroDivisionError), forgotten():  # noqa: PT012  # what it makes first
        made(http)
        raise ZeroDivisionError
    assert server.runs() == {}


def test_shared_server_may_hold_no_run_at_the_end(server: Server, make_run: MakeRun) -> None:
    server.assert_idle()
    run = make_run()
    with pytest.raises(AssertionError, match=f"left at the end.*{run}"):
        server.assert_idle()
