"""Creates runs, before any worker has them: from a spec, or from a step of another run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from livenet.engine.base import Owner
from livenet.engine.server.journal_limits import check_journal
from livenet.settings import Settings
from livenet.spec import RunSpec, changed
from livenet.store import Journal, Run, SnapshotStore
from livenet.store.ids import new_id
from livenet.store.run import in_order
from livenet.wire.journal import Entry


def created(
    spec: RunSpec,
    settings: Settings,
    *,
    name: str,
    pace: float | None,
    owner: Owner,
    tags: Iterable[str],
) -> Run:
    """A run at step 0."""
    return Run(
        id=new_id(),
        name=name or f"{spec.data.label}, {spec.model.summary}",
        spec=spec,
        owner=owner.id,
        privileged=owner.privileged,
        network=owner.network,
        tags=in_order(tags),
        snapshots=SnapshotStore(settings.snapshot_bytes),
        pace=pace,
    )


def forked(
    old: Run,
    step: int | None,
    changes: Mapping[str, object],
    settings: Settings,
    *,
    name: str,
    pace: float | None,
    owner: Owner,
    tags: Iterable[str],
) -> Run:
    """A run with another's past up to a step (None: the current one), and changes from there.

    Raises UnknownStep, SpecError if the changes are not allowed, or JournalFull.
    """
    at = old.step if step is None else step
    old.snapshot_before(at)
    if changes:
        changed(old.spec_at(at), changes, settings.limits)
    made = Run(
        id=new_id(),
        name=name or old.name,
        spec=old.spec,
        owner=owner.id,
        privileged=owner.privileged,
        network=owner.network,
        tags=in_order(tags),
        snapshots=old.snapshots.until(at),
        parent={"id": old.id, "step": at},
        step=at,
        pace=pace,
        journal=Journal(old.journal.until(at)),
        series=old.series.until(at),
    )
    if changes:
        made.record(Entry(at, {"kind": "set", "changes": dict(changes)}))
    check_journal(len(made.journal), made.journal.size, settings)
    return made
