"""Who asks: every browser and every token has an identity, anonymous but lasting.

The access middleware finds out who it is and puts it into the connection's scope; routes and
streams ask here.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from livenet.errors import NotYours
from livenet.store import Run

SCOPE_KEY = "livenet.identity"


@dataclass(frozen=True)
class Identity:
    """Somebody, known by a public ``id``; an administrator's commands are obeyed by every run."""

    id: str
    administrator: bool = False

    def owns(self, run: Run) -> bool:
        """Whether the run obeys this person."""
        return self.administrator or run.owner == self.id

    def must_own(self, run: Run) -> None:
        """Raises NotYours where the run obeys somebody else."""
        if not self.owns(run):
            raise NotYours(
                "This run is somebody else's: you can watch it, and it does not obey you",
                path="id",
                hint="Fork it: the fork is yours.",
            )


LOCAL = Identity("local", administrator=True)  # everybody, on a server for this machine alone


def identity_of(connection: HTTPConnection) -> Identity:
    """Who is behind a request or a socket that the middleware has let in."""
    found: Identity = connection.scope[SCOPE_KEY]
    return found
