"""Several runs at once: found, renamed, paused and deleted, by those who may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest

from tests.api.closed import ADMIN_TOKEN, TOKEN, closed_server, script
from tests.server import Server, eventually

__all__ = ["closed_server"]


class Class:
    """Two students and a lecturer, whose runs go with the test."""

    def __init__(self, server: Server) -> None:
        self.ann = script(server, TOKEN, "the-secret-of-ann-a")
        self.ben = script(server, TOKEN, "the-secret-of-ben-b")
        self.lecturer = script(server, ADMIN_TOKEN)
        self.made: list[str] = []

    def make(self, who: httpx.Client, **body: Any) -> str:
        answer = who.post("/api/runs", json={"start": False} | body)
        assert answer.status_code == 201, answer.text
        self.made.append(answer.json()["id"])
        return self.made[-1]

    def ids(self, **query: Any) -> set[str]:
        return {one["id"] for one in self.page(**query)["runs"]}

    def page(self, **query: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.ann.get("/api/runs", params=query).raise_for_status().json()
        return found


@pytest.fixture
def people(closed_server: Server) -> Iterator[Class]:
    made = Class(closed_server)
    with made.ann, made.ben, made.lecturer:
        yield made
        for run in made.made:
            made.lecturer.delete(f"/api/runs/{run}")


def me(who: httpx.Client) -> str:
    return str(who.get("/api/me").json()["id"])


def test_found_by_what_they_are(people: Class) -> None:
    """Each parameter of the call reaches the store."""
    one = people.make(people.ann, name="Ann's first", tags=["b", "a", "a"])
    two = people.make(people.ann, spec={"data": {"kind": "digits"}, "model": {"kind": "cnn"}})
    three = people.make(people.ben, spec={"optimizer": {"lr": 0.5}, "data": {"kind": "moons"}})
    assert people.ids() == {one, two, three}
    assert people.ids(owner="me") == people.ids(owner=me(people.ann)) == {one, two}
    assert people.ids(tag=["a", "b"]) == people.ids(name="FIRST") == {one}
    assert people.ids(family="cnn") == people.ids(data="digits") == {two}
    assert people.ids(spec=["optimizer.lr>=0.5"]) == people.ids(data="moons") == {three}
    assert people.ids(id=[one, three]) == {one, three}
    assert people.ids(metric="test_loss>=0") == people.ids(status="paused") == {one, two, three}
    assert people.ids(status="running") == people.ids(created_before=1) == set()
    assert people.ids(pinned=True) == set()
    page = people.page(order="-name", limit=2)
    assert (page["total"], len(page["runs"])) == (3, 2)
    rest = people.page(order="-name", limit=2, cursor=page["next"])
    assert (len(rest["runs"]), rest["next"]) == (1, None)
    names = [run["name"] for run in page["runs"] + rest["runs"]]
    assert names == sorted(names, key=str.casefold, reverse=True)


def test_pages_by_the_longest_names(people: Class) -> None:
    """A cursor holds the name, in whatever script, and can be sent."""
    made = {people.make(people.ann, name="\N{SLICE OF PIZZA}" * 120) for _ in range(2)}
    first = people.page(order="name", limit=1)
    second = people.page(order="name", limit=1, cursor=first["next"])
    assert {run["id"] for page in (first, second) for run in page["runs"]} == made


@pytest.mark.parametrize(
    "query",
    [
        *("stauts=paused", "status=sleeping", "limit=0", "limit=501", "spec=lr", "order=colour"),
        *(
            "name=",
            "name=%20",
            "name=%00",
            "tag=",
            "owner=%00",
            "spec=optimiser.lr!=0.1",
            "metric=a!=true",
        ),
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_query_that_is_none(people: Class, method: str, query: str) -> None:
    """Above all, a misspelt one deletes nothing."""
    run = people.make(people.ann)
    answer = people.ann.request(method, f"/api/runs?owner=me&{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["path"].split(".")[0] == query.partition("=")[0]
    assert people.ids() == {run}


def test_an_entry_is_what_the_run_says(people: Class) -> None:
    run = people.make(people.ann, spec={"seed": 5}, tags=["x"])
    (entry,) = people.page()["runs"]
    whole = people.ann.get(f"/api/runs/{run}").json()
    assert entry == {name: whole[name] for name in entry}
    assert entry["changes"] == {"seed": 5}
    changes = {"name": "renamed", "tags": ["y", "z"], "pinned": True}
    assert people.ben.patch(f"/api/runs/{run}", json=changes).status_code == 403
    assert people.ann.patch(f"/api/runs/{run}", json=changes).is_success
    (entry,) = people.page(tag="y", pinned=True)["runs"]
    assert {name: entry[name] for name in changes} == changes
    assert people.ann.patch(f"/api/runs/{run}", json={"tags": []}).json()["name"] == "renamed"
    assert people.page(tag="y")["runs"] == []


def test_each_deletes_his_own(people: Class) -> None:
    mine, kept = people.make(people.ann), people.make(people.ann)
    other = people.make(people.ben)
    people.ann.patch(f"/api/runs/{kept}", json={"pinned": True})
    nothing = people.ann.delete("/api/runs")
    assert nothing.status_code == 422
    assert "parameter" in nothing.json()["error"]["message"]
    theirs = people.ann.delete("/api/runs", params={"owner": me(people.ben)})
    assert theirs.json()["error"]["code"] == "not_yours"
    assert people.ids() == {mine, kept, other}
    deleted = people.ann.delete("/api/runs", params={"status": "paused"}).json()
    assert deleted == {"ids": [mine], "more": False}
    assert people.ids() == {kept, other}
    assert people.ann.delete("/api/runs?pinned=true").json()["ids"] == [kept]
    assert people.lecturer.delete(f"/api/runs?owner={me(people.ben)}").json()["ids"] == [other]
    assert people.ids() == set()


def test_a_lecturer_pauses_all(people: Class) -> None:
    spec = {"data": {"kind": "moons", "samples": 40}, "model": {"hidden": [2]}}
    mine = people.make(people.ann, spec=spec, start=True, pace=5)
    other = people.make(people.ben, spec=spec, start=True, pace=5)
    resting = people.make(people.ben, spec=spec)
    command = {"kind": "pause"}
    alone = people.ann.post("/api/runs/commands?owner=me", json=command).json()
    assert (list(alone["steps"]), alone["errors"]) == ([mine], {})
    assert people.ids(status="running") == {other}
    answer = people.lecturer.post("/api/runs/commands?status=running", json=command).json()
    assert list(answer["steps"]) == [other]
    found = people.ben.get(f"/api/runs/{other}").json()
    assert (found["status"], found["error"]["code"]) == ("paused", "intervention")
    refused = people.ben.post("/api/runs/commands?owner=me&status=paused", json=command).json()
    assert set(refused["errors"]) == {other, resting}
    assert refused["errors"][other]["code"] == "wrong_state"
    nonsense = people.ann.post("/api/runs/commands?owner=me", json={"kind": "explode"})
    assert nonsense.status_code == 422


def test_a_look_at_the_curves_opens_no_run_and_is_no_use(people: Class) -> None:
    one = people.make(people.ann)
    people.ann.post(f"/api/runs/{one}/commands", json={"kind": "step", "steps": 30})
    eventually(lambda: people.page(id=one)["runs"][0]["status"] == "paused")
    series = people.ann.get(f"/api/runs/{one}/series").json()
    step, loss = (series["columns"].index(name) for name in ("step", "test_loss"))
    expires = people.ann.get(f"/api/runs/{one}/retention").json()["expires_at"]
    answer = people.ben.get("/api/runs/curves", params={"id": [one, "nobody"]}).json()
    assert answer == {"curves": {one: [[row[step], row[loss]] for row in series["rows"]]}}
    later = people.ann.get(f"/api/runs/{one}/retention").json()["expires_at"]
    assert later == pytest.approx(expires, abs=1e-3)  # a use would move it
    assert people.ann.get("/api/runs/curves").json() == {"curves": {}}
    refused = people.ann.get("/api/runs/curves", params={"id": [one] * 101})
    assert (refused.status_code, refused.json()["error"]["path"]) == (422, "id")
