"""Turns pydantic's findings into errors for the person who wrote the spec."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from livenet.errors import LivenetError, SpecError
from livenet.refusals import Schema, example, kinds_of, refusal_of
from livenet.spec.model import Rnn


def refusal(
    error: ValidationError,
    kind: type[BaseModel] | TypeAdapter[Any],
    section: str = "",
    raised: type[LivenetError] = SpecError,
    whole: str = "The spec",
) -> LivenetError:
    """The first of pydantic's findings on a document of a kind, as one error with its path:
    ``section`` is where the document stands, ``whole`` what it is called."""
    found = _deepest(error.errors(include_url=False))
    before = (section,) if section else ()
    made = refusal_of(found, schema_of(kind), raised, before=before, whole=whole)
    if found["type"] == "union_tag_invalid" and (hint := _as_a_cell(found["input"].get("kind"))):
        return raised(made.message, path=made.path, hint=hint)
    return made


@cache
def schema_of(kind: type[BaseModel] | TypeAdapter[Any]) -> Schema:
    """The JSON schema of a document."""
    return kind.json_schema() if isinstance(kind, TypeAdapter) else kind.model_json_schema()


def for_example(kind: TypeAdapter[Any], given: object) -> str:
    """A hint for whoever gave something else than an object: a bare name is taken for its kind."""
    return example(kinds_of(schema_of(kind)), given)


def _as_a_cell(kind: object) -> str:
    """A hint for whoever named the cell of a recurrent network as a kind of model."""
    cells = get_args(Rnn.model_fields["cell"].annotation)
    return f"Take the kind 'rnn', and {kind!r} as its cell." if kind in cells else ""


def _deepest(found: list[Any]) -> Any:
    """Of a union's findings, that of the branch which got furthest; a choice's own words first."""
    choices = [one for one in found if one["type"] == "choice"]
    least = min((len(one["loc"]) for one in choices), default=0)
    listed = [one for one in choices if len(one["loc"]) > least]
    if found[0]["type"] == "choice" and listed:
        return listed[0]
    if found[0]["type"] == "choice" or not choices:
        return found[0]
    return max(choices, key=lambda one: len(one["loc"]))
