"""From a snapshot to any later step, by way of the journal."""

from __future__ import annotations

from collections.abc import Sequence
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


def due(trainer: Trainer, journal: Sequence[Entry]) -> None:
    """Applies what the journal has for the step at which the trainer stands."""
    for entry in journal:
        if entry.step == trainer.step_count:
            apply(trainer, entry.command)
