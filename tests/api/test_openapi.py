"""The OpenAPI page says what is so: schemathesis holds a live server against it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import httpx2 as httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode

from livenet.api.app import ROUTERS
from livenet.api.openapi import openapi_document
from livenet.spec.base import kind_of, members
from livenet.spec.data import Data
from livenet.spec.model import Model
from livenet.spec.objective import Objective
from livenet.spec.run import RunSpec
from livenet.wire import documents
from livenet.wire.parsing import COMMANDS
from tests.api.closed import closed_server, script
from tests.server import MakeRun, Server, eventually

__all__ = ["closed_server"]

pytestmark = pytest.mark.slow

QUICK: dict[str, Any] = {"model": {"hidden": [3]}, "training": {"steps": 40}}
PROBES = ("decision", "weights", "regions", "nothing")
# What a schema cannot say of these makes a good part of what fits it impossible: a spec's fields
# depend on each other, a path of a change has to be there, options are the probe's own, and a list
# of runs has conditions.
FREE = {
    "GET /api/runs",
    "DELETE /api/runs",
    "POST /api/runs/commands",
    "POST /api/specs/describe",
    "POST /api/runs",
    "POST /api/runs/{run}/forks",
    "POST /api/runs/{run}/commands",
    "GET /api/runs/{run}/probes/{probe}",
    "POST /api/groups",
    "GET /api/groups",
}
LEFT_OUT = {
    "ignored_auth",  # this server asks for none; tests/api/test_gate.py is about one that does
    "positive_data_acceptance",  # see FREE
    "use_after_free",  # runs come and go here by themselves
    "ensure_resource_availability",
}

load_all_checks()


@cache
def described() -> dict[str, Any]:
    """The routes as they describe themselves; that the server says the same is tested, too."""
    app = FastAPI(title="Livenet", separate_input_output_schemas=False)
    for router in ROUTERS:
        app.include_router(router)
    return openapi_document(app, token_required=False)


config = SchemathesisConfig.from_dict({"generation": {"allow-extra-parameters": False}})
schema = schemathesis.openapi.from_dict(described(), config=config)


@pytest.fixture
def runs(http: httpx.Client, make_run: MakeRun) -> Iterator[list[str]]:
    """Runs in several states; whatever is made beside them is forgotten."""
    before = {run["id"] for run in http.get("/api/runs").json()["runs"]}
    yield [make_run(QUICK), make_run(QUICK, start=True)]
    for group in http.get("/api/groups").json()["groups"]:
        http.delete(f"/api/groups/{group['id']}")
    for run in http.get("/api/runs").json()["runs"]:
        if run["id"] not in before:
            http.delete(f"/api/runs/{run['id']}")


@pytest.fixture
def groups(http: httpx.Client, runs: list[str]) -> str:
    """A group of two short runs, which goes with the runs."""
    body = {"spec": QUICK | {"training": {"steps": 3}}, "seeds": [0, 1]}
    return str(http.post("/api/groups", json=body).raise_for_status().json()["id"])


@schema.parametrize()
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_request(
    case: Any, server: Server, http: httpx.Client, runs: list[str], groups: str
) -> None:
    """Whatever is asked, the answer is one that the document knows."""
    path = case.path_parameters
    if path and case.meta.components[ParameterLocation.PATH].mode is GenerationMode.POSITIVE:
        chance = sum(map(ord, str(path)))  # decided by what was drawn: a failure can be repeated
        there = [run["id"] for run in http.get("/api/runs").json()["runs"]]
        if chance % 4 and "group" in path:
            path["group"] = groups
        elif chance % 4 and there:
            path["run"] = there[chance % len(there)]
        if chance % 5 and "probe" in path:
            path["probe"] = PROBES[chance % len(PROBES)]
    if "wait" in (case.query or {}):
        with suppress(TypeError, ValueError):
            if 0.1 < float(case.query["wait"]) <= 600:
                case.query["wait"] = 0.1
    if isinstance((case.query or {}).get("columns"), str):
        case.query["columns"] = "step"  # a schema does not know which columns there are
    if isinstance((case.query or {}).get("metric"), str):
        case.query["metric"] = "test_loss"  # nor which metrics
    checks = [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in LEFT_OUT]
    if case.operation.label not in FREE:
        checks.append(CHECKS.get_one("positive_data_acceptance"))
    case.call_and_validate(base_url=server.url, checks=checks)


def test_documents_are_told_whole(http: httpx.Client, make_run: MakeRun) -> None:
    """With a journal, a parent and an error in them: nothing more is said, and nothing less."""
    run = make_run({"data": {"kind": "sine"}, "optimizer": {"kind": "sgd", "lr": 10.0}})
    body: dict[str, Any] = {"kind": "set", "changes": {"regularization.l2": 0.0}}
    obeyed = http.post(f"/api/runs/{run}/commands", json=body).json()
    documents.CommandResult.model_validate(obeyed)
    edit = {"parameter": "layers.0.bias", "index": [0], "value": 0.5}
    http.post(f"/api/runs/{run}/commands", json={"kind": "edit", "edits": [edit]})
    http.post(f"/api/runs/{run}/commands", json={"kind": "step", "steps": 1000})
    eventually(lambda: http.get(f"/api/runs/{run}").json()["error"])
    fork = http.post(f"/api/runs/{run}/forks", json={"step": 1, "start": False}).json()
    try:
        told = http.get(f"/api/runs/{run}").json()
        for document in (told, fork):
            found = documents.RunDocument.model_validate(document)
            assert found.model_dump(mode="json") == document
        assert fork["parent"]
        assert len(told["journal"]) == 2
        listed = http.get("/api/runs").json()
        assert documents.RunList.model_validate(listed).model_dump(mode="json") == listed
    finally:
        http.delete(f"/api/runs/{fork['id']}")


def test_the_page_is_of_these_routes(http: httpx.Client) -> None:
    told = http.get("/api/openapi.json").json()
    for part in ("paths", "components", "security"):
        assert told[part] == described()[part]


def test_every_answer_is_described(http: httpx.Client) -> None:
    """Each call has a schema for what it gives, and for each way of refusing."""
    paths = http.get("/api/openapi.json").json()["paths"]
    for path, calls in paths.items():
        for method, call in calls.items():
            here = f"{method} {path}"
            statuses = set(call["responses"])
            assert {"401", "403", "413", "422", "429", "503"} <= statuses, here
            assert ("404" in statuses) == ("{" in path), here
            for status, answer in call["responses"].items():
                assert answer["description"], here
                if status == "204":
                    continue
                for content in answer["content"].values():
                    assert content["schema"], here
                if int(status) >= 400 and path != "/api/health":
                    reference = answer["content"]["application/json"]["schema"]["$ref"]
                    assert reference.endswith("/Refusal"), here


OPERATIONS = {
    "get_health": "GET /api/health",
    "get_catalogue": "GET /api/catalogue",
    "get_identity": "GET /api/me",
    "describe_spec": "POST /api/specs/describe",
    "create_run": "POST /api/runs",
    "list_runs": "GET /api/runs",
    "delete_runs": "DELETE /api/runs",
    "send_command_to_runs": "POST /api/runs/commands",
    "get_curves": "GET /api/runs/curves",
    "get_run": "GET /api/runs/{run}",
    "change_run": "PATCH /api/runs/{run}",
    "delete_run": "DELETE /api/runs/{run}",
    "get_retention": "GET /api/runs/{run}/retention",
    "send_command": "POST /api/runs/{run}/commands",
    "fork_run": "POST /api/runs/{run}/forks",
    "list_snapshots": "GET /api/runs/{run}/snapshots",
    "get_picture": "GET /api/runs/{run}/probes/{probe}",
    "get_weights": "GET /api/runs/{run}/weights",
    "get_series": "GET /api/runs/{run}/series",
    "create_group": "POST /api/groups",
    "list_groups": "GET /api/groups",
    "get_group": "GET /api/groups/{group}",
    "delete_group": "DELETE /api/groups/{group}",
    "get_group_table": "GET /api/groups/{group}/table",
    "get_group_summary": "GET /api/groups/{group}/summary",
    "get_metrics": "GET /metrics",
}


def test_operations_keep_their_names() -> None:
    """Generated clients have a function of each name."""
    found = {
        call["operationId"]: f"{method.upper()} {path}"
        for path, calls in described()["paths"].items()
        for method, call in calls.items()
    }
    assert found == OPERATIONS


def body_of(operation: str) -> Any:
    """The schema of an operation's request body."""
    method, path = OPERATIONS[operation].split()
    call = described()["paths"][path][method.lower()]
    return call["requestBody"]["content"]["application/json"]["schema"]


def component(reference: dict[str, Any]) -> Any:
    return described()["components"]["schemas"][reference["$ref"].rpartition("/")[2]]


def test_commands_are_described() -> None:
    found = body_of("send_command")
    assert set(found["discriminator"]["mapping"]) == set(COMMANDS)
    kinds = {component(one)["properties"]["kind"]["const"] for one in found["oneOf"]}
    assert kinds == set(COMMANDS)


def test_specs_are_described() -> None:
    """A spec that is sent has the same classes as one that is received, and one class a kind."""
    sent = component(component(body_of("create_run"))["properties"]["spec"])
    received = component({"$ref": "RunSpec"})
    assert sent["title"] == "PartialSpec"
    assert {"$ref": "#/components/schemas/PartialSpec"} in body_of("describe_spec")["anyOf"]
    assert sent["properties"].keys() == received["properties"].keys() == RunSpec.model_fields.keys()
    assert "required" not in sent
    for name, union in (("data", Data), ("model", Model), ("objective", Objective)):
        field = sent["properties"][name]
        assert field == received["properties"][name]
        kinds = [kind_of(kind) for kind in members(union)]
        assert sorted(field["discriminator"]["mapping"]) == sorted(kinds)
        assert [component(one)["properties"]["kind"]["const"] for one in field["oneOf"]] == kinds
    names = described()["components"]["schemas"]
    assert not [name for name in names if name.endswith(("-Input", "-Output"))]


def test_defaults_that_depend_on_the_rest_are_not_told() -> None:
    """A generated client would send them: an autoencoder has another learning rate."""
    assert "default" not in component({"$ref": "Adam"})["properties"]["lr"]
    assert component({"$ref": "Adam"})["properties"]["kind"]["default"] == "adam"
    for field in component({"$ref": "PartialSpec"})["properties"].values():
        assert "default" not in field


def test_who_may_call_is_described(closed_server: Server) -> None:
    with script(closed_server) as made:
        told = made.get("/api/openapi.json").json()
    assert told["security"] == [{"token": []}, {"cookie": []}]
    assert described()["security"] == [*told["security"], {}]
    schemes = told["components"]["securitySchemes"]
    assert (schemes["token"]["type"], schemes["token"]["scheme"]) == ("http", "bearer")
    assert (schemes["cookie"]["type"], schemes["cookie"]["in"]) == ("apiKey", "cookie")
