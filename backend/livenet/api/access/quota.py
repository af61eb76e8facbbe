"""Limits the pinned runs of a person, by identity: a class may share one network address."""

from __future__ import annotations

from livenet.api.access.identity import Identity
from livenet.engine.base import Engine
from livenet.errors import TooMany
from livenet.store import Run


async def check_pins(identity: Identity, run: Run, engine: Engine, most: int) -> None:
    """Raises TooMany if the owner of a run has pinned as many runs as a person may; an
    administrator may pin any run."""
    if identity.administrator:
        return
    pinned = await engine.count(run.owner, pinned=True) - run.pinned
    if pinned >= most:
        raise TooMany(
            f"You have pinned {pinned} runs, and a person may pin {most}",
            path="pinned",
            hint="Unpin or delete one of them.",
        )
