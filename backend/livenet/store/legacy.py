"""Reads the runs of versions before the database: a safetensors file each, read once and kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from safetensors import SafetensorError, safe_open
from sqlalchemy import Engine, select

from livenet.errors import LivenetError
from livenet.spec import resolve
from livenet.store.journal import Journal
from livenet.store.run import Run
from livenet.store.series import Series
from livenet.store.snapshots import SnapshotStore
from livenet.store.tables import imported, runs
from livenet.wire.journal import Entry
from livenet.wire.messages import LEAST_PACE

log = logging.getLogger("livenet.store")
ENDING = ".safetensors"
SNAPSHOT = "snapshot."

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class LegacyEntry(_Strict):
    step: Annotated[int, Field(ge=0)]
    command: dict[str, Any]


class LegacyRun(_Strict):
    """The JSON in the metadata of such a file."""

    id: Name
    name: str
    owner: str
    spec: dict[str, Any]
    parent: dict[str, Any] | None
    pinned: bool = False
    status: str
    step: Annotated[int, Field(ge=0)]
    epoch: float
    pace: float | None
    metrics: dict[str, float | None]
    error: dict[str, str] | None
    journal: list[LegacyEntry]
    columns: list[str]


def read_files(database: Engine, folder: Path, budget: int) -> Iterator[tuple[str, Run]]:
    """Yields the runs of all files that were not read before, with the name of the file.

    A file that cannot be read is named in the log and left as it is.
    """
    paths = sorted(folder.glob(f"*{ENDING}"))
    if not paths:
        return
    with database.connect() as connection:
        known = set(connection.scalars(select(imported.c.file)))
        taken = set(connection.scalars(select(runs.c.id)))
    for path in paths:
        if path.name in known:
            continue
        try:
            run = read_file(path, budget)
            if run.id in taken:
                raise ValueError(f"there is a run {run.id} already")
        except (OSError, SafetensorError, LivenetError, ValueError, KeyError) as error:
            log.warning("%s is left alone, for it cannot be read: %s", path.name, _short(error))
            continue
        taken.add(run.id)
        yield path.name, run
        log.info("%s was read into the store, and kept", path.name)


def read_file(path: Path, budget: int) -> Run:
    """The run of a file. Raises ValueError and others if it cannot be read."""
    with safe_open(path, "numpy") as file:
        metadata = file.metadata() or {}
        if "run" not in metadata:
            raise ValueError("it has no run in its metadata")
        found = LegacyRun.model_validate_json(metadata["run"])
        snapshots = SnapshotStore(budget)
        for name in file.keys():  # noqa: SIM118  # not a dictionary
            if name.startswith(SNAPSHOT):
                step = int(name.removeprefix(SNAPSHOT))
                snapshots.put(step, file.get_tensor(name).tobytes())
        series = Series.of(found.columns, file.get_tensor("series"))
    if not snapshots.steps:
        raise ValueError("it has no snapshot")
    kept = {
        "id",
        "name",
        "owner",
        "parent",
        "pinned",
        "status",
        "step",
        "epoch",
        "metrics",
        "error",
    }
    run = Run(
        spec=resolve(found.spec, limits=None),
        snapshots=snapshots,
        journal=Journal(Entry(entry.step, entry.command) for entry in found.journal),
        series=series,
        pace=None if found.pace is None else max(found.pace, LEAST_PACE),
        created_at=path.stat().st_mtime,
        privileged=True,  # the role of its owner is not known
        **found.model_dump(include=kept),
    )
    if not run.ended:
        run.status = "paused"
    last = snapshots.steps[-1]
    if run.step > last:  # that server was killed: continue from the last snapshot
        run.step, run.series = last, series.until(last)
        run.journal = Journal(entry for entry in run.journal if entry.step <= last)
    _ = run.in_force  # raises an error if the journal makes no spec
    return run


def _short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)
