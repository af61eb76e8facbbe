"""The stages of a step, as every family's walk gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil
from typing import Any, Literal

from torch import Tensor

from livenet.errors import OptionError
from livenet.pictures import Facts, Plot
from livenet.probes.context import Context
from livenet.probes.steps.rows import StepByStepOptions
from livenet.training.upcoming import Upcoming

Group = Literal["forward", "backward", "update"]

MANY = 12
"""Stages of one direction up to which they need no sections."""
PART = 8
"""Stages of a section, at most, where a long direction is cut."""


@dataclass(frozen=True)
class Shown:
    """What a stage shows: plots, most of them an equation each, and facts."""

    plots: tuple[Plot, ...]
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Stage:
    """A part of the walk."""

    id: str
    group: Group
    label: str
    """On its button, such as "Layer 2"; LaTeX between dollar signs."""
    title: str
    """A sentence without its full stop: what happens in it."""
    show: Callable[[], Shown]
    section: str = ""
    """The part of the network, such as "Layer 2", within which labels are unique; or none."""


def sectioned(stages: Sequence[Stage]) -> list[Stage]:
    """The same stages, with sections for a long direction that has none: parts of equal size, named
    by their first and last stage."""
    found: list[Stage] = []
    for _, run in groupby(stages, lambda stage: stage.group):
        together = list(run)
        if len(together) <= MANY or any(stage.section for stage in together):
            found += together
            continue
        size = ceil(len(together) / ceil(len(together) / PART))
        for start in range(0, len(together), size):
            part = together[start : start + size]
            name = " – ".join(dict.fromkeys((part[0].label, part[-1].label)))
            found += [replace(stage, section=name) for stage in part]
    return found


@dataclass(frozen=True)
class Example:
    """The example of a walk, and the batch that it is part of."""

    part: str
    number: int
    """In its part; of the batch, its place there."""
    row: int
    """Its number among the examples of the data."""
    x: Tensor
    """Arranged inputs of the whole batch (B, …); of another part, only of the example, (1, …)."""
    y: Tensor
    at: int
    """The place of the example in x and y."""
    training: bool
    """Whether it is computed as in training: with dropout, and with the batch's statistics."""


def example_of(context: Context, upcoming: Upcoming, options: StepByStepOptions) -> Example:
    """The example that the options name. Raises OptionError if it does not exist."""
    number = options.example
    if options.part == "batch":
        _check(number, len(upcoming.rows), "batch")
        row = int(upcoming.rows[number])
        return Example("batch", number, row, upcoming.x, upcoming.y, number, training=True)
    x, y = context.parts[options.part]
    _check(number, len(x), options.part)
    one = slice(number, number + 1)
    return Example(options.part, number, number, x[one], y[one], 0, training=False)


def _check(number: int, count: int, part: str) -> None:
    if number < count:
        return
    where = {"batch": "the next minibatch", "train": "training", "test": "testing"}[part]
    allowed = f"0 to {count - 1}." if count else "Choose another part: this one is empty."
    raise OptionError(
        f"example is {number}; there are {count} examples in {where}"
        if part == "batch"
        else f"example is {number}; there are {count} examples for {where}",
        path="options.example",
        hint=allowed,
    )


def entry_of(options: StepByStepOptions, rows: int, columns: int = 1) -> tuple[int, int]:
    """The entry that the options name, within a matrix (rows, columns): a stage has matrices of
    several shapes, and a vector has one column only."""
    return min(options.row, rows - 1), min(options.column, columns - 1)


def facts_of(context: Context, upcoming: Upcoming, example: Example) -> Facts:
    """The facts of all walks: the example, and the members of the next minibatch."""
    return {
        "part": example.part,
        "example": example.number,
        "row": example.row,
        "batch": [int(row) for row in upcoming.rows],
        "eta": upcoming.eta,
        "step": upcoming.t,
        "arithmetic": "compiled" if context.maps else "torch",
    }
