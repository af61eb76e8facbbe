"""How many runs a person may have at once: a class sits behind one address, so by identity."""

from __future__ import annotations

from livenet.api.access.identity import Identity
from livenet.engine.base import Engine
from livenet.errors import TooMany


def check_quota(identity: Identity, engine: Engine, most: int) -> None:
    """Raises TooMany where somebody has as many runs as they may; an administrator always may."""
    if identity.administrator:
        return
    own = sum(run.owner == identity.id for run in engine.runs())
    if own >= most:
        raise TooMany(
            f"You have {own} runs, and a person may have {most} at once",
            hint="Delete runs of yours that you do not need.",
        )
