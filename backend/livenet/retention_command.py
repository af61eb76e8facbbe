"""``livenet retention``, ``pin`` and ``unpin``: until when a server keeps a run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from livenet.client import Client, Retention
from livenet.errors import LivenetError


def retention(run: str, url: str) -> Retention:
    """Until when the run is kept. Raises the LivenetError that the server answers."""
    with _client(url) as client:
        return client.retention(run)


def pin(run: str, url: str, pinned: bool) -> Retention:
    """Pins or unpins the run; returns until when it is kept then.

    Raises the LivenetError that the server answers.
    """
    with _client(url) as client:
        client.find(run).pin(pinned)
        return client.retention(run)


def describe(run: str, found: Retention) -> str:
    """Until when a run is kept, in words, with the time of this machine's time zone."""
    if found["expires_at"] is None:
        return f"{run} is pinned: the server keeps it until somebody deletes it."
    time = datetime.fromtimestamp(found["expires_at"], UTC).astimezone()
    words = f"{run} is deleted at {time:%Y-%m-%d %H:%M %Z}, unless it is used before."
    if found["max_runs"] is None or found["max_bytes"] is None:
        return words
    return (
        f"{words} Of an owner with more than {found['max_runs']:,} runs or "
        f"{found['max_bytes'] / 2**20:,.0f} MiB, those unused for longest are deleted earlier."
    )


@contextmanager
def _client(url: str) -> Iterator[Client]:
    """A client with the token of the link, or else with that of the environment."""
    token = None if "token=" in url else os.environ.get("LIVENET_ADMIN_TOKEN")
    try:
        with Client(url, token) as client:
            yield client
    except TimeoutError as error:
        raise LivenetError(str(error)) from error
