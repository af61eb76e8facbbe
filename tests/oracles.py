"""Tables of tests by kind: what each kind is compared with."""

from __future__ import annotations

from collections.abc import Iterable


def complete(oracles: Iterable[str], kinds: Iterable[str], place: str) -> None:
    """Every kind has its oracle at the place, and nothing else is there."""
    wanted, there = set(kinds), set(oracles)
    missing, unknown = wanted - there, there - wanted
    assert not missing, f"add {', '.join(sorted(missing))} to {place}"
    assert not unknown, f"take {', '.join(sorted(unknown))} out of {place}: there is no such kind"
