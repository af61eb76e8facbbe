"""Identities: every browser and every token has one, anonymous but lasting.

The access middleware determines the identity and puts it into the connection's scope; routes and
streams read it here.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from livenet.errors import NotYours
from livenet.store import Run

SCOPE_KEY = "livenet.identity"


@dataclass(frozen=True)
class Identity:
    """A user with a public ``id``; an administrator may command every run."""

    id: str
    administrator: bool = False

    def owns(self, run: Run) -> bool:
        """Whether this user may command the run."""
        return self.administrator or run.owner == self.id

    def require_owner(self, run: Run) -> None:
        """Raises NotYours if only other users may command the run."""
        if not self.owns(run):
            raise NotYours(
                "This run belongs to another browser or script: you can only watch it",
                path="id",
                hint="Fork it: the fork belongs to you.",
            )


LOCAL = Identity("local", administrator=True)  # all clients, on a server for this machine alone


def identity_of(connection: HTTPConnection) -> Identity:
    """The identity of a request or a socket that the middleware has admitted."""
    found: Identity = connection.scope[SCOPE_KEY]
    return found
