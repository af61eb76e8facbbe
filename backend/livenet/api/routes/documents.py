"""What answers carry, as the OpenAPI page shows it. They are not made from these: tests compare."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from livenet.wire.messages import EditParameters, Set

Number = float | None
Responses = dict[int | str, dict[str, Any]]


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(Document):
    """What went wrong: what was given, what is allowed, where, and how to put it right."""

    code: str
    message: str
    path: str = Field(description="the field that it is about; empty where there is none")
    hint: str


class Refusal(Document):
    """Every answer that is not a success."""

    error: Problem


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
    status: Literal["queued", "running", "paused", "finished", "failed", "stopped"]
    step: int = Field(ge=0)
    epoch: float = Field(ge=0)
    parent: Parent | None
    metrics: dict[str, Number] = Field(description="losses and measures of the last row")
    error: Problem | None


class Layer(Document):
    """One layer's shapes and parameter count."""

    name: str
    label: str
    kind: str = Field(description="dense, conv, max_pool, lstm, attention, ...")
    output: list[int] = Field(description="the shape of one example's output")
    tensors: dict[str, list[int]] = Field(description="the shape of every parameter, by name")
    weight: list[int] | None
    bias: list[int] | None
    activation: str | dict[str, Any]
    formula: str
    size: str = Field(description="LaTeX: how the output's size comes about, with numbers")
    terms: str = Field(description="LaTeX: how the parameters are counted, with numbers")
    residual: bool
    parameters: int


class RunDocument(Summary):
    """A run, whole; ``spec`` is the one it began with, ``spec_in_force`` the one it has now."""

    spec: dict[str, Any]
    spec_in_force: dict[str, Any]
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


class Obeyed(Document):
    """The step at which a command took effect, and the run after it."""

    step: int = Field(ge=0)
    run: RunDocument


class SeriesDocument(Document):
    """Rows in the order of ``columns``; the first is the row's number, counted from 1."""

    columns: list[str]
    rows: list[list[Number]]


class SnapshotList(Document):
    steps: list[int]


class PictureDocument(Document):
    """A few plots that share a step, and the named numbers that belong beside them."""

    step: int = Field(ge=0)
    facts: dict[str, Any]
    plots: list[dict[str, Any]]


class Description(Document):
    """A spec with its defaults filled in, and what it comes to."""

    spec: dict[str, Any]
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


class HealthDocument(BaseModel):
    """Whether the server can train, and what its engine says of itself."""

    status: Literal["ok", "starting", "failing", "stopping"]
    version: str
    engine: str
    workers: int
    ready: bool


REFUSALS = {
    401: "no token, or not one of this server's",
    403: "a Host or an Origin that is not this server's, or a run of somebody else's",
    404: "no such run, probe or step",
    409: "a command that the run's state does not allow; the message says which states do",
    413: "a body over the limit, or one without its length",
    422: "a spec, a command or an option that cannot be",
    429: "over a limit",
    503: "the server cannot do it now: no worker is there, or it is stopping",
}
AGAIN = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}}}


def refusals(*statuses: int) -> Responses:
    """The answers, by status, of a call that refuses with these."""
    return {
        status: {"model": Refusal, "description": REFUSALS[status]}
        | ({"headers": AGAIN} if status in (429, 503) else {})
        for status in statuses
    }


EVERYWHERE = refusals(401, 403, 413, 422, 429, 503)


def inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON Schema without references, for a place that has no definitions beside it."""
    definitions = schema.get("$defs", {})

    def inline(value: Any) -> Any:
        if isinstance(value, list):
            return [inline(one) for one in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return inline(definitions[value["$ref"].removeprefix("#/$defs/")])
        return {name: inline(one) for name, one in value.items() if name != "discriminator"}

    found: dict[str, Any] = inline(
        {name: value for name, value in schema.items() if name != "$defs"}
    )
    return found
