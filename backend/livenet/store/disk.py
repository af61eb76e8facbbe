"""Runs in a folder, one file each, which outlive the server.

A file is safetensors: the run as JSON in its metadata, its rows and packed snapshots as tensors. It
is written to a temporary file and then renamed, so that a full disk or a crash leaves the old file
whole; a file that cannot be read is left alone and named in the log.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from livenet.errors import LivenetError
from livenet.spec import resolve
from livenet.store.run import Run
from livenet.store.series import Series
from livenet.store.snapshots import SnapshotStore
from livenet.wire.journal import Entry
from livenet.wire.messages import LEAST_PACE

log = logging.getLogger("livenet.store")
ENDING = ".safetensors"


class Disk:
    """A folder of runs. Raises LivenetError if it cannot be created or written to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise LivenetError(
                f"The data folder {folder} cannot be written to: {error.strerror}",
                path="--data",
                hint="Name a folder that you own, on a disk with space.",
            ) from error

    def save(self, run: Run) -> None:
        """Writes a run as it is now; a failure is logged, and the run continues."""
        if not run.snapshots.steps:
            return
        tensors: dict[str, NDArray[Any]] = {"series": run.series.table()}
        for step in run.snapshots.steps:
            tensors[f"snapshot.{step}"] = np.frombuffer(run.snapshots.before(step), np.uint8).copy()
        path = self._path(run.id)
        beside = path.with_suffix(".part")
        try:
            save_file(tensors, beside, {"run": json.dumps(_document(run))})
            beside.replace(path)
        except (OSError, SafetensorError) as error:
            beside.unlink(missing_ok=True)
            about = {"run": run.id}
            log.warning("run %s could not be kept on disk: %s", run.id, error, extra=about)

    def delete(self, run: str) -> None:
        self._path(run).unlink(missing_ok=True)

    def load(self, budget: int) -> Iterator[Run]:
        """Yields all runs that can be read, their snapshots within the budget."""
        for path in sorted(self.folder.glob(f"*{ENDING}")):
            try:
                yield _read(path, budget)
            except (OSError, SafetensorError, LivenetError, ValueError, KeyError) as error:
                log.warning("%s is left alone, for it cannot be read: %s", path.name, error)

    def _path(self, run: str) -> Path:
        return self.folder / f"{run}{ENDING}"


def _document(run: Run) -> dict[str, Any]:
    return {
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
    }


def _read(path: Path, budget: int) -> Run:
    with safe_open(path, "numpy") as file:
        found = json.loads(file.metadata()["run"])
        snapshots = SnapshotStore(budget)
        for name in file.keys():  # noqa: SIM118  # not a dictionary
            if name.startswith("snapshot."):
                snapshots.put(int(name.removeprefix("snapshot.")), file.get_tensor(name).tobytes())
        series = Series.of(found.pop("columns"), file.get_tensor("series"))
    journal = [Entry(one["step"], one["command"]) for one in found.pop("journal")]
    spec = resolve(found.pop("spec"), limits=None)
    last = snapshots.steps[-1]
    if found["pace"] is not None:  # a pace from an earlier version may be too slow
        found["pace"] = max(found["pace"], LEAST_PACE)
    run = Run(
        spec=spec, snapshots=snapshots, journal=journal, series=series, incarnation=1, **found
    )
    if run.step > last:  # the server was killed: continue from the last snapshot
        run.step, run.series = last, series.until(last)
        run.journal = [entry for entry in journal if entry.step <= last]
    return run
