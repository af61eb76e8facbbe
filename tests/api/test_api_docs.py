"""docs/api.md: its examples work, and leave no call out."""

from __future__ import annotations

import json
import re

import httpx

from tests.api.examples import curl_examples
from tests.server import eventually


def test_every_example_works(http: httpx.Client) -> None:
    """In the order of the page, as somebody would who reads it from top to bottom."""
    run = ""
    for example in curl_examples():
        path = example.path.replace("$RUN", run)
        assert "$" not in path
        answer = http.request(
            example.method,
            path,
            headers=example.headers,
            content=example.body,
            params=example.query or None,
        )
        assert answer.is_success, f"{example.text}\n{answer.text}"
        if example.names_run:
            run = answer.json()["id"]
        elif path.endswith("/forks"):
            http.delete(f"/api/runs/{answer.json()['id']}")
        elif path.endswith("/commands") and json.loads(example.body or "{}")["kind"] == "step":
            eventually(lambda run=run: http.get(f"/api/runs/{run}").json()["status"] == "paused")  # type: ignore[misc]  # bound at once
    assert http.get(f"/api/runs/{run}").status_code == 404  # the last one deletes it


def test_every_call_has_an_example(http: httpx.Client) -> None:
    document = http.get("/api/openapi.json").json()
    calls = {(method, path) for path, item in document["paths"].items() for method in item}
    for example in curl_examples():
        path = example.path.split("?")[0]
        calls = {
            (method, template)
            for method, template in calls
            if not (
                method == example.method.lower()
                and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
            )
        }
    assert not calls


def test_every_command_has_an_example(http: httpx.Client) -> None:
    kinds = {
        json.loads(example.body or "{}")["kind"]
        for example in curl_examples()
        if example.path.endswith("/commands")
    }
    assert kinds == {"pause", "resume", "stop", "step", "set", "edit", "pace"}
