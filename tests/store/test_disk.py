"""Runs in a folder: as they were, whatever else lies there."""

from __future__ import annotations

from pathlib import Path

import pytest

from livenet.errors import LivenetError
from livenet.spec import resolve
from livenet.store import Disk, Run, Series, SnapshotStore
from livenet.wire.journal import Entry


def a_run(name: str = "one") -> Run:
    snapshots, series = SnapshotStore(10_000), Series()
    for step in (0, 10, 20):
        snapshots.put(step, bytes([step]) * (step + 1))
        series.append(step, step / 5, {"train_loss": 1.0 / (step + 1), "test_loss": None})
    return Run(
        id=name,
        name="ü “quoted”",
        spec=resolve({"model": {"hidden": [3]}}),
        snapshots=snapshots,
        parent={"id": "old", "step": 4},
        pinned=True,
        status="stopped",
        step=20,
        epoch=4.0,
        pace=2.5,
        metrics={"train_loss": 0.5, "test_loss": None},
        error={"code": "diverged", "message": "m", "path": "", "hint": ""},
        journal=[Entry(10, {"kind": "set", "changes": {"optimizer.lr": 0.5}})],
        series=series,
    )


def test_round_trip(tmp_path: Path) -> None:
    disk, run = Disk(tmp_path / "made" / "for it"), a_run()
    disk.save(run)
    (back,) = disk.load(10_000)
    assert back.document() == run.document()
    assert back.series.rows() == run.series.rows()
    assert back.snapshots.steps == run.snapshots.steps
    assert [back.snapshots.before(step) for step in (0, 10, 20)] == [
        run.snapshots.before(step) for step in (0, 10, 20)
    ]
    assert back.spec_at(15).optimizer.lr == 0.5


def test_a_run_that_is_read_is_another_incarnation(tmp_path: Path) -> None:
    disk, run = Disk(tmp_path), a_run()
    disk.save(run)
    lifetimes = {run.lifetime, *(back.lifetime for _ in range(2) for back in disk.load(10_000))}
    assert len(lifetimes) == 3


def test_saved_again_and_deleted(tmp_path: Path) -> None:
    disk, run = Disk(tmp_path), a_run()
    disk.save(run)
    run.status = "finished"
    disk.save(run)
    disk.save(a_run("two"))
    assert {found.id: found.status for found in disk.load(10_000)} == {
        "one": "finished",
        "two": "stopped",
    }
    disk.delete("one")
    disk.delete("one")
    assert [found.id for found in disk.load(10_000)] == ["two"]


def test_cut_off(tmp_path: Path) -> None:
    """A run that went on after its last snapshot goes back to it."""
    disk, run = Disk(tmp_path), a_run()
    run.step, run.status = 27, "running"
    run.journal.append(Entry(25, {"kind": "set", "changes": {"optimizer.lr": 0.1}}))
    disk.save(run)
    (back,) = disk.load(10_000)
    assert back.step == 20
    assert [entry.step for entry in back.journal] == [10]


def test_within_the_budget_of_now(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.save(a_run())
    (back,) = disk.load(25)
    assert back.snapshots.steps == [0, 20]


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"not safetensors at all"])
def test_strange_files_are_left_alone(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    disk = Disk(tmp_path)
    disk.save(a_run())
    strange = tmp_path / "strange.safetensors"
    strange.write_bytes(content)
    (tmp_path / "notes.txt").write_text("mine")
    assert [found.id for found in disk.load(10_000)] == ["one"]
    (warning,) = caplog.messages
    assert warning.startswith("strange.safetensors is left alone")
    assert strange.read_bytes() == content


def test_cut_short(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.save(a_run())
    (path,) = tmp_path.glob("*.safetensors")
    whole = path.read_bytes()
    for size in range(0, len(whole), 97):
        path.write_bytes(whole[:size])
        assert list(disk.load(10_000)) == []


def test_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LivenetError) as refused:
        Disk(tmp_path / "file")
    assert refused.value.path == "--data"
    assert refused.value.hint
