"""Every model on every data set, with every objective: a whole spec, or a refusal with a hint."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import livenet.spec
from livenet.api.app import create_app
from livenet.errors import LivenetError
from livenet.settings import Limits, Settings
from livenet.spec import RunSpec, describe, resolve
from livenet.spec.data import KINDS as DATA
from livenet.spec.model import KINDS as MODELS
from livenet.spec.objective import KINDS as OBJECTIVES
from tests.api.fakes import FakeEngine

ORIGIN = "http://localhost:1"


def kinds(rows: Any) -> list[str]:
    return [row.model_fields["kind"].default for row in rows]


def documents(model: str, data: str) -> Iterator[dict[str, Any]]:
    """The pair alone and with every objective; then with what depends on either."""
    pair = {"model": {"kind": model}, "data": {"kind": data}}
    yield pair
    for objective in kinds(OBJECTIVES):
        yield {**pair, "objective": {"kind": objective}}
    yield {**pair, "training": {"batch_size": None}}
    yield {**pair, "data": {"kind": data, "test_fraction": 0.0}}


@pytest.fixture(scope="module")
def http() -> Iterator[TestClient]:
    app = create_app(Settings(), frozenset({ORIGIN}), FakeEngine().as_engine())
    with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("limited", [True, False])
@pytest.mark.parametrize("data", kinds(DATA))
@pytest.mark.parametrize("model", kinds(MODELS))
def test_of_every_pair_a_spec_is_made_or_refused(model: str, data: str, limited: bool) -> None:
    limits = Limits() if limited else None
    for document in documents(model, data):
        found = outcome(document, limits)
        if isinstance(found, RunSpec):
            assert (found.model.kind, found.data.kind) == (model, data)
            assert describe(found)["parameters"] > 0
            assert found.model.summary  # a run is called by it
        else:
            assert found.status == 422, document
            assert found.path.split(".")[0] in document, document
            assert found.message, document
            assert found.hint, document


def outcome(document: object, limits: Limits | None) -> RunSpec | LivenetError:
    try:
        return resolve(document, limits)
    except LivenetError as error:
        return error


def test_every_pair_of_one_family_makes_a_spec() -> None:
    """So that not everything is refused above."""
    for model in MODELS:
        for data in DATA:
            if data.family in model.families:
                pair = {"model": {"kind": kinds([model])[0]}, "data": {"kind": kinds([data])[0]}}
                assert resolve(pair, limits=None).model.families == model.families


@pytest.mark.parametrize("model", kinds(MODELS))
def test_every_pair_is_answered(http: TestClient, model: str) -> None:
    """200 or 422 over HTTP, for what is described as for what is made."""
    for data in kinds(DATA):
        for document in documents(model, data):
            answer = http.post("/api/specs/describe", json=document)
            assert answer.status_code in (200, 422), (document, answer.text[:300])
            if answer.status_code == 422:
                error = answer.json()["error"]
                assert error["code"] == "bad_spec", document
                assert error["path"], document
                assert error["hint"], document


def test_no_assert_of_the_spec_checks_more_than_a_type() -> None:
    """What somebody may send is refused in words; ``check_family`` goes before all of these."""
    tests = [
        ast.unparse(node.test)
        for path in Path(str(livenet.spec.__file__)).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert)
    ]
    assert [test for test in tests if not test.startswith("isinstance(")] == []
