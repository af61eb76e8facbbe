"""The limits on a run's journal: each viewer that connects is sent all of it."""

from __future__ import annotations

from livenet.errors import JournalFull
from livenet.settings import Settings


def check_journal(entries: int, size: int, settings: Settings) -> None:
    """Raises JournalFull for a journal of more entries, or more bytes (of its commands as JSON),
    than the server allows."""
    if entries > settings.max_journal_entries:
        raise _full(
            f"{settings.max_journal_entries:,} changes are the most that a run of this server may "
            "have"
        )
    if size > settings.max_journal_bytes:
        raise _full(
            f"With this change, the changes of this run would have {size:,} bytes; "
            f"{settings.max_journal_bytes:,} are the most on this server"
        )


def _full(message: str) -> JournalFull:
    return JournalFull(
        message,
        hint="Create a new run from the spec in force, or fork this one from an earlier step.",
    )
