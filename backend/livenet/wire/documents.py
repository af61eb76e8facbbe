"""Documents that the server answers with: runs, specs described, who somebody is.

The engine makes them as plain JSON values (``Run.document``), not by way of these; tests compare,
over every family. The page's types and the OpenAPI document are made from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from livenet.spec.run import RunSpec
from livenet.wire.messages import EditParameters, Set

Number = float | None
Status = Literal["queued", "running", "paused", "finished", "failed", "stopped"]


@dataclass(frozen=True)
class Of:
    """What a document is that travels as plain JSON values: its type, for those who read it."""

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
    """What went wrong: what was given, what is allowed, where, and how to put it right."""

    code: str
    message: str
    path: str = Field(description="the field that it is about; empty where there is none")
    hint: str


class Parent(Document):
    """What a run was forked from."""

    id: str
    step: int = Field(ge=0)


class JournalEntry(Document):
    """A command that changed a run's numbers, and the step after which it took effect."""

    step: int = Field(ge=0)
    command: Set | EditParameters


class Summary(Document):
    """A run as a line of a list."""

    id: str
    name: str
    owner: str = Field(description="whose it is: the id that GET /api/me gave to whoever made it")
    status: Status
    step: int = Field(ge=0)
    epoch: float = Field(ge=0)
    parent: Parent | None
    metrics: Metrics = Field(description="losses and measures of the last row")
    error: Problem | None


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
    size: str = Field(description="LaTeX: how the output's size comes about, with numbers")
    terms: str = Field(description="LaTeX: how the parameters are counted, with numbers")
    residual: bool
    parameters: int


class RunDocument(Summary):
    """A run, whole; ``spec`` is the one it began with, ``spec_in_force`` the one it has now."""

    spec: RunSpec
    spec_in_force: RunSpec
    journal: list[JournalEntry]
    probes: list[str] = Field(description="kinds of the probes that have something to show of it")
    pace: Number = Field(description="steps a second at most; null is as fast as it goes")
    steps_per_second: Number
    parameters: int
    layers: list[Layer]
    train_count: int
    test_count: int
    rows: int = Field(ge=0)


class RunList(Document):
    runs: list[Summary]


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


class Description(Document):
    """A spec with its defaults filled in, and what it comes to."""

    spec: RunSpec
    layers: list[Layer]
    parameters: int
    formula: str
    train_count: int
    test_count: int
    step_seconds: float


class Me(Document):
    """Who asks."""

    id: str
    administrator: bool
