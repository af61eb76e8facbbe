"""From a snapshot to any later step, by way of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from livenet.spec import changed
from livenet.training.trainer import Trainer
from livenet.wire.journal import Entry


def apply(trainer: Trainer, command: dict[str, Any]) -> None:
    """Carries out a ``set`` or an ``edit``; both twice is the same as once.

    Raises SpecError or CommandError, with the trainer as it was.
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
    """Entries by the step at which they took effect: a long journal costs a step no more than a
    short one."""
    found: dict[int, list[Entry]] = {}
    for entry in journal:
        found.setdefault(entry.step, []).append(entry)
    return found


def due(trainer: Trainer, journal: Mapping[int, Sequence[Entry]]) -> Iterator[None]:
    """Applies what the journal has for the step at which the trainer stands, and pauses after each
    entry: a step may have thousands."""
    for entry in journal.get(trainer.step_count, ()):
        apply(trainer, entry.command)
        yield
