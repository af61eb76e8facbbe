"""Converts pydantic's errors to errors for the user."""

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
    """The first of pydantic's errors in a document of a kind, with its path. ``section`` is the
    path of the document, ``whole`` its name."""
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
    """A hint for a value that is not an object: a bare name is interpreted as its kind."""
    return example(kinds_of(schema_of(kind)), given)


def _as_a_cell(kind: object) -> str:
    """A hint for the cell of a recurrent network given as a kind of model."""
    cells = get_args(Rnn.model_fields["cell"].annotation)
    return f"Use the kind 'rnn', and {kind!r} as its cell." if kind in cells else ""


def _deepest(found: list[Any]) -> Any:
    """Of a union's errors, that of the branch with the deepest location; errors of choices
    first."""
    choices = [one for one in found if one["type"] == "choice"]
    least = min((len(one["loc"]) for one in choices), default=0)
    listed = [one for one in choices if len(one["loc"]) > least]
    if found[0]["type"] == "choice" and listed:
        return listed[0]
    if found[0]["type"] == "choice" or not choices:
        return found[0]
    return max(choices, key=lambda one: len(one["loc"]))
