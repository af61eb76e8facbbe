"""docs/api.md: its examples work, and leave no call out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from string import Template

import httpx2 as httpx
import pytest

from livenet.api.access.authentication import LEAST_SECRET, MAX_SECRET
from livenet.api.routes.downloads import MAX_A_PERSON
from livenet.api.routes.excerpt import MAX_EVERY
from livenet.api.routes.series import LONG
from livenet.settings import Settings
from tests.api.closed import client, script, shared_closed_server
from tests.api.examples import DOCS, curl_examples
from tests.server import eventually


@pytest.fixture(params=["open", "closed"])
def reader(request: pytest.FixtureRequest, http: httpx.Client) -> Iterator[httpx.Client]:
    """Somebody who tries the examples; where a token is asked for, they add it to each."""
    if request.param == "open":
        yield http
        return
    with script(shared_closed_server()) as made:
        yield made


def test_every_example_works(reader: httpx.Client) -> None:
    """In the order of the page, as somebody would who reads it from top to bottom."""
    ids: dict[str, str] = {}
    for example in curl_examples():
        path = Template(example.path).safe_substitute(ids)
        assert "$" not in path
        answer = reader.request(
            example.method,
            path,
            headers=example.headers,
            content=example.body,
            params=example.query or None,
        )
        assert answer.is_success, f"{example.text}\n{answer.text}"
        if example.names:
            ids[example.names] = answer.json()["id"]
        elif path.endswith("/forks"):
            reader.delete(f"/api/runs/{answer.json()['id']}")
        elif path.endswith("/commands") and json.loads(example.body or "{}")["kind"] == "step":
            run = f"/api/runs/{ids['RUN']}"
            eventually(lambda run=run: reader.get(run).json()["status"] == "paused")  # type: ignore[misc]  # bound at once
    assert reader.get(f"/api/runs/{ids['RUN']}").status_code == 404  # the last one deletes it


def test_the_token_is_needed_and_enough() -> None:
    """The examples that have it in them show how to come in."""
    found = [one for one in curl_examples() if "authorization" in one.headers]
    assert {one.path for one in found} == {"/api/health", "/api/me"}
    with client(shared_closed_server()) as made:
        for example in found:
            assert made.get(example.path).status_code == 401
            assert made.get(example.path, headers=example.headers).status_code == 200


def test_numbers_are_the_settings_own() -> None:
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    assert f"may send {Settings().requests_per_second:g} requests a second" in page
    assert f"{Settings().max_sockets_a_person} streams open" in page
    assert f"of {LEAST_SECRET} to {MAX_SECRET} characters" in page
    assert f"`every` rows (at most {MAX_EVERY:,})" in page
    assert f"have {MAX_A_PERSON} requests for more than {LONG:,} rows in progress" in page


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
