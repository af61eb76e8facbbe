"""The fields that a spec may have, by path: ``optimizer.lr``, of whatever kind its parts are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from livenet.spec.choice import ChoiceFrom
from livenet.spec.run import RunSpec


@cache
def all_paths() -> tuple[str, ...]:
    """The paths of all kinds' fields. A list has a path, and its entries have none."""
    return tuple(dict.fromkeys(_paths(RunSpec, "")))


def _paths(part: type[BaseModel], before: str) -> Iterator[str]:
    for name, field in part.model_fields.items():
        path = f"{before}{name}"
        yield path
        for one in _alternatives((field.annotation, *field.metadata)):
            if isinstance(one, ChoiceFrom):
                yield f"{path}.kind"
                knobs = (row.knobs for row in one.table.values())
                yield from (f"{path}.{knob}" for names in knobs for knob in names)
            else:
                yield from _paths(one, f"{path}.")


def _alternatives(annotations: tuple[Any, ...]) -> Iterator[Any]:
    """The parts of a spec and the choices that a field may have."""
    for one in annotations:
        if isinstance(one, ChoiceFrom) or (isinstance(one, type) and issubclass(one, BaseModel)):
            yield one
        elif get_origin(one) not in (tuple, list, dict):
            yield from _alternatives(get_args(one))
