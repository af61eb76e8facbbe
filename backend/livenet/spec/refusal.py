"""Turns pydantic's findings into errors for the person who wrote the spec."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

from pydantic import ValidationError

from livenet.errors import LivenetError, SpecError, did_you_mean
from livenet.spec.base import Kind
from livenet.spec.data import KINDS as DATA
from livenet.spec.model import BLOCKS, Rnn
from livenet.spec.model import KINDS as MODELS
from livenet.spec.objective import KINDS as OBJECTIVES
from livenet.spec.optimizer import KINDS as OPTIMIZERS
from livenet.spec.optimizer import SCHEDULES
from livenet.spec.training import Regularization, Training

_UNIONS: dict[str, tuple[type[Kind], ...]] = {
    "data": DATA,
    "model": MODELS,
    "blocks": BLOCKS,
    "objective": OBJECTIVES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}
_FIELDS = {
    (union, kind.model_fields["kind"].default): list(kind.model_fields)
    for union, kinds in _UNIONS.items()
    for kind in kinds
}
_PLAIN = {
    "regularization": list(Regularization.model_fields),
    "training": list(Training.model_fields),
}
_TYPES = {
    "int_type": "Give a whole number, without quotes.",
    "int_from_float": "Give a whole number.",
    "int_parsing": "Give a whole number, without quotes.",
    "float_parsing": "Give a number, without quotes.",
    "bool_parsing": "Give true or false.",
    "list_type": "Give a list, such as [1, 2].",
    "float_type": "Give a number, without quotes.",
    "finite_number": "Give a finite number.",
    "bool_type": "Give true or false.",
    "too_short": "Give a longer list.",
    "too_long": "Give a shorter list.",
    "tuple_type": "Give a list, such as [8, 8].",
    "string_type": "Give a name in quotes.",
}
_BRANCHES = ("function-plain[parse()]", "tuple[", "constrained-", "nullable")


def refusal(
    error: ValidationError, section: str = "", kind: type[LivenetError] = SpecError
) -> LivenetError:
    """The first of pydantic's findings, as one error with its path in the spec."""
    found = _deepest(error.errors(include_url=False))
    loc = [str(part) for part in found["loc"]]
    tags = [index for index in range(len(loc)) if _is_tag(loc, index, section)]
    names = [
        part
        for index, part in enumerate(loc)
        if index not in tags and not part.startswith(_BRANCHES)
    ]
    path = ".".join(([section] if section else []) + names)
    given = f"{found['input']!r:.80}"
    context: dict[str, Any] = found.get("ctx", {})
    field = path or "the spec"
    match found["type"]:
        case "union_tag_invalid":
            allowed = [word.strip(" '") for word in str(context["expected_tags"]).split(",")]
            return kind(
                f"{field}.kind is {context['tag']!r}; allowed: {', '.join(allowed)}",
                path=f"{path}.kind".lstrip("."),
                hint=_as_a_cell(context["tag"]) or did_you_mean(context["tag"], allowed),
            )
        case "dict_type":
            union = _union(loc, len(loc), section)
            hint = for_example(union, found["input"])
            return kind(f"{field} is an object; given {given}", path=path, hint=hint)
        case "union_tag_not_found":
            return kind(
                f"{field} needs a kind; given {given}", path=path, hint="The catalogue lists them."
            )
        case "extra_forbidden":
            fields = _fields_at(loc, tags, section)
            return kind(
                f"{field} is not a field here; allowed: {', '.join(fields)}",
                path=path,
                hint=did_you_mean(names[-1] if names else "", fields),
            )
        case "literal_error":
            expected = str(context["expected"]).replace("'", "").replace(" or ", ", ")
            return kind(
                f"{field} is {given}; allowed: {expected}",
                path=path,
                hint=did_you_mean(found["input"], [word.strip() for word in expected.split(",")]),
            )
        case "choice":
            return kind(f"{field}: {found['msg']}", path=path, hint=str(context["hint"]))
        case _:
            wanted = re.sub("^(Input|Tuple|List) ", "", found["msg"])
            hint = _TYPES.get(found["type"]) or _hint(context)
            return kind(f"{field} is {given}; it {wanted}", path=path, hint=hint)


def for_example(union: str, given: object) -> str:
    """A hint for whoever gave something else than an object: a bare name is taken for its kind."""
    kinds = [name for section, name in _FIELDS if section == union]
    known = given if given in kinds else next(iter(kinds), None)
    return f"For example {json.dumps({'kind': known} if known else {})}."


def _as_a_cell(kind: str) -> str:
    """A hint for whoever named the cell of a recurrent network as a kind of model."""
    cells = get_args(Rnn.model_fields["cell"].annotation)
    return f"Take the kind 'rnn', and {kind!r} as its cell." if kind in cells else ""


def _is_tag(loc: list[str], index: int, section: str) -> bool:
    """Whether a part of pydantic's location is a union's tag rather than a field."""
    return (_union(loc, index, section), loc[index]) in _FIELDS


def _union(loc: list[str], index: int, section: str) -> str:
    """The union that a part of the location would be a tag of: in a list, that of its items."""
    before = [section, *(part for part in loc[:index] if not part.isdigit())]
    return before[-1]


def _fields_at(loc: list[str], tags: list[int], section: str) -> list[str]:
    """The fields of the part of a spec in which pydantic found one too many."""
    if section in _PLAIN:
        return _PLAIN[section]
    if not tags:
        return []
    return _FIELDS[_union(loc, tags[-1], section), loc[tags[-1]]]


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


def _hint(context: dict[str, Any]) -> str:
    words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    parts = [f"{text} {context[name]}" for name, text in words.items() if name in context]
    return f"Give {' and '.join(parts)}." if parts else "The catalogue says what is allowed."
