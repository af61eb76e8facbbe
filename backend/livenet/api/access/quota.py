"""Limits the runs of a person, by identity: a class may share one network address."""

from __future__ import annotations

from livenet.api.access.identity import Identity
from livenet.engine.base import Engine
from livenet.errors import TooMany


def check_quota(identity: Identity, engine: Engine, most: int) -> None:
    """Raises TooMany if a person's quota of runs is used up; administrators have no quota."""
    if identity.administrator:
        return
    own = sum(run.owner == identity.id for run in engine.runs())
    if own >= most:
        raise TooMany(
            f"You have {own} runs, and a person may have {most} at once",
            hint="Delete runs that you no longer need.",
        )
