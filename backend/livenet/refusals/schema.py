"""The allowed values at a location in a document, from its JSON schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
_NOUNS = {
    "integer": "an integer",
    "number": "a number",
    "boolean": "a boolean",
    "string": "a string",
    "array": "an array",
    "object": "an object",
}
_BRANCHES = ("function-", "tuple[", "list[", "dict[", "constrained-", "nullable", "is-instance[")


@dataclass(frozen=True)
class Place:
    """A location in a document: its path, its schema, and the schema of its parent."""

    names: tuple[str, ...]
    rule: Schema
    around: Schema

    @property
    def path(self) -> str:
        return ".".join(self.names)

    @property
    def fields(self) -> list[str]:
        """The fields of the parent object."""
        return list(self.around.get("properties", {}))

    @property
    def kinds(self) -> list[str]:
        """The kinds of a tagged union; empty for any other schema."""
        return kinds_of(self.rule)

    @property
    def nullable(self) -> bool:
        return any(one.get("type") == "null" for one in self.rule.get("anyOf", ()))

    @property
    def of_objects(self) -> bool:
        """Whether it is a list whose entries are objects."""
        lists = (one.get("items", {}) for one in _flat(self.rule) if one.get("type") == "array")
        return any("$ref" in one or "discriminator" in one for one in lists)

    def noun(self, type_: str) -> str:
        """The allowed values of one JSON type, with their range: "an integer of at least 1"."""
        found = next((one for one in _flat(self.rule) if one.get("type") == type_), {})
        limits = bounds(found)
        return f"{_NOUNS[type_]} {limits}" if limits else _NOUNS[type_]

    @property
    def type(self) -> str:
        """The first allowed JSON type; empty if the schema has none."""
        found = (str(one.get("type", "")) for one in _flat(self.rule))
        return next((name for name in found if name in _NOUNS), "")


def located(root: Schema, loc: Sequence[int | str]) -> Place:
    """The place of a pydantic location, which contains the tags of unions, too."""
    names: list[str] = []
    around: Schema = {}
    rule = _resolved(root, root)
    for part in loc:
        kinds = rule.get("discriminator", {}).get("mapping", {})
        if part in kinds:
            rule = _pointed(root, kinds[part])
            continue
        if isinstance(part, str) and part.startswith(_BRANCHES):
            continue
        names.append(str(part))
        around = next((one for one in _flat(rule, root) if "properties" in one), {})
        rule = _inside(root, rule, part)
    return Place(tuple(names), _whole(root, rule), around)


def kinds_of(rule: Schema) -> list[str]:
    """The kinds of a tagged union; empty if the schema is not one."""
    return list(rule.get("discriminator", {}).get("mapping", {}))


def bounds(rule: Schema) -> str:
    """The text of a schema's range of numbers; empty if it allows all."""
    parts = []
    if "minimum" in rule:
        parts.append(f"at least {number(rule['minimum'])}")
    if "exclusiveMinimum" in rule:
        parts.append(f"greater than {number(rule['exclusiveMinimum'])}")
    if "maximum" in rule:
        parts.append(f"at most {number(rule['maximum'])}")
    if "exclusiveMaximum" in rule:
        parts.append(f"less than {number(rule['exclusiveMaximum'])}")
    return ("of " if parts and parts[0].startswith("at") else "") + " and ".join(parts)


def number(value: float) -> str:
    """The text of a bound: 1000000 for 1000000.0."""
    return str(value) if isinstance(value, int) else f"{value:.12g}"


def _inside(root: Schema, rule: Schema, part: int | str) -> Schema:
    """The schema of a field or an entry; empty if there is none."""
    for one in _flat(rule, root):
        fields, others = one.get("properties", {}), one.get("additionalProperties")
        if part in fields:
            return _resolved(root, fields[part])
        if isinstance(part, int) and one.get("type") == "array":
            first = one.get("prefixItems", ())
            return _resolved(root, first[part] if part < len(first) else one.get("items", {}))
        if isinstance(part, str) and isinstance(others, dict):
            return _resolved(root, others)
    return {}


def _flat(rule: Schema, root: Schema | None = None) -> Iterator[Schema]:
    """A schema and its alternatives."""
    yield rule
    for one in (*rule.get("anyOf", ()), *rule.get("allOf", ())):
        yield from _flat(_resolved(root, one) if root is not None else one, root)


def _whole(root: Schema, rule: Schema) -> Schema:
    """A schema with its references to alternatives resolved."""
    if "anyOf" not in rule:
        return rule
    return {**rule, "anyOf": [_resolved(root, one) for one in rule["anyOf"]]}


def _resolved(root: Schema, rule: Schema) -> Schema:
    return _pointed(root, rule["$ref"]) if "$ref" in rule else rule


def _pointed(root: Schema, reference: str) -> Schema:
    """The target of a reference such as ``#/$defs/Adam``."""
    found: Any = root
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return _resolved(root, found)
