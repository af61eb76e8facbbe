"""The ids of runs and groups."""

from __future__ import annotations

from secrets import token_urlsafe

RANDOM_BYTES = 9


def new_id() -> str:
    """A random id of 12 characters that are safe in an address. It does not begin with a hyphen,
    which a command line would take for an option."""
    while (made := token_urlsafe(RANDOM_BYTES)).startswith("-"):
        pass
    return made
