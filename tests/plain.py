"""What every refusal has in common: plain words, and a way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

PYDANTIC = (
    "Input ", "Field required", "Dictionary ", "Tuple ", "List should", "String should",
    "Value error", "Extra inputs", "Unable to", "valid integer", "valid number", "JSON decode",
)  # fmt: skip
NOTHING: Any = object()  # what stands for a field that is left out


def assert_plain(error: Mapping[str, str], at: str = "") -> None:
    """An error's document: no words of a library's, and a hint; its path is ``at`` or below."""
    assert error["path"].startswith(at), (error, at)
    said = f"{error['message']} {error['hint']}"
    assert not [words for words in PYDANTIC if words in said], said
    assert error["message"]
    assert error["hint"], error


def wrong_values(rule: Mapping[str, Any]) -> Iterator[Any]:
    """Values of each wrong type, and just outside a field's bounds; some may be good."""
    yield from (None, True, "x", "1e+30", "", -1, 0.5, 1e30, 10**40, [], ["x"], {}, {"x": 1})
    yield from ("y" * 1000, [1] * 1500, {str(name): 1 for name in range(65)}, NOTHING)
    for one in (rule, *rule.get("anyOf", ())):
        for name, beyond in (("minimum", -1), ("exclusiveMinimum", 0), ("maximum", 1),
                             ("exclusiveMaximum", 0)):  # fmt: skip
            if name in one:
                yield one[name] + beyond
                yield int(one[name]) + beyond
