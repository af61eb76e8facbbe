"""Limits the pinned runs of a person, by identity: a class may share one network address."""

from __future__ import annotations

from livenet.api.access.identity import Identity
from livenet.engine.base import Engine
from livenet.errors import TooMany
from livenet.settings import Settings
from livenet.store import Run


async def check_pins(identity: Identity, run: Run, engine: Engine, settings: Settings) -> None:
    """Raises TooMany if the owner of a run has pinned as many runs as a person may, or if half of
    the runs that the server keeps are pinned: they make no room for others. An administrator may
    pin any run."""
    if identity.administrator or run.pinned:
        return
    own, most = await engine.count(run.owner, pinned=True), settings.max_pinned_a_person
    if own >= most:
        raise TooMany(
            f"You have pinned {own} runs, and a person may pin {most}",
            path="pinned",
            hint="Unpin or delete one of them.",
        )
    every, half = await engine.count(pinned=True), settings.max_runs // 2
    if every >= half:
        raise TooMany(
            f"{every} runs are pinned, and at most {half} may be on this server",
            path="pinned",
            hint="Somebody has to unpin or delete one first; an administrator may pin more.",
        )
