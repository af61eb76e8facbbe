"""What a picture says where it is not whole: the fact ``incomplete``, in plain words."""

from __future__ import annotations

from livenet.probes.context import Context


def incomplete(*sentences: str) -> dict[str, str]:
    """The fact, of those of the sentences that are not empty; no fact where there is none."""
    said = [sentence for sentence in sentences if sentence]
    return {"incomplete": " ".join(said)} if said else {}


def late(context: Context, what: str, remedy: str) -> str:
    """That the budget ended with ``what`` done, and what to do: two sentences."""
    seconds = context.budget.seconds
    length = "a second" if seconds == 1 else f"{seconds:g} seconds"
    return f"{what}: the server gives one picture {length} of processor time. {remedy}"


def first_of(context: Context, done: int, wanted: int, things: str, remedy: str) -> str:
    """That the budget ended after so many of the things; empty where it did not."""
    if done >= wanted:
        return ""
    return late(context, f"The first {done:,} of {wanted:,} {things}", remedy)


def full(what: str, remedy: str) -> str:
    """That an answer has room for ``what`` alone, and what to do: two sentences."""
    return f"{what}: one answer has no room for more. {remedy}"
