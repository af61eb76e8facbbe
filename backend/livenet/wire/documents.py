"""Documents in the server's responses: runs, described specs, identities.

The engine makes them as plain JSON values (``Run.document``) without these classes; tests compare
both, for every family. The page's types and the OpenAPI document are generated from the classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from livenet.spec.model import Model
from livenet.spec.optimizer import Optimizer
from livenet.spec.run import RunSpec
from livenet.spec.training import Regularization, Training
from livenet.wire.messages import EditParameters, Set

Number = float | None
Status = Literal["queued", "running", "paused", "finished", "failed", "stopped"]


@dataclass(frozen=True)
class Of:
    """Annotates plain JSON values with the type of the document that they are."""

    type: Any


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class WithKnobs(Document):
    """A row of a table by its name, with knobs, such as the α of a leaky ReLU."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, float] = Field(init=False)
    kind: str


ChoiceDocument = str | WithKnobs
"""A row of a table by its name alone, or by its name with knobs."""
Metrics = dict[str, Number]
"""Losses and measures by name: ``train_loss`` and ``test_loss`` always, accuracy for classes, R²
and mean squared error for real targets."""


class Problem(Document):
    """An error: what was given, what is allowed, where, and how to correct it."""

    code: str
    message: str
    path: str = Field(description="path of the field; empty if the error is about none")
    hint: str


class Parent(Document):
    """The run and the step that a run was forked from; step 0 for a run that began anew with other
    settings."""

    id: str
    step: int = Field(ge=0)


class JournalEntry(Document):
    """A command that changed a run's numbers, and the step after which it took effect."""

    step: int = Field(ge=0)
    command: Set | EditParameters


class Summary(Document):
    """A run in a list of runs."""

    id: str
    name: str
    owner: str = Field(description="id of the identity that created it; see GET /api/me")
    status: Status
    step: int = Field(ge=0)
    epoch: float = Field(ge=0)
    parent: Parent | None
    group: str | None = Field(description="id of the group that it was made with")
    pinned: bool = Field(description="whether it is kept although nobody uses it")
    metrics: Metrics = Field(description="losses and measures of the last row")
    error: Problem | None
    family: str = Field(description="kind of its model")
    data: str = Field(description="kind of its data set")
    tags: list[str]
    created_at: float = Field(description="Unix time")
    ended_at: Number = Field(description="Unix time; null while it can go on")
    seconds: float = Field(description="wall-clock time in which it was running")
    rows: int = Field(ge=0, description="rows of its series")
    changes: dict[str, Any] = Field(
        description="how the spec in force differs from the default, by path"
    )


class Layer(Document):
    """One layer's shapes and parameter count."""

    name: str
    label: str
    kind: str = Field(description="dense, conv, max_pool, lstm, attention, ...")
    output: list[int] = Field(description="the shape of one example's output")
    tensors: dict[str, list[int]] = Field(description="the shape of every parameter, by name")
    weight: list[int] | None
    """[D_out, D_in] of a dense layer; null where it has none."""
    bias: list[int] | None
    activation: ChoiceDocument
    formula: str
    size: str = Field(description="LaTeX: the computation of the output's size, with numbers")
    terms: str = Field(
        description="LaTeX: the computation of the number of parameters, with numbers"
    )
    residual: bool
    parameters: int


class RunDocument(Summary):
    """A run; ``spec`` is the initial one, ``spec_in_force`` the current one."""

    spec: RunSpec
    spec_in_force: RunSpec
    journal: list[JournalEntry]
    journal_version: int = Field(
        ge=0,
        description="counts the changes of the journal while the server has the run open: of two "
        "documents of one `incarnation`, the one with the larger number is newer",
    )
    probes: list[str] = Field(description="kinds of the probes that fit the run")
    pace: Number = Field(description="the most steps a second; null is no limit")
    steps_per_second: Number
    arithmetic: Literal["compiled", "torch"] = Field(
        description="how it is trained: in machine code, or by tensor operations"
    )
    parameters: int
    layers: list[Layer]
    train_count: int
    test_count: int


class RunState(Document):
    """What of a run's document changes while it is watched, except what follows from its
    journal."""

    name: str
    tags: list[str]
    pinned: bool
    status: Status
    error: Problem | None
    step: int = Field(ge=0)
    epoch: float = Field(ge=0)
    metrics: Metrics
    rows: int = Field(ge=0)
    ended_at: Number
    seconds: float
    pace: Number
    steps_per_second: Number
    probes: list[str]
    journal_version: int = Field(ge=0)


class LiveSpec(Document):
    """The sections of the spec in force that have live fields."""

    model: Model
    optimizer: Optimizer
    regularization: Regularization
    training: Training


class JournalChange(Document):
    """The end of a journal: ``entries`` take the place of all entries from the index ``start``
    on."""

    start: int = Field(ge=0)
    entries: list[JournalEntry]


class Retention(Document):
    """How long the server keeps a run."""

    pinned: bool
    expires_at: Number = Field(
        description="Unix time at which the run is deleted unless it is used before; null if it is "
        "pinned"
    )
    idle_seconds: float = Field(description="seconds without use after which a run is deleted")
    max_pinned: int = Field(description="how many runs a person may pin")
    max_runs: int | None = Field(
        description="how many runs are kept of its owner: for more, those that were unused for "
        "longest are deleted before, except pinned ones; null for a run of an administrator"
    )
    max_bytes: int | None = Field(description="bytes that are kept of its owner, in the same way")


class RunList(Document):
    """A page of the runs that match."""

    runs: list[Summary]
    next: str | None = Field(description="`cursor` of the next page; null at the end")
    total: int = Field(ge=0, description="the number of all runs that match")


class Vary(Document):
    """A field of the spec by its path, and the values that it takes."""

    path: str
    values: list[Any]


class GroupDocument(Document):
    """Runs that were made together: a spec with other values of some fields, and other seeds."""

    id: str
    name: str
    owner: str
    spec: dict[str, Any] = Field(description="the spec as it was given, without defaults")
    vary: list[Vary]
    seeds: list[int]
    parallel: int = Field(description="how many of its runs train at the same time")
    created_at: float = Field(description="Unix time")
    runs: int = Field(ge=0, description="its runs that are still there")
    statuses: dict[Status, int] = Field(description="their number by status")


class GroupList(Document):
    """A page of groups."""

    groups: list[GroupDocument]
    next: str | None = Field(description="`cursor` of the next page; null at the end")


class GroupTable(Document):
    """A row for each run of a group. ``columns`` are run, the fields that vary, seed, status, step,
    seconds, and the metrics."""

    columns: list[str]
    rows: list[list[Any]]


class GroupRun(Document):
    """A run's value of the metric."""

    run: str
    seed: int
    status: Status
    step: int
    value: Number = Field(
        description="null if there is none, if it is not finite, and if the run diverged"
    )
    error: str | None = Field(
        description="code of what paused or ended the run, such as `diverged`; null if nothing did"
    )


class GroupPlace(Document):
    """Statistics of a metric over the seeds, at one combination of values."""

    values: dict[str, Any] = Field(description="the fields that vary, by path")
    count: int = Field(description="runs with a finite value")
    missing: int = Field(description="runs without one: not started, or diverged")
    ended: int = Field(description="runs that have finished, failed or were stopped")
    mean: Number
    deviation: Number = Field(
        description="the sample standard deviation; null for fewer than two values"
    )
    least: Number
    greatest: Number
    runs: list[GroupRun]


class GroupSummary(Document):
    """A metric of the last rows, compared over a group."""

    metric: str
    metrics: list[str] = Field(description="the metrics that its runs have")
    places: list[GroupPlace] = Field(description="in the order of the grid")


class Curves(Document):
    """The loss of some runs: on test examples if there are any, else on training examples."""

    curves: dict[str, list[list[float]]] = Field(
        description="at most 49 points `[step, loss]`, by run: the first, the least and the "
        "greatest of 16 parts of its series, and the last"
    )


class Deleted(Document):
    """The runs that were deleted."""

    ids: list[str]
    more: bool = Field(description="whether more runs match: send the request again")


class Commanded(Document):
    """What a command to several runs did."""

    steps: dict[str, int] = Field(description="the step at which it took effect, by run")
    errors: dict[str, Problem] = Field(description="why it did not, by run")


class CommandResult(Document):
    """The step at which a command took effect, and the run after it."""

    step: int = Field(ge=0)
    run: RunDocument


class SeriesDocument(Document):
    """Rows in the order of ``columns``; the first is the row's number, counted from 1."""

    columns: list[str]
    rows: list[list[Number]]


class SnapshotList(Document):
    steps: list[int]


class ParameterCount(Document):
    """A formula in print for the number of all parameters, in symbols and with numbers (LaTeX)."""

    label: str
    formula: str
    numbers: str
    value: int
    right: bool = Field(description="whether it is the number of parameters")
    explain: str


class Description(Document):
    """A spec with its defaults filled in, its layers, and its cost."""

    spec: RunSpec
    layers: list[Layer]
    parameters: int
    formula: str
    counts: list[ParameterCount]
    train_count: int
    test_count: int
    step_seconds: float


class Me(Document):
    """The client's identity."""

    id: str
    administrator: bool
