"""Replay from a snapshot to any later step, with the changes in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from livenet.spec import changed
from livenet.training.trainer import Trainer
from livenet.wire.journal import Entry


def apply(trainer: Trainer, command: dict[str, Any]) -> None:
    """Carries out a ``set`` or an ``edit``; both are idempotent.

    Raises SpecError or CommandError, with the trainer unchanged.
    """
    if command["kind"] == "set":
        trainer.change(changed(trainer.spec, command["changes"], limits=None))
        return
    before = trainer.flat.phi.clone()
    try:
        for edit in command["edits"]:
            trainer.edit(edit["parameter"], tuple(edit["index"]), edit["value"])
    except Exception:
        trainer.flat.phi.copy_(before)
        raise


def by_step(journal: Iterable[Entry]) -> dict[int, list[Entry]]:
    """Entries by the step at which they took effect, so that the cost of a step does not depend on
    the length of the journal."""
    found: dict[int, list[Entry]] = {}
    for entry in journal:
        found.setdefault(entry.step, []).append(entry)
    return found


def due(trainer: Trainer, journal: Mapping[int, Sequence[Entry]]) -> Iterator[None]:
    """Applies the journal entries of the trainer's current step, and yields after each entry: a
    step may have thousands."""
    for entry in journal.get(trainer.step_count, ()):
        apply(trainer, entry.command)
        yield


def steps(trainer: Trainer, journal: Mapping[int, Sequence[Entry]], goal: int) -> Iterator[None]:
    """Trains up to ``goal`` steps with the journal entries before it, and yields after each unit of
    work. Those of ``goal`` itself are left to ``due``. Raises Diverged."""
    changes = sorted(step for step in journal if trainer.step_count <= step < goal)
    for stop in [*changes, goal]:
        while trainer.step_count < stop:
            trainer.advance(stop - trainer.step_count)
            yield
        if stop < goal:
            yield from due(trainer, journal)
