"""Which units of a large layer a picture shows."""

from __future__ import annotations

from collections.abc import Sequence

from livenet.errors import OptionError


def shown_units(first: Sequence[int], count: int) -> str:
    """A text that states which units of each layer are shown, if not all fit."""
    return (
        f"{count} units of each layer" if any(first) else f"The first {count} units of each layer"
    )


def first_units(given: Sequence[int], widths: Sequence[int]) -> tuple[int, ...]:
    """The first shown unit of each layer, by default 0. Raises OptionError."""
    if len(given) > len(widths):
        raise OptionError(
            f"options.first has {len(given)} numbers, and the net {len(widths)} layers",
            path="options.first",
            hint=f"Give {len(widths)} numbers at most, the input features' first.",
        )
    for layer, (first, width) in enumerate(zip(given, widths, strict=False)):
        if first >= width:
            raise OptionError(
                f"There is no unit {first} in layer {layer}",
                path=f"options.first.{layer}",
                hint=f"0 to {width - 1}.",
            )
    return (*given, *(0 for _ in widths[len(given) :]))
