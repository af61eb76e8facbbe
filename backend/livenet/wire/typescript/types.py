"""Converts Python types to TypeScript: dataclasses and pydantic models to interfaces, others
inline."""

from __future__ import annotations

import dataclasses
import inspect
import json
import types
from collections.abc import Callable, Iterator, Mapping
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from pydantic import BaseModel

from livenet.pictures import Packed
from livenet.wire.documents import Of
from livenet.wire.typescript.source import WIDTH, comment, documented

Lookup: TypeAlias = Callable[[Any], str | None]
_PLAIN: Mapping[Any, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    None: "null",
    type(None): "null",
    Any: "Json",
}


class Untranslated(TypeError):
    """A type that is not supported."""


def is_record(kind: object) -> bool:
    """Whether a type becomes an interface: a pydantic model, a dataclass or a TypedDict."""
    if not isinstance(kind, type):
        return False
    return issubclass(kind, BaseModel) or dataclasses.is_dataclass(kind) or is_typeddict(kind)


def stripped(hint: Any) -> Any:
    """A type without its annotations."""
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def written(hint: Any, name_of: Lookup) -> str:
    """A type as TypeScript; ``name_of`` gives the name of one that is declared, or None."""
    if get_origin(hint) is Annotated:
        inner, *around = get_args(hint)
        if any(isinstance(one, Packed) for one in around):
            return "Tensor"
        annotated = [one.type for one in around if isinstance(one, Of)]
        return written(annotated[0] if annotated else inner, name_of)
    if (name := name_of(hint)) is not None:
        return name
    if hint in _PLAIN:
        return _PLAIN[hint]
    return _composed(hint, name_of)


def _composed(hint: Any, name_of: Lookup) -> str:
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " | ".join(json.dumps(value) for value in parts)
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(written(part, name_of) for part in parts))
    if origin is tuple and parts[-1] is not ...:
        return f"[{', '.join(written(part, name_of) for part in parts)}]"
    if origin in (tuple, list):
        one = written(parts[0], name_of)
        return f"({one})[]" if " | " in one else f"{one}[]"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"{{ [name: string]: {written(parts[1], name_of)} }}"
    raise Untranslated(f"{hint!r} has no form in TypeScript")


def alias(name: str, hint: Any, doc: str, name_of: Lookup) -> list[str]:
    """The declaration of a name for a type."""
    inner = stripped(hint)
    # The type has the same name as the alias: its parts are written instead.
    text = written(inner, lambda part: None if part == inner else name_of(part))
    line = f"export type {name} = {text};"
    if len(line) <= WIDTH:
        return [*comment(doc), line]
    members = [f"  | {member}" for member in text.split(" | ")]
    return [*comment(doc), f"export type {name} =", *members[:-1], f"{members[-1]};"]


def interface(kind: type, name_of: Lookup, sent: bool) -> list[str]:
    """The declaration of a record; for a ``sent`` one, fields with defaults are optional."""
    parent = _parent(kind)
    head = f"export interface {name_of(kind)}"
    if parent is not None:
        head += f" extends {name_of(parent)}"
    lines = [*comment(_about(kind)), f"{head} {{"]
    for name, hint, optional, doc in _fields(kind, parent):
        mark = "?" if optional and (sent or is_typeddict(kind)) else ""
        lines += [*comment(doc, "  "), f"  {name}{mark}: {written(hint, name_of)};"]
    return [*lines, *_rest(kind, name_of), "}"]


def _about(kind: type) -> str:
    """A class's description; that of the catalogue for a member of the spec."""
    return str(kind.__dict__.get("__doc__") or kind.__dict__.get("explain") or "")


def _parent(kind: type) -> type | None:
    """The nearest base that has fields."""
    bases = (base for base in kind.__mro__[1:] if issubclass(base, BaseModel))
    found: Iterator[type] = (base for base in bases if _own(base) & set(base.model_fields))
    return next(found, None)


def _own(kind: type) -> set[str]:
    return set(inspect.get_annotations(kind))


def _fields(kind: type[Any], parent: type | None) -> Iterator[tuple[str, Any, bool, str]]:
    """Name, type, whether there is a default, and docstring of each field of its own."""
    hints = get_type_hints(kind, include_extras=True)
    docs = documented(kind)
    if issubclass(kind, BaseModel):
        above = parent.model_fields if parent and issubclass(parent, BaseModel) else {}
        for name, info in kind.model_fields.items():
            if name in _own(kind) or name not in above:
                doc = info.description or docs.get(name, "")
                yield info.alias or name, hints[name], not info.is_required(), doc
    elif is_typeddict(kind):
        for name, hint in hints.items():
            optional = get_origin(hint) is NotRequired
            inner = get_args(hint)[0] if optional else hint
            yield name, inner, optional, docs.get(name, "")
    elif dataclasses.is_dataclass(kind):
        for part in dataclasses.fields(kind):
            hint = hints[part.name]
            said = [*(packed.shape for packed in packed_in(hint)), docs.get(part.name)]
            yield part.name, hint, False, ". ".join(filter(None, said))


def packed_in(hint: Any) -> Iterator[Packed]:
    """The encoding of a field's arrays; at most one."""
    if get_origin(hint) is Annotated:
        yield from (extra for extra in get_args(hint)[1:] if isinstance(extra, Packed))
    else:
        for part in get_args(hint):
            yield from packed_in(part)


def _rest(kind: type, name_of: Lookup) -> list[str]:
    """The type of a record's extra fields."""
    if not issubclass(kind, BaseModel) or kind.model_config.get("extra") != "allow":
        return []
    hints = get_type_hints(kind, include_extras=True)
    _, extra = get_args(hints["__pydantic_extra__"])
    every = [extra, *(hints[name] for name in kind.model_fields)]
    members = dict.fromkeys(written(one, name_of) for one in every)
    return [f"  [name: string]: {' | '.join(members)};"]
