"""Request bodies, as the OpenAPI page shows them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from livenet.wire.described import As, PartialSpec, SpecToDescribe
from livenet.wire.messages import Command, StepsPerSecond

Spec = Annotated[dict[str, Any], As(PartialSpec)]
"""Parsed by livenet.spec, which fills in defaults."""
SpecOrWrapped = Annotated[dict[str, Any], As(PartialSpec | SpecToDescribe)]
CommandBody = Annotated[dict[str, Any], As(Command)]
"""Parsed by livenet.wire.parsing, as the stream's messages are."""


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)


RunName = Annotated[str, Field(max_length=120)]
# Which characters \s means differs among the dialects of regular expressions that read the schema.
_INK = r"[^\s\x1c-\x1f\x85\ufeff,]"
RunTag = Annotated[str, StringConstraints(pattern=f"^{_INK}[^,]{{0,62}}{_INK}$|^{_INK}$")]
RunTags = Annotated[
    list[RunTag],
    Field(max_length=20, description="words by which runs are found, without commas"),
]


class NewRun(Body):
    """A run to create. ``start: false`` leaves it paused at step 0."""

    spec: Spec = Field(default_factory=dict, examples=[{"data": {"kind": "spiral"}}])
    name: RunName = ""
    tags: RunTags = Field(default_factory=list)
    start: bool = True
    pace: StepsPerSecond | None = Field(None, description="the most steps per second")
    parent: str | None = Field(None, description="id of a run that this one varies")


class Vary(Body):
    """A field of the spec, and the values that it takes."""

    path: str = Field(min_length=1, max_length=200, examples=["optimizer.lr"])
    values: list[Any] = Field(min_length=1, max_length=500, examples=[[0.001, 0.01, 0.1]])


class NewGroup(Body):
    """Runs of a spec that has a number of steps, for each combination of values and seeds."""

    spec: Spec
    vary: list[Vary] = Field(
        default_factory=list, max_length=2, description="one or two fields of the spec"
    )
    seeds: list[int] = Field(default_factory=lambda: [0], min_length=1, max_length=500)
    name: RunName = ""
    tags: RunTags = Field(default_factory=list)
    parallel: int | None = Field(
        None,
        ge=1,
        le=100,
        description="runs that train at the same time; by default as many as there are workers",
    )


class NewFork(Body):
    """A run that continues from a step of another, by default from its current step."""

    step: int | None = Field(None, ge=0)
    changes: dict[str, Any] = Field(default_factory=dict, examples=[{"optimizer.lr": 0.1}])
    name: RunName = ""
    tags: RunTags = Field(default_factory=list)
    start: bool = True
    pace: StepsPerSecond | None = Field(None, description="the most steps per second")


class RunChanges(Body):
    """Changes of a run that are no commands to its training."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    name: RunName = Field("", min_length=1)
    tags: RunTags = Field(default_factory=list)
    pinned: bool = False

    @model_validator(mode="after")
    def _something(self) -> RunChanges:
        if not self.model_fields_set:
            raise PydanticCustomError(
                "choice", "it has no field", {"hint": "Give name, tags or pinned."}
            )
        return self
