"""What the owner of a run reads when an administrator has paused or stopped it."""

from __future__ import annotations

import httpx2 as httpx
import pytest

from livenet.api.access.identity import LOCAL, Identity
from livenet.api.access.intervention import reason_of
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore
from livenet.wire.messages import Command, Pace, Pause, Resume, Stop
from tests.api.closed import ADMIN_TOKEN, TOKEN, closed_server, script
from tests.server import Server

__all__ = ["closed_server"]
OWNER, LECTURER = Identity("a" * 16), Identity("b" * 16, administrator=True)


def owned(owner: str) -> Run:
    return Run(id="run", name="", spec=resolve({}), snapshots=SnapshotStore(1000), owner=owner)


@pytest.mark.parametrize(
    ("identity", "owner", "command", "said"),
    [
        (LECTURER, OWNER.id, Pause(kind="pause"), "An administrator paused this run"),
        (LECTURER, OWNER.id, Stop(kind="stop"), "An administrator stopped this run"),
        (LECTURER, OWNER.id, Resume(kind="resume"), None),
        (LECTURER, OWNER.id, Pace(kind="pace"), None),
        (LECTURER, LECTURER.id, Pause(kind="pause"), None),
        (LECTURER, "", Pause(kind="pause"), None),
        (OWNER, OWNER.id, Pause(kind="pause"), None),
        (LOCAL, OWNER.id, Pause(kind="pause"), None),
    ],
)
def test_reasons(identity: Identity, owner: str, command: Command, said: str | None) -> None:
    reason = reason_of(identity, owned(owner), command)
    assert (reason.message if reason else None) == said


def command(client: httpx.Client, run: str, kind: str) -> None:
    client.post(f"/api/runs/{run}/commands", json={"kind": kind}).raise_for_status()


def test_run_says_who_paused_it_until_it_is_resumed(closed_server: Server) -> None:
    with (
        script(closed_server, TOKEN) as student,
        script(closed_server, ADMIN_TOKEN) as lecturer,
    ):
        run = student.post("/api/runs", json={"pace": 5}).json()["id"]
        try:
            command(lecturer, run, "pause")
            found = student.get(f"/api/runs/{run}").json()
            assert found["status"] == "paused"
            assert found["error"]["code"] == "intervention"
            command(student, run, "resume")
            command(student, run, "pause")
            assert student.get(f"/api/runs/{run}").json()["error"] is None
        finally:
            student.delete(f"/api/runs/{run}")
