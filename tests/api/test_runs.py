"""The calls on runs, against a live server."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx2 as httpx
import numpy as np
import pytest
from safetensors.numpy import load

from livenet.wire.frame import decode
from tests.server import MakeRun, eventually

QUICK: dict[str, Any] = {"model": {"hidden": [5]}, "training": {"steps": 60}}


def get(http: httpx.Client, run: str, rest: str = "", **query: Any) -> Any:
    answer = http.get(f"/api/runs/{run}{rest}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def tell(http: httpx.Client, run: str, **command: Any) -> httpx.Response:
    return http.post(f"/api/runs/{run}/commands", json=command)


def walk(http: httpx.Client, run: str, steps: int) -> None:
    assert tell(http, run, kind="step", steps=steps).status_code == 200
    eventually(lambda: get(http, run)["status"] == "paused")


def error(answer: httpx.Response, status: int) -> dict[str, str]:
    assert answer.status_code == status, answer.text
    found: dict[str, str] = answer.json()["error"]
    assert set(found) == {"code", "message", "path", "hint"}
    assert found["message"]
    return found


def test_made(http: httpx.Client) -> None:
    answer = http.post("/api/runs", json={"spec": QUICK, "name": "mine", "start": False})
    assert answer.status_code == 201
    made = answer.json()
    try:
        assert made["name"] == "mine"
        assert (made["status"], made["step"], made["epoch"]) == ("paused", 0, 0.0)
        assert made["spec"] == made["spec_in_force"]
        assert made["spec"]["optimizer"]["kind"] == "adam"
        assert (made["journal"], made["parent"], made["error"]) == ([], None, None)
        assert made["metrics"]["train_loss"] > 0
        assert get(http, made["id"]) == made
        lines = {line["id"]: line for line in http.get("/api/runs").json()["runs"]}
        assert lines[made["id"]]["name"] == "mine"
    finally:
        assert http.delete(f"/api/runs/{made['id']}").status_code == 204


def test_nothing_is_a_run(http: httpx.Client) -> None:
    made = http.post("/api/runs", json={})
    assert made.status_code == 201
    assert made.json()["status"] == "running"
    assert http.delete(f"/api/runs/{made.json()['id']}").status_code == 204


def test_wait(http: httpx.Client, make_run: MakeRun) -> None:
    """Until it has ended; or as it is after so many seconds."""
    run = make_run(QUICK, start=True)
    assert get(http, run, wait=30)["status"] == "finished"
    assert get(http, run, wait=30)["step"] == 60
    still = make_run(QUICK)
    start = time.monotonic()
    assert get(http, still, wait=0.2)["status"] == "paused"
    assert time.monotonic() - start >= 0.2
    for wait in ("-1", "601", "nan", "soon"):
        assert error(http.get(f"/api/runs/{still}?wait={wait}"), 422)["path"] == "wait"


def test_commands(http: httpx.Client, make_run: MakeRun) -> None:
    run = make_run()
    walk(http, run, 7)
    assert get(http, run)["step"] == 7
    assert tell(http, run, kind="step", epochs=1).status_code == 200
    eventually(lambda: get(http, run)["status"] == "paused")
    assert (get(http, run)["step"], get(http, run)["epoch"]) == (25, 1.0)
    answer = tell(http, run, kind="set", changes={"optimizer.lr": 0.5}).json()
    assert answer["step"] == 25
    assert answer["run"]["spec"]["optimizer"]["lr"] == 0.01
    assert answer["run"]["spec_in_force"]["optimizer"]["lr"] == 0.5
    edit = {"parameter": "layers.0.weight", "index": [1, 0], "value": 0.75}
    answer = tell(http, run, kind="edit", edits=[edit]).json()
    assert [entry["command"]["kind"] for entry in answer["run"]["journal"]] == ["set", "edit"]
    weights = load(http.get(f"/api/runs/{run}/weights").content)
    assert weights["layers.0.weight"][1, 0] == 0.75
    assert tell(http, run, kind="pace", steps_per_second=20).json()["run"]["pace"] == 20
    assert tell(http, run, kind="resume").json()["run"]["status"] == "running"
    assert tell(http, run, kind="pause").json()["run"]["status"] == "paused"
    assert tell(http, run, kind="stop").json()["run"]["status"] == "stopped"


def test_wrong_state(http: httpx.Client, make_run: MakeRun) -> None:
    run = make_run()
    found = error(tell(http, run, kind="pause"), 409)
    assert found["code"] == "wrong_state"
    assert "running" in found["message"]
    assert "paused" in found["message"]
    tell(http, run, kind="stop")
    for kind in ("pause", "resume", "stop", "step"):
        assert "Fork" in error(tell(http, run, kind=kind), 409)["hint"]


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ({}, "kind"),
        ({"kind": "play"}, "kind"),
        ({"kind": "pause", "now": True}, "now"),
        ({"kind": "step", "steps": 0}, "steps"),
        ({"kind": "step", "steps": 1.5}, "steps"),
        ({"kind": "set"}, "changes"),
        ({"kind": "set", "changes": {}}, "changes"),
        ({"kind": "set", "changes": {"optimizer.lr": "fast"}}, "optimizer.lr"),
        ({"kind": "set", "changes": {"model.hidden": [3]}}, "model.hidden"),
        ({"kind": "set", "changes": {"optimizer.rate": 1}}, "optimizer.rate"),
        ({"kind": "edit", "edits": []}, "edits"),
        ({"kind": "edit", "edits": [{"parameter": "w", "index": [0], "value": 0}]}, "edits"),
        ({"kind": "pace", "steps_per_second": 0}, "steps_per_second"),
    ],
)
def test_bad_commands(
    http: httpx.Client, make_run: MakeRun, command: dict[str, Any], path: str
) -> None:
    run = make_run(QUICK)
    found = error(http.post(f"/api/runs/{run}/commands", json=command), 422)
    assert found["path"].startswith(path)
    assert get(http, run)["journal"] == []


@pytest.mark.parametrize("pace", [0, 1e-310, 0.0009, -1, 1e7, float("1e-30")])
def test_pace_is_bounded_wherever_it_is_given(
    http: httpx.Client, make_run: MakeRun, pace: float
) -> None:
    """So slow a pace is 0 for a worker, and no worker may die of it."""
    run = make_run(QUICK)
    error(http.post("/api/runs", json={"spec": QUICK, "pace": pace}), 422)
    error(http.post(f"/api/runs/{run}/forks", json={"pace": pace}), 422)
    command = {"kind": "pace", "steps_per_second": pace}
    error(http.post(f"/api/runs/{run}/commands", json=command), 422)
    assert get(http, run)["pace"] is None


def test_unknown(http: httpx.Client, make_run: MakeRun) -> None:
    for method, path, body in (
        ("GET", "", None),
        ("DELETE", "", None),
        ("POST", "/commands", {"kind": "pause"}),
        ("POST", "/forks", {}),
        ("GET", "/series", None),
        ("GET", "/snapshots", None),
        ("GET", "/probes/decision", None),
        ("GET", "/weights", None),
    ):
        answer = http.request(method, f"/api/runs/nothing{path}", json=body)
        assert error(answer, 404)["code"] == "unknown_run"
    run = make_run(QUICK)
    found = error(http.get(f"/api/runs/{run}/probes/decisions"), 404)
    assert (found["code"], "decision" in found["hint"]) == ("unknown_probe", True)
    for path in ("/weights", "/probes/decision"):
        found = error(http.get(f"/api/runs/{run}{path}?step=1"), 404)
        assert (found["code"], found["path"]) == ("unknown_step", "step")
        assert error(http.get(f"/api/runs/{run}{path}?step=-1"), 422)["path"] == "step"
    assert error(http.post(f"/api/runs/{run}/forks", json={"step": 1}), 404)["path"] == "step"
    assert error(http.get("/api/nothing"), 404)
    assert error(http.put("/api/runs"), 405)


def test_fork(http: httpx.Client, make_run: MakeRun) -> None:
    run = make_run()
    walk(http, run, 20)
    body = {"step": 12, "changes": {"optimizer.lr": 0.3}, "name": "hot", "start": False}
    answer = http.post(f"/api/runs/{run}/forks", json=body)
    assert answer.status_code == 201
    child = answer.json()
    assert child["parent"] == {"id": run, "step": 12}
    assert (child["name"], child["step"], child["status"]) == ("hot", 12, "paused")
    assert child["spec_in_force"]["optimizer"]["lr"] == 0.3
    assert get(http, child["id"], "/series")["rows"] == [
        row for row in get(http, run, "/series")["rows"] if row[1] <= 12
    ]
    http.delete(f"/api/runs/{child['id']}")
    found = error(http.post(f"/api/runs/{run}/forks", json={"changes": {"seed": 1}}), 422)
    assert found["path"] == "seed"


def test_variation_names_its_parent(http: httpx.Client, make_run: MakeRun) -> None:
    run = make_run()
    varied = make_run({"model": {"hidden": [3]}}, parent=run)
    assert http.get(f"/api/runs/{varied}").json()["parent"] == {"id": run, "step": 0}
    answer = http.post("/api/runs", json={"parent": "nowhere"})
    assert (answer.status_code, answer.json()["error"]["path"]) == (422, "parent")


def test_pictures(http: httpx.Client, make_run: MakeRun) -> None:
    """As JSON, and as a frame: the same picture."""
    run = make_run()
    walk(http, run, 5)
    for probe in ("decision", "neurons", "network", "weights"):
        for step in (None, 3):
            path = f"/api/runs/{run}/probes/{probe}" + (f"?step={step}" if step else "")
            found = http.get(path).json()
            frame = http.get(path, headers={"accept": "application/octet-stream"})
            assert frame.headers["content-type"] == "application/octet-stream"
            decoded = decode(frame.content)
            assert set(found) == {"step", "facts", "plots"}
            assert found["step"] == decoded["step"] == (step or 5)
            assert [plot["id"] for plot in found["plots"]] == [
                plot["id"] for plot in decoded["plots"]
            ]
            assert len(load(frame.content)) > 0  # the library opens it


def test_options(http: httpx.Client, make_run: MakeRun) -> None:
    run = make_run({"model": {"activation": "relu"}})
    options = json.dumps({"point": [0.5, -1], "polygons": False, "window": [-2, 2, -2, 2]})
    facts = get(http, run, "/probes/regions", options=options)["facts"]
    assert facts["activation_regions"] >= facts["linear_regions"] > 1
    for given, path in (
        ("{", "options"),
        ("[]", "options"),
        ('{"resolution": 1}', "options.resolution"),
        ('{"resolutoin": 30}', "options.resolutoin"),
        ('{"window": [1, 0, 0, 1]}', "options.window"),
    ):
        answer = http.get(f"/api/runs/{run}/probes/decision", params={"options": given})
        assert error(answer, 422)["path"] == path
    smooth = make_run({"model": {"activation": "tanh"}})
    found = error(http.get(f"/api/runs/{smooth}/probes/regions"), 422)
    assert (found["code"], "tanh" in found["message"]) == ("probe_unfit", True)


def test_weights(http: httpx.Client, make_run: MakeRun) -> None:
    run = make_run(QUICK)
    walk(http, run, 4)
    answer = http.get(f"/api/runs/{run}/weights")
    assert "-step-4.safetensors" in answer.headers["content-disposition"]
    now, start = load(answer.content), load(http.get(f"/api/runs/{run}/weights?step=0").content)
    assert {name: array.shape for name, array in now.items()} == {
        "layers.0.weight": (5, 2),
        "layers.0.bias": (5,),
        "layers.1.weight": (1, 5),
        "layers.1.bias": (1,),
    }
    assert all(array.dtype == np.float32 for array in now.values())
    assert not np.array_equal(now["layers.0.weight"], start["layers.0.weight"])
    steps = get(http, run, "/snapshots")["steps"]
    assert (steps[0], steps[-1]) == (0, 4)


def test_divergence_is_explained(http: httpx.Client, make_run: MakeRun) -> None:
    run = make_run({"data": {"kind": "sine"}, "optimizer": {"kind": "sgd", "lr": 10}}, start=True)
    found = eventually(lambda: (now := get(http, run))["error"] and now)
    assert found["status"] == "paused"
    assert found["error"]["code"] == "diverged"
    assert "learning rate" in (found["error"]["message"] + found["error"]["hint"])


def test_weights_so_large_that_the_loss_overflows(http: httpx.Client, make_run: MakeRun) -> None:
    """Not a number in JSON: null, and every call still answers."""
    run = make_run({"data": {"kind": "sine"}, "model": {"activation": "relu"}})
    edits = [
        {"parameter": f"layers.{layer}.weight", "index": [0, 0], "value": 3e38} for layer in (0, 1)
    ]
    assert tell(http, run, kind="edit", edits=edits).status_code == 200
    assert get(http, run)["metrics"]["train_loss"] is None
    for probe in ("decision", "neurons", "network", "weights", "regions"):
        for accept in ("application/json", "application/octet-stream"):
            answer = http.get(f"/api/runs/{run}/probes/{probe}", headers={"accept": accept})
            assert answer.status_code in (200, 422), answer.text
    get(http, run, "/series")


def test_the_same_command_again(http: httpx.Client, make_run: MakeRun) -> None:
    """Who heard no answer sends it again with the same key, and it is carried out once."""
    run = make_run()
    step = {"kind": "step", "steps": 3}
    for key, reached in (("one", 3), ("one", 3), ("two", 6), ("one", 6)):
        answer = http.post(f"/api/runs/{run}/commands", json=step, headers={"Idempotency-Key": key})
        assert answer.status_code == 200
        assert answer.json()["step"] == (3 if key == "two" else 0)  # where it took effect
        eventually(lambda: http.get(f"/api/runs/{run}").json()["status"] == "paused")
        assert http.get(f"/api/runs/{run}").json()["step"] == reached
