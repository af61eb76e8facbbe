"""Checks of a whole spec: incompatible parts, and limits on its cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from livenet.errors import SpecError
from livenet.settings import Limits
from livenet.spec.arithmetic import check_arithmetic
from livenet.spec.cost import step_seconds
from livenet.spec.features import FEATURES
from livenet.spec.size import MAX_FIELDS

if TYPE_CHECKING:
    from livenet.spec.data import Data
    from livenet.spec.model import Model
    from livenet.spec.run import RunSpec

Requested = tuple[str, int, int, str]  # path, requested number, allowed number, noun


def check(spec: RunSpec, limits: Limits | None) -> None:
    """Raises SpecError if parts of a spec are incompatible, or a limit is exceeded.

    Sizes are checked first, because the check of compatibility takes time for each layer.
    """
    if limits is not None:
        _within(_lengths(spec, limits))
    _fits(spec)
    if limits is not None:
        _within(_totals(spec, limits))
        _quick(spec, limits)
        spec.data.available()


def check_lists(given: object, limits: Limits) -> None:
    """Raises SpecError if a list in a model's document is longer than allowed, before its entries
    are parsed."""
    most = max(limits.max_layers, len(FEATURES))
    fields = given.items() if isinstance(given, Mapping) else ()
    for name, value in islice(fields, MAX_FIELDS):  # `check_size` refuses more
        if isinstance(name, str) and isinstance(value, list | tuple) and len(value) > most:
            raise SpecError(
                f"model.{name} has {len(value):,} entries; this server allows {most:,}",
                path=f"model.{name}",
                hint=f"Give at most {most:,}.",
            )


def check_family(model: Model, data: Data) -> None:
    """Raises SpecError if a model does not support a data set's family."""
    if data.family not in model.families:
        raise SpecError(
            f"model.kind is {model.kind!r}, which learns {' and '.join(model.families)}, but "
            f"{data.kind} has {data.family}",
            path="model.kind",
            hint=f"Use {data.model!r}, or leave the model out.",
        )


def _fits(spec: RunSpec) -> None:
    data, model, goal = spec.data, spec.model, spec.objective
    model.check(spec)
    allowed = model.objectives(data)
    if goal.kind not in allowed:
        raise _wrong_objective(spec, allowed)
    size = spec.training.batch_size
    if size is not None and size > data.train_count:
        raise SpecError(
            f"training.batch_size is {size}, but there are {data.train_count} training points",
            path="training.batch_size",
            hint=f"Give at most {data.train_count}, or null for the full batch.",
        )
    check_arithmetic(spec)


def _first_path(spec: RunSpec) -> str:
    """The field that mainly determines a model's size."""
    return next((path for path, *_ in spec.model.extents()), "model")


def _wrong_objective(spec: RunSpec, allowed: tuple[str, ...]) -> SpecError:
    names = " or ".join(repr(name) for name in allowed)
    return SpecError(
        f"objective.kind is {spec.objective.kind!r}, but {spec.model.predicts(spec.data)}",
        path="objective.kind",
        hint=f"Use {names}, or other data.",
    )


def _lengths(spec: RunSpec, limits: Limits) -> Iterator[Requested]:
    yield "data.samples", spec.data.samples, limits.max_samples, "samples"
    most = {"layers": limits.max_layers, "width": limits.max_width}
    for path, size, kind, noun in spec.model.extents():
        yield path, size, most[kind], noun


def _totals(spec: RunSpec, limits: Limits) -> Iterator[Requested]:
    yield _first_path(spec), spec.parameter_count, limits.max_parameters, "parameters"
    yield "training.batch_size", spec.batch_size, limits.max_batch, "examples a step"


def _within(parts: Iterable[Requested]) -> None:
    for path, given, allowed, noun in parts:
        if given > allowed:
            raise SpecError(
                f"{path} requests {given:,} {noun}; this server allows {allowed:,}",
                path=path,
                hint=f"Give at most {allowed:,}.",
            )


def _quick(spec: RunSpec, limits: Limits) -> None:
    seconds = step_seconds(spec)
    if seconds > limits.max_step_seconds:
        raise SpecError(
            f"A step would take about {seconds * 1000:,.0f} ms: {spec.parameter_count:,} "
            f"parameters, {spec.batch_size:,} examples; this server allows "
            f"{limits.max_step_seconds * 1000:,.0f} ms",
            path="training.batch_size",
            hint="Use a smaller batch, fewer layers or fewer units.",
        )
