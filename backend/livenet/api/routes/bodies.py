"""Request bodies, as the OpenAPI page shows them."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from livenet.refusals import shown
from livenet.spec.text import CONTROLS, INK, control
from livenet.wire.described import As, PartialSpec, SpecToDescribe
from livenet.wire.messages import Command, StepsPerSecond

Spec = Annotated[dict[str, Any], As(PartialSpec)]
"""Parsed by livenet.spec, which fills in defaults."""
SpecOrWrapped = Annotated[dict[str, Any], As(PartialSpec | SpecToDescribe)]
CommandBody = Annotated[dict[str, Any], As(Command)]
"""Parsed by livenet.wire.parsing, as the stream's messages are."""


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)


NAME_LENGTH = 120
TAG_LENGTH = 64
_PRINTED = f"[^{CONTROLS}]"
_NAME = f"^({_PRINTED}*{INK}{_PRINTED}*)?$"
_TAG_INK = f"[^,{INK.removeprefix('[^')}"
_TAG = f"^{_TAG_INK}[^,{CONTROLS}]{{0,{TAG_LENGTH - 2}}}{_TAG_INK}$|^{_TAG_INK}$"


def _refused(said: str, hint: str) -> PydanticCustomError:
    return PydanticCustomError("choice", "{said}", {"said": said, "hint": hint})


def _printed(text: str) -> None:
    """Raises a pydantic error for a control character."""
    if found := control(text):
        raise _refused(f"it has the control character {found}", "Leave that character out.")


def _name(text: str) -> str:
    """The text, if it is a name or empty; raises a pydantic error that says why not."""
    _printed(text)
    if not re.fullmatch(_NAME, text):
        raise _refused("it is blank", "Give a name with a visible character.")
    return text


def _tag(text: str) -> str:
    """The text, if it is a tag; raises a pydantic error that says why not."""
    _printed(text)
    if "," in text:
        raise _refused(f"{shown(text)} has a comma, and a tag has none", "Give two tags instead.")
    if len(text) > TAG_LENGTH:
        raise _refused(
            f"it has {len(text)} characters; a tag has at most {TAG_LENGTH}", "Shorten it."
        )
    if not re.fullmatch(_TAG, text):
        said = "begins or ends with white space" if re.search(INK, text) else "is blank"
        raise _refused(f"{shown(text)} {said}", "Give a word, or several with spaces between.")
    return text


RunName = Annotated[
    str,
    Field(max_length=NAME_LENGTH, json_schema_extra={"pattern": _NAME}),
    AfterValidator(_name),
]
RunTag = Annotated[str, Field(json_schema_extra={"pattern": _TAG}), AfterValidator(_tag)]
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
