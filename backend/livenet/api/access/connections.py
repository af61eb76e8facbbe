"""Counts open streams or requests in progress, in total and by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from livenet.api.access.identity import Identity
from livenet.errors import TooMany


class Connections:
    """Counts open connections; one is open as long as the block that opened it runs.

    ``what`` names them in the error about too many.
    """

    def __init__(self, most: int, most_a_person: int, what: str = "open streams") -> None:
        self.what = what
        self.most = most
        self.most_a_person = most_a_person
        self.total = 0
        self._by_person: Counter[str] = Counter()

    @contextmanager
    def opened(self, identity: Identity) -> Iterator[None]:
        """Opens one for a person. Raises TooMany before it is counted."""
        if self.total >= self.most:
            raise TooMany(
                f"This server has {self.most} {self.what}, which is its limit",
                hint="Wait until one of them has ended.",
            )
        if not identity.administrator and self.of(identity) >= self.most_a_person:
            raise TooMany(
                f"You have {self.most_a_person} {self.what}, which is the most for one person",
                hint="End one first: a tab, or a script. Scripts are one person where they share a "
                "token and have no Livenet-Identity.",
            )
        self.total += 1
        self._by_person[identity.id] += 1
        try:
            yield
        finally:
            self.total -= 1
            self._by_person[identity.id] -= 1
            if not self._by_person[identity.id]:
                del self._by_person[identity.id]

    def of(self, identity: Identity) -> int:
        """The number that one person has open."""
        return self._by_person[identity.id]  # reading a Counter adds no key
