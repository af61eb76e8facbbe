"""A new token, for a class or for its lecturer."""

from __future__ import annotations

import secrets

TOKEN_BYTES = 24


def new_token() -> str:
    """An unguessable token of letters, digits, - and _."""
    return secrets.token_urlsafe(TOKEN_BYTES)
