"""Converts pydantic's errors to messages: what was given, what is allowed, how to correct it.

Specs, requests, queries, commands, messages and settings all use ``refusal_of``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from livenet.errors import CHOOSE, LivenetError, did_you_mean
from livenet.refusals.schema import Place, Schema, bounds, located

MAX_SHOWN = 80  # characters of a quoted value
_TYPES = {
    "int": "integer",
    "float": "number",
    "finite": "number",
    "bool": "boolean",
    "string": "string",
    "list": "array",
    "tuple": "array",
    "dict": "object",
    "model": "object",
}
_GIVE = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "text in quotes",
    "array": "a list, such as [1, 2]",
    "object": "an object, such as {}",
}
_LIMITS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
_LENGTHS = {"too_short": "at least", "too_long": "at most"}


def refusal_of(
    found: ErrorDetails | Mapping[str, Any],
    schema: Schema,
    kind: type[LivenetError],
    *,
    loc: Iterable[int | str] | None = None,
    before: tuple[str, ...] = (),
    whole: str = "The document",
    quoted: bool = True,
) -> LivenetError:
    """One of pydantic's errors as an error of a kind.

    ``schema`` is the JSON schema of the document and ``loc`` the location in it, by default that of
    the pydantic error; ``before`` are the first names of the path. ``whole`` is the name of the
    document. ``quoted``: whether text has quotes, which it has not in a query or the environment.
    """
    place = located(schema, tuple(found["loc"] if loc is None else loc))
    context: Mapping[str, Any] = found.get("ctx") or {}
    names = (*before, *place.names, *([context["knob"]] if "knob" in context else []))
    path = ".".join(names)
    if found["type"].startswith("union_tag"):
        path = f"{path}.kind".lstrip(".")
        message, hint = _kinds(found["input"], place.kinds, path)
    else:
        message, hint = _said(found, place, context, path or whole)
        if not quoted:
            hint = hint.replace(" in quotes", "").replace(", without quotes", "")
    return kind(message, path=path, hint=hint)


def shown(given: object) -> str:
    """The given value for a message: as JSON, text in quotes, truncated if it is long."""
    text = (
        repr(given)
        if isinstance(given, str)
        else json.dumps(given, ensure_ascii=False, default=repr)
    )
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def _said(
    found: ErrorDetails | Mapping[str, Any],
    place: Place,
    context: Mapping[str, Any],
    field: str,
) -> tuple[str, str]:
    """The message and the hint of a pydantic error."""
    code, given = found["type"], found["input"]
    match code:
        case "missing":
            type_ = place.type
            what = f"{field} is missing"
            return (f"{what}; it must be {place.noun(type_)}" if type_ else what), (
                f"Give {_give(place, type_)}."
            )
        case "extra_forbidden":
            fields = place.fields
            allowed = ", ".join(fields) or "none"
            name = place.names[-1] if place.names else ""
            leave = "Leave it out, or use one of these." if fields else "Leave it out."
            hint = did_you_mean(name, fields, leave)
            return f"{field} is not a field here; allowed: {allowed}", hint
        case "literal_error" | "enum":
            expected = str(context["expected"]).replace("'", "").replace(" or ", ", ")
            words = [word.strip() for word in expected.split(",")]
            hint = did_you_mean(given, words, CHOOSE)
            return f"{field} is {shown(given)}; allowed: {expected}", hint
        case "choice":
            return f"{field}: {found['msg']}", str(context["hint"])
        case "string_unicode":
            return f"{field} contains half of a surrogate pair", "Send valid Unicode, in UTF-8."
        case "too_short" | "too_long":
            allowed = _length(code, context, "item", "items")
            return f"{field} is {shown(given)}; it must have {allowed}", f"Give {allowed}."
        case "string_too_short" | "string_too_long":
            allowed = _length(code.removeprefix("string_"), context, "character", "characters")
            return f"{field} is {shown(given)}; it must have {allowed}", f"Give {allowed}."
    type_ = _TYPES.get(code.partition("_")[0]) or place.type
    if not type_ and not any(name in context for name in _LIMITS):
        return f"{field} is {shown(given)}, which is invalid", _explained(place)
    or_null = ", or null" if place.nullable else ""
    noun = _noun(place, type_ or "number", context)
    if code == "finite_number":
        noun = f"a finite number{noun.removeprefix('a number')}"
    if isinstance(given, float) and given.is_integer() and type_ == "integer":
        noun = f"{noun}, only in digits"
    hint = f"Give {_give(place, type_ or 'number', context)}{or_null}{_unquoted(given, type_)}."
    if type_ == "object" and place.kinds:
        hint = example(place.kinds, given)
    return f"{field} is {shown(given)}; it must be {noun}{or_null}", hint


def _kinds(given: object, kinds: list[str], field: str) -> tuple[str, str]:
    """The message and the hint for an unknown or missing kind."""
    allowed = f"allowed: {', '.join(kinds)}"
    if not isinstance(given, Mapping) or "kind" not in given:
        return f"{field} is missing; {allowed}", example(kinds, None)
    hint = did_you_mean(given["kind"], kinds, CHOOSE)
    return f"{field} is {shown(given['kind'])}; {allowed}", hint


def example(kinds: list[str], given: object) -> str:
    """A hint for a value that is not an object: a bare name is interpreted as its kind."""
    known = given if given in kinds else next(iter(kinds), None)
    return f"For example {json.dumps({'kind': known} if known else {})}."


def _noun(place: Place, type_: str, context: Mapping[str, Any]) -> str:
    """The allowed values; the violated bound if the schema has none."""
    noun = place.noun(type_)
    broken = bounds({name: context[key] for key, name in _LIMITS.items() if key in context})
    return noun if " " in noun.partition(" ")[2] or not broken else f"{noun} {broken}"


def _give(place: Place, type_: str, context: Mapping[str, Any] | None = None) -> str:
    """The allowed values, for a hint."""
    if not type_:
        return "it"
    if type_ == "array" and place.of_objects:
        return "a list of objects"
    limits = _noun(place, type_, context or {}).partition(" ")[2].partition(" ")[2]
    return f"{_GIVE[type_]} {limits}" if limits else _GIVE[type_]


def _unquoted(given: object, type_: str) -> str:
    return ", without quotes" if isinstance(given, str) and type_ in ("integer", "number") else ""


def _length(code: str, context: Mapping[str, Any], one: str, many: str) -> str:
    count = context["min_length" if code == "too_short" else "max_length"]
    return f"{_LENGTHS[code]} {count} {one if count == 1 else many}"


def _explained(place: Place) -> str:
    about = place.rule.get("description")
    return f"It is: {about}" if about else "Leave it out for its default."
