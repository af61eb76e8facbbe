"""Requests, commands and messages that cannot be: each refusal says where, what and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest
from pydantic import BaseModel

from livenet.api.routes.bodies import NewFork, NewRun
from livenet.errors import CommandError
from livenet.spec.base import members
from livenet.wire import messages
from livenet.wire.parsing import parse_message
from tests.plain import NOTHING, assert_plain, wrong_values
from tests.server import MakeRun

JSON = {"content-type": "application/json"}
INBOUND: tuple[type[BaseModel], ...] = members(messages.Inbound)
GOOD: dict[str, dict[str, Any]] = {
    "subscribe": {"id": "a", "probe": "weights"},
    "unsubscribe": {"id": "a"},
    "ack": {"seqs": {}},
    "set": {"changes": {"optimizer.lr": 0.1}},
    "edit": {"edits": [{"parameter": "layers.0.bias", "index": [0], "value": 0}]},
}
BODIES = ("/api/runs", "/api/specs/describe", "/api/runs/{run}/commands", "/api/runs/{run}/forks")


def _documents(kind: type[BaseModel], good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A good document with each of its fields wrong in turn, and with one too many."""
    for name, rule in kind.model_json_schema()["properties"].items():
        for value in wrong_values(rule):
            without = {key: one for key, one in good.items() if key != name}
            yield without if value is NOTHING else {**without, name: value}
    yield {**good, "colour": 1}


def refused(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code in (404, 409, 413, 422), answer.text
    error: dict[str, str] = answer.json()["error"]
    assert_plain(error)
    return error


@pytest.mark.parametrize("kind", INBOUND, ids=[kind.__name__ for kind in INBOUND])
def test_every_field_of_every_message(kind: type[BaseModel]) -> None:
    name = kind.model_json_schema()["properties"]["kind"]["const"]
    seen = 0
    for document in _documents(kind, {"kind": name, **GOOD.get(name, {})}):
        try:
            parse_message(document)
        except CommandError as error:
            assert_plain(error.document())
            seen += 1
    assert seen


def test_every_kind_of_message_is_among_them() -> None:
    kinds = messages.INBOUND.json_schema()["discriminator"]["mapping"]
    assert {one.model_json_schema()["properties"]["kind"]["const"] for one in INBOUND} == set(kinds)


@pytest.mark.parametrize(
    ("path", "kind"), [("/api/runs", NewRun), ("/api/runs/{run}/forks", NewFork)]
)
def test_every_field_of_every_body(
    http: httpx.Client, make_run: MakeRun, path: str, kind: type[BaseModel]
) -> None:
    run = make_run()
    for document in _documents(kind, {"start": False}):
        answer = http.post(path.format(run=run), json=document)
        if answer.status_code == 201:
            http.delete(f"/api/runs/{answer.json()['id']}")
        else:
            refused(answer)


@pytest.mark.parametrize("name", ["wait", "after", "step", "format", "options"])
def test_every_query(http: httpx.Client, make_run: MakeRun, name: str) -> None:
    path = {"wait": "", "step": "/probes/weights", "options": "/probes/decision"}.get(
        name, "/series"
    )
    for value in (
        "x",
        "-1",
        "1e30",
        "1e+30",
        "nan",
        "601",
        "9" * 50,
        "9" * 5000,
        "[",
        "[]",
        "true",
    ):
        answer = http.get(f"/api/runs/{make_run()}{path}", params={name: value})
        if answer.status_code != 200:
            assert refused(answer)["path"] in (name, "step")


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"spec": {"data": {}}, "name": "x" }}', ("line 1, column 37", "end was expected")),
        (b'{\n  "spec": {},\n  name: "x"}', ("line 3, column 3", "name in double quotes")),
        (b'{"spec": }', ("line 1, column 10", "value was expected")),
        (b'{"spec": {}, "name" "x"}', ("line 1, column 21", "colon")),
        (b'{"spec": {} "name": "x"}', ("line 1, column 13", "comma")),
        (b'{"name": "x', ("line 1, column 10", "closing quote")),
        (b'{"name": "a\nb"}', ("line 1, column 12", "line break")),
        (b"\xff\xff", ("byte 1", "UTF-8")),
        (b"[" * 20_000, ("nested too deep",)),
        (b'{"step": ' + b"9" * 5000 + b"}", ("too many digits",)),
        (b"   ", ("empty",)),
    ],
)  # fmt: skip
def test_a_body_that_is_not_json_says_where_it_ceases_to_be(
    http: httpx.Client, make_run: MakeRun, path: str, body: bytes, words: tuple[str, ...]
) -> None:
    error = refused(http.post(path.format(run=make_run()), content=body, headers=JSON))
    assert error["code"] == "bad_request"
    assert error["path"] == ""
    for word in words:
        assert word in error["message"]


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(("given", "said"), [("text/plain", "'text/plain'"), ("", "does not say")])
def test_a_body_of_another_type_is_told_which(
    http: httpx.Client, make_run: MakeRun, path: str, given: str, said: str
) -> None:
    headers = {"content-type": given} if given else {}
    error = refused(http.post(path.format(run=make_run()), content=b"{}", headers=headers))
    assert error["path"] == "content-type"
    assert said in error["message"]
    assert "application/json" in error["hint"]


@pytest.mark.parametrize("path", BODIES)
def test_a_body_that_is_missing_or_no_object(
    http: httpx.Client, make_run: MakeRun, path: str
) -> None:
    url = path.format(run=make_run())
    assert "empty" in refused(http.post(url))["message"]
    bodies: tuple[Any, ...] = ([], "x", 5)
    for body in bodies:
        assert "object" in refused(http.post(url, json=body))["message"]


@pytest.mark.parametrize(
    ("body", "path", "words"),
    [
        ({"pace": 1e-310}, "pace", "at least 0.001 and at most 1000000, or null"),
        ({"name": "x" * 121}, "name", "at most 120 characters"),
        ({"start": "yes"}, "start", "true or false"),
        ({"pase": 1}, "pase", "Did you mean 'pace'?"),
    ],
)
def test_what_is_allowed_is_said(
    http: httpx.Client, body: dict[str, Any], path: str, words: str
) -> None:
    error = refused(http.post("/api/runs", json=body))
    assert error["path"] == path
    assert words in f"{error['message']} {error['hint']}"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"wait": "1e30"}, "of at least 0 and at most 600"),
        ({"wait": "x"}, "a number of at least 0 and at most 600"),
    ],
)
def test_what_is_allowed_in_a_query_is_said(
    http: httpx.Client, make_run: MakeRun, query: dict[str, str], words: str
) -> None:
    assert words in refused(http.get(f"/api/runs/{make_run()}", params=query))["message"]
