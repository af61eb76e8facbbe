"""The state of a run outside its worker, from which the run can be shown and continued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from secrets import token_hex
from time import monotonic, time
from typing import Any

from livenet.errors import UnknownStep, WrongState
from livenet.probes.table import fitting
from livenet.spec import RunSpec, changed, describe
from livenet.spec.arithmetic import Used, arithmetic
from livenet.spec.change import LIVE_SECTIONS, memoryless
from livenet.spec.differences import differences
from livenet.store.journal import Journal
from livenet.store.series import Series
from livenet.store.snapshots import SnapshotStore
from livenet.wire.journal import Entry

ENDED = ("finished", "failed", "stopped")


@dataclass
class Run:
    """One run; ``spec`` is its initial spec, ``journal`` has the changes since; ``owner`` is the
    identity that may command it."""

    id: str
    name: str
    spec: RunSpec
    snapshots: SnapshotStore
    owner: str = ""
    parent: dict[str, Any] | None = None
    privileged: bool = False
    """Whether the limits of a person do not apply to it: an administrator has made it."""
    network: str = field(default="", compare=False)
    """Where its owner's requests come from; not stored."""
    group: str | None = None
    """The group that it was made with."""
    varied: dict[str, Any] | None = None
    """What makes it differ from the others of its group: values by path of the spec."""
    pinned: bool = False
    """Whether the run is kept although nobody uses it."""
    tags: list[str] = field(default_factory=list)
    """Words by which its owner finds it."""
    status: str = "queued"
    until_step: int | None = None
    """The step at which it pauses by itself."""
    until_epoch: int | None = None
    step: int = 0
    epoch: float = 0.0
    pace: float | None = None
    steps_per_second: float | None = None
    arithmetic: Used | None = None
    """The arithmetic that its worker trains with; None if no worker has had it in this process."""
    metrics: dict[str, float | None] = field(default_factory=dict)
    error: dict[str, str] | None = None
    journal: Journal = field(default_factory=Journal)
    series: Series = field(default_factory=Series)
    created_at: float = field(default_factory=time)
    """Unix seconds."""
    ended_at: float | None = None
    used_at: float = field(default_factory=time)
    """When it was last used, as the store is to have it."""
    seconds: float = 0.0
    """Wall-clock time in which it was running."""
    incarnation: int = 0
    lifetime: str = field(default_factory=lambda: token_hex(4), compare=False)
    """Differs each time a run is made or read from its file: rows seen before may be lost."""
    _since: float | None = field(default=None, init=False, repr=False, compare=False)
    _changes: tuple[RunSpec, dict[str, Any]] | None = field(
        default=None, init=False, repr=False, compare=False
    )
    _in_force: tuple[Journal, int, RunSpec] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    def enter(self, status: str) -> None:
        """Sets the status, and counts the time since the last call if it was running."""
        now = monotonic()
        if self.status == "running" and self._since is not None:
            self.seconds += now - self._since
        self._since = now
        if status in ENDED and not self.ended:
            self.ended_at = time()
        self.status = status

    def record(self, entry: Entry) -> None:
        """Records a change in the journal.

        It takes the place of the last entry if that one has no effect besides it: both are a
        ``set`` of the same fields at the same step, and only the last values of these fields
        matter. So a slider that is dragged while the run is paused makes one entry.
        """
        spec = self.in_force
        if self.journal and _replaces(entry, self.journal[-1], spec):
            self.journal.replace_last(entry)
        else:
            self.journal.add(entry)
        self._in_force = self.journal, self.journal.version, _with(spec, [entry])

    @property
    def in_force(self) -> RunSpec:
        """The spec with all changes of the journal, which is kept until the journal changes."""
        version = self.journal.version
        kept = self._in_force
        if kept is None or kept[0] is not self.journal or kept[1] != version:
            kept = self._in_force = self.journal, version, _with(self.spec, self.journal)
        return kept[2]

    def spec_at(self, step: int) -> RunSpec:
        """The spec in force at a step, changes at that same step included."""
        if not self.journal or self.journal[-1].step <= step:
            return self.in_force
        return _with(self.spec, self.journal.until(step))

    def journal_before(self, step: int) -> tuple[Entry, ...]:
        """Journal entries from the snapshot before a step to the step, both included."""
        start = self.snapshots.step_before(step)
        return tuple(entry for entry in self.journal.until(step) if entry.step >= start)

    def snapshot_before(self, step: int) -> bytes:
        """The snapshot at a step or the last one before it. Raises as ``step_before`` does."""
        return self.snapshots.before(self.step_before(step))

    def step_before(self, step: int) -> int:
        """The step of the snapshot that ``snapshot_before`` returns.

        Raises UnknownStep if the run has not reached the step, WrongState if it has no snapshot.
        """
        if step > self.step:
            raise UnknownStep(
                f"step is {step}; the run is at step {self.step}",
                path="step",
                hint=f"Take a step from 0 to {self.step}, or leave it out for the present one.",
            )
        try:
            return self.snapshots.step_before(step)
        except LookupError as error:
            raise WrongState(
                "This run has not started yet", path="step", hint="Ask again in a moment."
            ) from error

    @property
    def changes(self) -> dict[str, Any]:
        """How the spec in force differs from the default, by path."""
        spec = self.in_force
        if self._changes is None or self._changes[0] is not spec:
            self._changes = spec, differences(spec)
        return self._changes[1]

    @property
    def running_seconds(self) -> float:
        """Wall-clock time in which it was running, until now."""
        going = self.status == "running" and self._since is not None
        return self.seconds + (monotonic() - (self._since or 0.0) if going else 0.0)

    def summary(self) -> dict[str, Any]:
        """The run as an entry of a list."""
        return {
            "id": self.id,
            "name": self.name,
            "owner": self.owner,
            "status": self.status,
            "step": self.step,
            "epoch": self.epoch,
            "parent": self.parent,
            "group": self.group,
            "pinned": self.pinned,
            "metrics": self.metrics,
            "error": self.error,
            "family": self.spec.model.kind,
            "data": self.spec.data.kind,
            "tags": self.tags,
            "created_at": self.created_at,
            "ended_at": self.ended_at,
            "seconds": self.running_seconds,
            "rows": len(self.series),
            "changes": self.changes,
        }

    def document(self) -> dict[str, Any]:
        """The whole run, except its series and snapshots."""
        described = describe(self.spec)
        return {
            **self.summary(),
            **self.state(),
            "spec": self.spec.document(),
            "spec_in_force": self.in_force.document(),
            "journal": [entry.document() for entry in self.journal],
            "arithmetic": self.arithmetic or arithmetic(self.spec),
            "parameters": described["parameters"],
            "layers": described["layers"],
            "train_count": described["train_count"],
            "test_count": described["test_count"],
        }

    def state(self) -> dict[str, Any]:
        """What of the document changes while the run is watched, except its journal and what
        follows from it: the spec in force and ``changes``."""
        return {
            "name": self.name,
            "tags": self.tags,
            "pinned": self.pinned,
            "status": self.status,
            "error": self.error,
            "step": self.step,
            "epoch": self.epoch,
            "metrics": self.metrics,
            "rows": len(self.series),
            "ended_at": self.ended_at,
            "seconds": self.running_seconds,
            "pace": self.pace,
            "steps_per_second": self.steps_per_second,
            "probes": fitting(self.in_force),
            "journal_version": self.journal.version,
        }

    def live_spec(self) -> dict[str, Any]:
        """The sections of the spec in force that have live fields."""
        spec = self.in_force
        return {name: getattr(spec, name).model_dump(mode="json") for name in LIVE_SECTIONS}


def in_order(tags: Iterable[str]) -> list[str]:
    """Tags as a run has them: each once, sorted."""
    return sorted(set(tags))


def _replaces(entry: Entry, last: Entry, spec: RunSpec) -> bool:
    """Whether an entry leaves no effect of the last one, with which this spec is in force."""
    if entry.step != last.step or {entry.command["kind"], last.command["kind"]} != {"set"}:
        return False
    paths = entry.command["changes"].keys()
    return paths == last.command["changes"].keys() and memoryless(spec, paths)


def _with(spec: RunSpec, entries: Iterable[Entry]) -> RunSpec:
    for entry in entries:
        if entry.command["kind"] == "set":
            spec = changed(spec, entry.command["changes"], limits=None)
    return spec
