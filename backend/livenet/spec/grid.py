"""The specs of a group of runs: one document with other values in one or two fields, and seeds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from livenet.errors import SpecError
from livenet.refusals import shown
from livenet.settings import Limits
from livenet.spec.run import RunSpec, resolve

MAX_RUNS = 500
SEED = "seed"


@dataclass(frozen=True)
class Variation:
    """A field of the spec by its path (``optimizer.lr``), and the values that it takes."""

    path: str
    values: Sequence[Any]

    @property
    def label(self) -> str:
        """The field's own name."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True)
class Variant:
    """A run of a group: what differs from the others, the seed last, and its spec."""

    varied: dict[str, Any]
    spec: RunSpec


def variants(
    document: Mapping[str, Any],
    vary: Sequence[Variation],
    seeds: Sequence[int],
    limits: Limits | None,
) -> list[Variant]:
    """A spec for each combination of values, the seeds innermost.

    Raises SpecError, with what was varied, for the first that is invalid, for a field that is given
    twice or within another, for more than ``MAX_RUNS`` specs, and for runs without an end.
    """
    paths = [one.path for one in vary]
    for path in paths:
        if paths.count(path) > 1 or path == SEED:
            raise SpecError(
                f"vary has {path!r} " + ("and seeds, too" if path == SEED else "twice"),
                path="vary",
                hint="Name each field once; seeds are given as seeds.",
            )
    for inner, outer in itertools.permutations(paths, 2):
        if inner.startswith(f"{outer}."):
            raise SpecError(
                f"vary has {outer!r} and {inner!r}, which is a part of it",
                path="vary",
                hint=f"Vary one of them, or fields of {outer} that are no part of each other.",
            )
    choices = [one.values for one in vary] + [seeds]
    for path, values in zip([*paths, SEED], choices, strict=True):
        _check_distinct(path, values)
    count = 1
    for values in choices:
        count *= len(values)
    if count > MAX_RUNS:
        raise SpecError(
            f"These are {count} runs, and a group has at most {MAX_RUNS}",
            path="vary",
            hint="Give fewer values or fewer seeds.",
        )
    return list(_resolved(document, [*paths, SEED], choices, limits))


def _resolved(
    document: Mapping[str, Any],
    paths: Sequence[str],
    choices: Sequence[Sequence[Any]],
    limits: Limits | None,
) -> Iterator[Variant]:
    for values in itertools.product(*choices):
        varied = dict(zip(paths, values, strict=True))
        given: Mapping[str, Any] = document
        for path, value in varied.items():
            given = _with_value(given, path.split("."), value, path)
        try:
            spec = resolve(given, limits)
        except SpecError as error:
            told = ", ".join(f"{path} = {shown(value)}" for path, value in varied.items())
            raise SpecError(
                f"With {told}: {error.message}", path=error.path, hint=error.hint
            ) from error
        if spec.training.steps is None:
            raise SpecError(
                "training.steps is not given: the runs of a group need an end",
                path="training.steps",
                hint="Give a number of steps, such as 1000.",
            )
        yield Variant(varied, spec)


def _with_value(
    document: Mapping[str, Any], names: Sequence[str], value: object, path: str
) -> dict[str, Any]:
    """A copy of a document in which the field of a path has a value."""
    first, *rest = names
    if not rest:
        return {**document, first: value}
    part = document.get(first, {})
    if isinstance(part, str):  # a kind by its name alone
        part = {"kind": part}
    if not isinstance(part, Mapping):
        raise SpecError(
            f"vary names {path!r}, and {first} is {shown(part)}",
            path="vary",
            hint="Name a field of an object, such as optimizer.lr.",
        )
    return {**document, first: _with_value(part, rest, value, path)}


def _check_distinct(path: str, values: Sequence[Any]) -> None:
    """Raises SpecError for a value that is given twice: 1 and 1.0 are the same, 1 and true not."""
    seen: list[tuple[bool, Any]] = []
    for value in values:
        key = isinstance(value, bool), value
        if key in seen:
            raise SpecError(
                f"{path} has the value {shown(value)} twice",
                path="seeds" if path == SEED else "vary",
                hint="Give each value once; seeds repeat a run.",
            )
        seen.append(key)
