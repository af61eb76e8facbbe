"""What the server is and what it knows."""

from __future__ import annotations

from typing import Any

import httpx2 as httpx
import pytest

from livenet import __version__
from livenet.spec.arithmetic import Used
from tests.server import MakeRun


def test_health(http: httpx.Client, uncompiled: str | None) -> None:
    found = http.get("/api/health").json()
    assert (found["status"], found["version"], found["engine"]) == ("ok", __version__, "local")
    assert found["workers"] == 1
    assert found["device"] in ("cpu", "cuda")
    assert found["uncompiled"] == uncompiled
    assert found["preparing"] is None


def test_a_run_says_its_arithmetic(http: httpx.Client, make_run: MakeRun, arithmetic: Used) -> None:
    run = make_run(spec={"arithmetic": arithmetic, "training": {"steps": 3}}, start=True)
    assert http.get(f"/api/runs/{run}?wait=60").json()["arithmetic"] == arithmetic


def test_machine_code_that_there_is_not_is_refused(http: httpx.Client) -> None:
    spec = {"arithmetic": "compiled", "model": {"kind": "cnn"}}
    answer = http.post("/api/specs/describe", json=spec)
    assert answer.status_code == 422
    assert answer.json()["error"]["path"] == "arithmetic"
    assert "only 'mlp' is compiled" in answer.json()["error"]["message"]


def test_catalogue(http: httpx.Client) -> None:
    found = http.get("/api/catalogue").json()
    kinds = {row["kind"] for row in found["probes"]}
    assert kinds >= {"decision", "neurons", "network", "weights", "regions"}
    assert {"spiral", "sine"} <= {row["kind"] for row in found["data"]}
    assert found["schema"]["additionalProperties"] is False


def test_describe(http: httpx.Client) -> None:
    spec = {"model": {"hidden": [4, 3]}}
    found = http.post("/api/specs/describe", json=spec).json()
    assert [layer["weight"] for layer in found["layers"]] == [[4, 2], [3, 4], [1, 3]]
    assert found["parameters"] == 12 + 15 + 4 == sum(one["parameters"] for one in found["layers"])
    assert found["spec"]["optimizer"]["kind"] == "adam"
    wrapped = http.post("/api/specs/describe", json={"spec": spec}).json()
    assert wrapped == found
    # Whole specs describe themselves: nothing is left to be filled in.
    again = http.post("/api/specs/describe", json=found["spec"]).json()
    assert again == found


BAD_SPECS: list[tuple[dict[str, Any], str]] = [
    ({"modle": {}}, "modle"),
    ({"model": {"kind": "mpl"}}, "model.kind"),
    ({"model": {"hidden": "8"}}, "model.hidden"),
    ({"model": {"hidden": [8] * 40}}, "model.hidden"),
    ({"data": {"samples": 10**7}}, "data.samples"),
    ({"data": {"kind": "sine"}, "objective": {"kind": "categorical"}}, "objective.kind"),
    ({"optimizer": {"lr": -1}}, "optimizer.lr"),
    ({"training": {"batch_size": 400}}, "training.batch_size"),
    ({"model": {"activation": "rleu"}}, "model.activation"),
]


@pytest.mark.parametrize(("spec", "path"), BAD_SPECS, ids=[path for _, path in BAD_SPECS])
def test_bad_specs(http: httpx.Client, spec: dict[str, Any], path: str) -> None:
    """The same refusal from describing and from running: where, what, and a way out."""
    described = http.post("/api/specs/describe", json=spec)
    made = http.post("/api/runs", json={"spec": spec, "start": False})
    assert described.status_code == made.status_code == 422
    assert described.json() == made.json()
    error = made.json()["error"]
    assert error["code"] == "bad_spec"
    assert error["path"].startswith(path)
    assert error["message"]
    assert error["hint"]
