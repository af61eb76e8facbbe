"""Writes beside the event loop: one at a time a run, the last word wins."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from livenet.spec import resolve
from livenet.store import Disk, Run, Saver, SnapshotStore


class Slow(Disk):
    """A disk that writes when it is let, and remembers what."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.let = threading.Event()
        self.steps: list[int] = []

    def save(self, run: Run) -> None:
        self.let.wait(10)
        self.steps.append(run.step)
        super().save(run)


def run_at(step: int) -> Run:
    run = Run(id="one", name="", spec=resolve({}), snapshots=SnapshotStore(2**20), step=step)
    run.snapshots.put(0, b"state")
    return run


async def test_last_word_wins(tmp_path: Path) -> None:
    disk = Slow(tmp_path)
    saver = Saver(disk)
    run = run_at(0)
    for step in range(5):
        run.step = step
        saver.save(run)
    disk.let.set()
    await saver.close([])
    assert disk.steps == [0, 4]


async def test_what_it_was_when_asked(tmp_path: Path) -> None:
    """Rows that come while the thread writes are not half in the file."""
    disk = Slow(tmp_path)
    saver = Saver(disk)
    run = run_at(10)
    run.series.append(0, 0.0, {"train_loss": 1.0})
    saver.save(run)
    run.series.append(20, 1.0, {"train_loss": 0.5})
    run.step = 20
    disk.let.set()
    await saver.close([])
    (found,) = disk.load(2**20)
    assert found.series.rows() == [[1, 0, 0.0, 1.0]]


async def test_deleted_while_it_is_written(tmp_path: Path) -> None:
    disk = Slow(tmp_path)
    saver = Saver(disk)
    saver.save(run_at(0))
    saver.delete("one")
    disk.let.set()
    await saver.close([])
    assert list(disk.load(2**20)) == []


async def test_full_disk_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the run goes on."""
    disk = Disk(tmp_path)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("livenet.store.disk.save_file", full)
    saver = Saver(disk)
    saver.save(run_at(0))
    await saver.close([])
    assert caplog.messages == [
        "run one could not be kept on disk: [Errno 28] No space left on device"
    ]
