"""Files of versions before the database: read once, file by file, and kept."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from livenet.store import Run
from tests.store.stories import a_run, contents, opened, rows_of


def write_legacy(path: Path, run: Run, **changes: Any) -> None:
    """A file as version 0.1 wrote it; ``changes`` to its document, None leaves a key out."""
    document = {
        "id": run.id,
        "name": run.name,
        "owner": run.owner,
        "spec": run.spec.document(),
        "parent": run.parent,
        "pinned": run.pinned,
        "status": run.status,
        "step": run.step,
        "epoch": run.epoch,
        "pace": run.pace,
        "metrics": run.metrics,
        "error": run.error,
        "journal": [entry.document() for entry in run.journal],
        "columns": run.series.names,
    } | changes
    tensors: dict[str, Any] = {"series": run.series.table()}
    for step, data in run.snapshots.items():
        tensors[f"snapshot.{step}"] = np.frombuffer(data, np.uint8).copy()
    kept = {key: value for key, value in document.items() if value != "left out"}
    save_file(tensors, path, {"run": json.dumps(kept)})


async def test_read_once_and_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run = a_run()
    path = tmp_path / "one.safetensors"
    write_legacy(path, run)
    before = path.read_bytes()
    with caplog.at_level(logging.INFO, "livenet.store"):
        async with opened(tmp_path) as store:
            back = await store.load("one")
            known = {"created_at": back.created_at, "tags": []}
            assert contents(back) == contents(run) | known
            assert back.created_at == path.stat().st_mtime
            store.delete("one")
            await store.saved("one")
    assert path.read_bytes() == before
    async with opened(tmp_path) as store:
        assert await store.load("one") is None, "a deleted run must not come back from its file"
    assert caplog.text.count("one.safetensors") == 1


async def test_what_trained_is_paused(tmp_path: Path) -> None:
    """That version lost what came after the last snapshot, and so does what is read."""
    write_legacy(tmp_path / "one.safetensors", a_run(status="running", step=25))
    async with opened(tmp_path) as store:
        back = await store.load("one")
        assert (back.status, back.step, back.series.last_step) == ("paused", 20, 20)


BROKEN: dict[str, dict[str, Any]] = {
    "a missing key": {"journal": "left out"},
    "an unknown key": {"colour": "red"},
    "a journal of strings": {"journal": ["set"]},
    "an entry that changes nothing known": {
        "journal": [{"step": 1, "command": {"kind": "set", "changes": {"nothing": 1}}}]
    },
    "an id that leaves the folder": {"id": "../../x"},
    "a spec that is none": {"spec": {"model": {"kind": "brain"}}},
    "a negative step": {"step": -1},
    "columns that do not fit": {"columns": ["one"]},
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_what_cannot_be_read_is_named_and_left(
    tmp_path: Path, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "bad.safetensors"
    write_legacy(path, a_run(), **BROKEN[broken])
    write_legacy(tmp_path / "good.safetensors", a_run("good"))
    await asyncio.to_thread(_only_good_is_read, tmp_path, path, caplog)


@pytest.mark.parametrize("kind", ["no file of ours", "empty", "no snapshot", "no run"])
async def test_a_file_that_is_no_run(
    tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "bad.safetensors"
    if kind == "no snapshot":
        run = a_run()
        run.snapshots = type(run.snapshots)(100)
        write_legacy(path, run)
    elif kind == "no run":
        save_file({"series": np.zeros((1, 3))}, path)
    else:
        path.write_bytes(b"" if kind == "empty" else b"\xff" * 1000)
    write_legacy(tmp_path / "good.safetensors", a_run("good"))
    await asyncio.to_thread(_only_good_is_read, tmp_path, path, caplog)


async def _open_and_close(folder: Path) -> None:
    async with opened(folder):
        pass


def _only_good_is_read(folder: Path, bad: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = bad.read_bytes()
    with caplog.at_level(logging.WARNING, "livenet.store"):
        asyncio.run(_open_and_close(folder))
    assert "bad.safetensors" in caplog.text
    assert "good.safetensors" not in caplog.text
    assert bad.read_bytes() == before
    assert [row[0] for row in rows_of(folder, "runs")] == ["good"]
