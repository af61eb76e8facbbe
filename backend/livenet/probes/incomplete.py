"""The fact ``incomplete`` of a partial picture: a text that states what is missing."""

from __future__ import annotations

from livenet.probes.context import Context


def incomplete(*sentences: str) -> dict[str, str]:
    """The fact, made of the non-empty sentences; no fact if all are empty."""
    said = [sentence for sentence in sentences if sentence]
    return {"incomplete": " ".join(said)} if said else {}


def late(context: Context, what: str, remedy: str) -> str:
    """Two sentences: the budget ended with ``what`` done, and a remedy."""
    seconds = context.budget.seconds
    length = "a second" if seconds == 1 else f"{seconds:g} seconds"
    return f"{what}: the server gives one picture {length} of processor time. {remedy}"


def first_of(context: Context, done: int, wanted: int, things: str, remedy: str) -> str:
    """States that the budget ended after ``done`` of the things; empty if it did not."""
    if done >= wanted:
        return ""
    return late(context, f"The first {done:,} of {wanted:,} {things}", remedy)


def full(what: str, remedy: str) -> str:
    """Two sentences: only ``what`` fits in an answer, and a remedy."""
    return f"{what}: one answer has no room for more. {remedy}"
