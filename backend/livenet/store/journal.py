"""A run's journal in memory: its entries, and a version that counts their changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import overload

from livenet.wire.journal import Entry


class Journal(Sequence[Entry]):
    """Entries in order of their steps.

    A new entry is added at the end, or takes the place of the last one. Each is a new version, so
    the entries that are newer than a version are always the last ones. Versions are not stored: a
    journal that is read from the store begins with as many as it has entries.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = list(entries)
        self._versions = list(range(1, len(self._entries) + 1))
        self.version = len(self._entries)
        self.size = sum(entry.size for entry in self._entries)
        """Bytes of all commands as JSON."""

    def __repr__(self) -> str:
        return f"Journal({self._entries!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Journal) and self._entries == other._entries

    __hash__ = None  # type: ignore[assignment]  # it can change

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        return self._entries[index]

    def add(self, entry: Entry) -> None:
        """Appends an entry."""
        self._entries.append(entry)
        self._versions.append(0)
        self._changed(entry.size)

    def replace_last(self, entry: Entry) -> None:
        """Puts an entry in the place of the last one."""
        before = self._entries[-1].size
        self._entries[-1] = entry
        self._changed(entry.size - before)

    def _changed(self, bytes_more: int) -> None:
        self.version += 1
        self._versions[-1] = self.version
        self.size += bytes_more

    def until(self, step: int) -> Sequence[Entry]:
        """The entries up to a step, included."""
        return self._entries[: self._count(step)]

    def version_at(self, step: int) -> int:
        """The version of the entries up to a step, included; 0 if there are none. It changes only
        with them."""
        count = self._count(step)
        return self._versions[count - 1] if count else 0

    def newer_than(self, version: int) -> int:
        """The index of the first entry that is newer than a version; the length if none is."""
        return bisect_right(self._versions, version)

    def _count(self, step: int) -> int:
        return bisect_right(self._entries, step, key=lambda entry: entry.step)
