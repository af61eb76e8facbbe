"""Parameters that are misspelt, empty or given twice are refused: they would have no effect."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2 as httpx
import pytest
from fastapi import FastAPI

from livenet.api.app import ROUTERS
from livenet.api.routes.queries import DOCUMENTS, LISTS
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


def parameters() -> list[tuple[str, str, str]]:
    """Each parameter of each call's query: the call's path, its method, the parameter's name."""
    app = FastAPI()
    for router in ROUTERS:
        app.include_router(router)
    return sorted(
        (path, method.upper(), one["name"])
        for path, calls in app.openapi()["paths"].items()
        for method, call in calls.items()
        for one in call.get("parameters", ())
        if one["in"] == "query"
    )


def refused(http: httpx.Client, method: str, address: str, name: str, *values: str) -> str:
    """The message that refuses the values of a parameter."""
    body = {"kind": "pause"} if method == "POST" else None
    answer = http.request(method, address, params={name: list(values)}, json=body)
    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    assert error["path"] == name
    assert error["hint"]
    return str(error["message"])


@pytest.mark.parametrize(("path", "method", "name"), parameters())
def test_every_parameter_refuses_what_would_match_too_much(
    http: httpx.Client, make_run: MakeRun, group: str, path: str, method: str, name: str
) -> None:
    """Empty, it would be no condition; blank, every name with a space would match; a text with NUL
    would end there. Above all, DELETE."""
    run = make_run()
    address = path.replace("{run}", run).replace("{probe}", "decision").replace("{group}", group)
    if name not in LISTS:
        assert refused(http, method, address, name, "") == f"{name} is empty"
        for blank in (" ", "\u3000 ", "\u200b"):
            assert refused(http, method, address, name, blank) == f"{name} is blank"
    for value in ("\0", "a\0b", "a\nb", "\u202ea"):
        message = refused(http, method, address, name, value)
        assert name in DOCUMENTS or "contains the control character U+" in message
    assert http.get(f"/api/runs/{run}").status_code == 200


@pytest.mark.parametrize(("path", "method", "name"), parameters())
def test_a_parameter_with_one_value_is_given_once(
    http: httpx.Client, make_run: MakeRun, group: str, path: str, method: str, name: str
) -> None:
    address = path.replace("{run}", make_run()).replace("{probe}", "decision")
    address = address.replace("{group}", group)
    if name in ("id", "status", "tag", "spec", "metric") and "summary" not in path:
        answer = http.get("/api/runs", params={name: ["nothing>0", "nothing<0"]})
        assert "twice" not in answer.text
    else:
        message = refused(http, method, address, name, "1", "2")
        assert message == f"{name} is given twice; it has one value"


def test_options_may_have_lines(http: httpx.Client, make_run: MakeRun) -> None:
    query = {"options": '{\n\t"resolution": 8\r\n}'}
    assert http.get(f"/api/runs/{make_run()}/probes/decision", params=query).status_code == 200
