"""The types of the server's answers."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

Status = Literal["queued", "running", "paused", "finished", "failed", "stopped"]
ENDED: frozenset[Status] = frozenset({"finished", "failed", "stopped"})


class Problem(TypedDict):
    """What went wrong with a run."""

    code: str
    message: str
    path: str
    hint: str


class Parent(TypedDict):
    """The run and step that a run was forked from."""

    id: str
    step: int


class JournalEntry(TypedDict):
    """A command that changed a run's numbers, and the step after which it took effect."""

    step: int
    command: dict[str, Any]


class Identity(TypedDict):
    """A user; an administrator may command every run."""

    id: str
    administrator: bool


class RunSummary(TypedDict):
    """A run as an entry of a list."""

    id: str
    name: str
    owner: str
    status: Status
    step: int
    epoch: float
    parent: Parent | None
    group: str | None
    pinned: bool
    metrics: dict[str, float | None]
    error: Problem | None
    family: str
    data: str
    tags: list[str]
    created_at: float
    ended_at: float | None
    seconds: float
    rows: int
    changes: dict[str, Any]


class RunState(TypedDict):
    """What a stream reports when the run has changed; fields that scripts do not need are left
    out."""

    status: Status
    step: int
    error: Problem | None


class RunDocument(RunSummary):
    """A whole run; ``spec`` is the one it began with, ``spec_in_force`` the present one."""

    spec: dict[str, Any]
    spec_in_force: dict[str, Any]
    journal: list[JournalEntry]
    journal_version: int
    probes: list[str]
    pace: float | None
    steps_per_second: float | None
    arithmetic: Literal["compiled", "torch"]
    parameters: int
    layers: list[dict[str, Any]]
    train_count: int
    test_count: int
    rows: int


class Retention(TypedDict):
    """How long the server keeps a run; ``expires_at`` is None if it is pinned.

    ``max_runs`` and ``max_bytes`` are kept of its owner, None for an administrator: for more, the
    runs that were unused for longest are deleted before, except pinned ones.
    """

    pinned: bool
    expires_at: float | None
    idle_seconds: float
    max_pinned: int
    max_runs: int | None
    max_bytes: int | None


class Vary(TypedDict):
    """A field of the spec by its path, and the values that it takes."""

    path: str
    values: list[Any]


class GroupDocument(TypedDict):
    """Runs that were made together; ``statuses`` counts them."""

    id: str
    name: str
    owner: str
    spec: dict[str, Any]
    vary: list[Vary]
    seeds: list[int]
    parallel: int
    created_at: float
    runs: int
    statuses: dict[Status, int]


class GroupRun(TypedDict):
    """A run's value of a metric; None if there is none, if it is not finite, and if the run
    diverged. ``error`` is the code of what paused or ended the run, such as ``diverged``."""

    run: str
    seed: int
    status: Status
    step: int
    value: float | None
    error: str | None


class GroupPlace(TypedDict):
    """Statistics of a metric over the seeds, at one combination of values."""

    values: dict[str, Any]
    count: int
    missing: int
    ended: int
    mean: float | None
    deviation: float | None
    least: float | None
    greatest: float | None
    runs: list[GroupRun]


class Picture(TypedDict):
    """The result of a probe at a step: named numbers, and plots of marks (livenet.pictures)."""

    step: int
    facts: dict[str, Any]
    plots: list[dict[str, Any]]


class Frame(Picture):
    """A picture with NumPy arrays: ``frame["plots"][0]["marks"][0]["values"]``.

    ``seq`` increases from frame to frame of a channel, not always by one. ``time`` is when the
    probe ran, in Unix seconds; 0 for a picture of a requested step.
    """

    channel: str
    seq: int
    time: float
