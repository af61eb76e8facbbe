"""A misspelt parameter has no effect: it is refused."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2 as httpx
import pytest

from livenet.api.app import ROUTERS
from tests.server import MakeRun


def calls() -> list[str]:
    return sorted(
        route.path  # type: ignore[attr-defined]  # each is a route of FastAPI's
        for router in ROUTERS
        for route in router.routes
        if "GET" in route.methods  # type: ignore[attr-defined]
    )


@pytest.fixture
def group(http: httpx.Client) -> Iterator[str]:
    """The id of a group, which goes with the test."""
    body = {"spec": {"training": {"steps": 3}}}
    made = http.post("/api/groups", json=body).raise_for_status().json()["id"]
    yield str(made)
    http.delete(f"/api/groups/{made}")


@pytest.mark.parametrize("path", calls())
def test_every_get_refuses_an_unknown_parameter(
    http: httpx.Client, make_run: MakeRun, group: str, path: str
) -> None:
    address = path.replace("{run}", make_run()).replace("{probe}", "decision")
    address = address.replace("{group}", group)
    assert http.get(address).status_code == 200
    answer = http.get(address, params={"nonsense": "1"})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["code"], error["path"]) == ("bad_request", "nonsense")
    assert "'nonsense' is not a parameter of this call" in error["message"]


def test_the_parameters_that_a_call_has_are_named(http: httpx.Client, make_run: MakeRun) -> None:
    run = make_run()

    def hint(path: str, name: str) -> str:
        return str(http.get(path, params={name: "1"}).json()["error"]["hint"])

    assert hint(f"/api/runs/{run}/series", "formt") == "Did you mean 'format'?"
    assert hint(f"/api/runs/{run}/weights", "nonsense") == "Allowed: step."
    assert hint(f"/api/runs/{run}/snapshots", "nonsense") == "It has none."


def test_a_long_name_is_quoted_in_short(http: httpx.Client) -> None:
    error = http.get("/api/runs", params={"x" * 5000: "1"}).json()["error"]
    assert len(error["message"]) < 200
    assert len(error["path"]) <= 200
