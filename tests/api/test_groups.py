"""Groups of runs over HTTP: made in one call, trained a few at a time, compared, deleted."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

import httpx2 as httpx
import numpy as np
import pytest

from tests.api.closed import ADMIN_TOKEN, TOKEN, closed_server, script
from tests.server import Server, eventually

__all__ = ["closed_server"]
SPEC: dict[str, Any] = {
    "data": {"kind": "moons", "samples": 60},
    "model": {"hidden": [3]},
    "training": {"steps": 30, "series_every": 10},
}
GRID = {
    "spec": SPEC,
    "vary": [{"path": "optimizer.lr", "values": [0.1, 0.01]}],
    "seeds": [0, 1, 2],
    "name": "Rates",
    "tags": ["grid"],
}


class People:
    def __init__(self, server: Server) -> None:
        self.ann = script(server, TOKEN, "the-secret-of-ann-a")
        self.ben = script(server, TOKEN, "the-secret-of-ben-b")
        self.lecturer = script(server, ADMIN_TOKEN)


@pytest.fixture
def people(closed_server: Server) -> Iterator[People]:
    made = People(closed_server)
    with made.ann, made.ben, made.lecturer:
        yield made
        for group in made.lecturer.get("/api/groups").json()["groups"]:
            made.lecturer.delete(f"/api/groups/{group['id']}")


def make(who: httpx.Client, **changes: Any) -> dict[str, Any]:
    answer = who.post("/api/groups", json=GRID | changes)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def get(who: httpx.Client, path: str, **query: Any) -> Any:
    return who.get(f"/api/groups{path}", params=query).raise_for_status().json()


def test_from_its_making_to_its_end(people: People) -> None:
    made = make(people.ann)
    assert (made["runs"], made["name"], made["seeds"]) == (6, "Rates", [0, 1, 2])
    assert made["vary"] == GRID["vary"]
    path = f"/{made['id']}"

    def finished() -> bool:
        return bool(get(people.ben, path)["statuses"] == {"finished": 6})

    eventually(finished)
    table = get(people.ann, path + "/table")
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    assert [(row["optimizer.lr"], row["seed"]) for row in rows] == [
        (lr, seed) for lr in (0.1, 0.01) for seed in range(3)
    ]
    for row in rows:  # each is the run that one would make by hand
        spec = SPEC | {"optimizer": {"lr": row["optimizer.lr"]}, "seed": row["seed"]}
        alone = people.ann.post("/api/runs", json={"spec": spec}).json()["id"]
        found = people.ann.get(f"/api/runs/{alone}?wait=60").json()
        assert found["metrics"]["test_loss"] == row["test_loss"]
        assert (row["status"], row["step"]) == ("finished", 30)
        people.ann.delete(f"/api/runs/{alone}")
    summary = get(people.ann, path + "/summary", metric="test_loss")
    assert "test_accuracy" in summary["metrics"]
    unknown = people.ann.get(f"/api/groups{path}/summary?metric=test_los")
    error = unknown.json()["error"]
    assert (unknown.status_code, error["path"]) == (422, "metric")
    assert "test_accuracy, test_loss" in error["message"]
    assert error["hint"] == "Did you mean 'test_loss'?"
    for place, start in zip(summary["places"], (0, 3), strict=True):
        values = [row["test_loss"] for row in rows[start : start + 3]]
        assert place["mean"] == pytest.approx(np.mean(values))
        assert place["deviation"] == pytest.approx(np.std(values, ddof=1))
        assert (place["count"], place["missing"], place["ended"]) == (3, 0, 3)
    answer = people.ann.get(f"/api/groups{path}/table?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "rates.csv" in answer.headers["content-disposition"]
    lines = list(csv.DictReader(StringIO(answer.text)))
    assert [line["run"] for line in lines] == [row["run"] for row in rows]
    assert [float(line["test_loss"]) for line in lines] == [row["test_loss"] for row in rows]
    runs = people.ann.get("/api/runs", params={"group": made["id"], "tag": "grid"}).json()
    assert runs["total"] == 6
    assert {run["group"] for run in runs["runs"]} == {made["id"]}
    assert people.ann.delete(f"/api/groups{path}").status_code == 204
    assert people.ann.get("/api/runs", params={"group": made["id"]}).json()["total"] == 0
    gone = people.ann.get(f"/api/groups{path}")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "unknown_group")


def test_a_grid_of_75_waits_for_its_turns(people: People) -> None:
    """It is taken at once, and a lecturer's run does not wait for it. Deleted, it frees all."""
    vary = [
        {"path": "optimizer.lr", "values": [0.1, 0.2, 0.3, 0.4, 0.5]},
        {"path": "model.hidden", "values": [[2], [3], [4], [5], [6]]},
    ]
    spec = SPEC | {"training": {"steps": 10_000_000}}
    made = make(people.ann, spec=spec, vary=vary, parallel=3)
    assert made["runs"] == 75
    eventually(
        lambda: get(people.ann, f"/{made['id']}")["statuses"] == {"running": 3, "queued": 72}
    )
    other = people.lecturer.post("/api/runs", json={"spec": SPEC}).json()
    assert people.lecturer.get(f"/api/runs/{other['id']}?wait=60").json()["status"] == "finished"
    people.lecturer.delete(f"/api/runs/{other['id']}")
    held = people.ann.post(
        "/api/runs/commands", params={"group": made["id"], "status": ["queued", "running"]},
        json={"kind": "pause"},
    ).json()  # fmt: skip
    assert (len(held["steps"]), held["errors"]) == (75, {})
    assert get(people.ann, f"/{made['id']}")["statuses"] == {"paused": 75}
    people.ann.post(
        "/api/runs/commands", params={"group": made["id"], "status": "paused"},
        json={"kind": "resume"},
    ).raise_for_status()  # fmt: skip
    assert get(people.ann, f"/{made['id']}")["statuses"] == {"running": 3, "queued": 72}
    assert people.ann.delete(f"/api/groups/{made['id']}").status_code == 204


def test_whose_it_is(people: People) -> None:
    group = make(people.ann)["id"]
    refused = people.ben.delete(f"/api/groups/{group}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_yours")
    assert [one["id"] for one in get(people.ann, "", owner="me")["groups"]] == [group]
    assert get(people.ben, "", owner="me")["groups"] == []
    assert people.lecturer.delete(f"/api/groups/{group}").status_code == 204


def test_pages(people: People) -> None:
    made = [make(people.ann, seeds=[n])["id"] for n in range(5)]
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        page = get(people.ann, "", limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [one["id"] for one in page["groups"]]
        cursor = page["next"]
    assert (seen, cursor) == (made[::-1], None)
    bad = people.ann.get("/api/groups", params={"cursor": "nonsense"})
    assert (bad.status_code, bad.json()["error"]["path"]) == (422, "cursor")


def test_made_once(people: People) -> None:
    header = {"Idempotency-Key": "one"}
    first = people.ann.post("/api/groups", json=GRID, headers=header)
    again = people.ann.post("/api/groups", json=GRID, headers=header)
    assert first.json()["id"] == again.json()["id"]
    assert len(get(people.ann, "", owner="me")["groups"]) == 1
    people.ann.delete(f"/api/groups/{first.json()['id']}")
    gone = people.ann.post("/api/groups", json=GRID, headers=header)
    assert (gone.status_code, gone.json()["error"]["code"]) == (409, "wrong_state")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"vary": [{"path": "optimizer.lr", "values": [0.1, -1]}]}, "optimizer.lr"),
        ({"vary": [{"path": "optimizer.lr", "values": []}]}, "vary.0.values"),
        ({"vary": [{"path": "a", "values": [1]}] * 3}, "vary"),
        ({"seeds": []}, "seeds"),
        ({"seeds": ["one"]}, "seeds.0"),
        ({"spec": {}}, "training.steps"),
        ({"parallel": 0}, "parallel"),
    ],
)
def test_what_is_refused_leaves_nothing(people: People, changes: Any, path: str) -> None:
    answer = people.ann.post("/api/groups", json=GRID | changes)
    error = answer.json()["error"]
    assert (answer.status_code, error["path"]) == (422, path)
    assert error["hint"]
    assert get(people.ann, "", owner="me")["groups"] == []
    assert people.ann.get("/api/runs", params={"owner": "me"}).json()["total"] == 0
