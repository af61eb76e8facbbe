"""What the owner of a run reads when an administrator has paused or stopped it."""

from __future__ import annotations

from livenet.api.access.identity import LOCAL, Identity
from livenet.errors import Intervention, LivenetError
from livenet.store import Run
from livenet.wire.messages import Message, Pause, Stop


def reason_of(identity: Identity, run: Run, command: Message) -> LivenetError | None:
    """The reason that the run shows; None for a command of its owner, and for one that pauses or
    stops nothing."""
    if identity.id in (run.owner, LOCAL.id) or not run.owner:
        return None
    match command:
        case Pause():
            return Intervention("An administrator paused this run", hint="Resume it to continue.")
        case Stop():
            return Intervention("An administrator stopped this run", hint="Fork it to continue.")
        case _:
            return None
