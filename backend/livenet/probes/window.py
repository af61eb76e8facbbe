"""Checks a requested window; each fault has its own error."""

from __future__ import annotations

from collections.abc import Sequence

from livenet.errors import OptionError

NARROWEST = 1e-6
FARTHEST = 1e6  # from the origin: beyond, single precision does not separate two cells


def check_window(given: Sequence[float], names: Sequence[str], usual: str) -> None:
    """Raises OptionError if ``given`` is no window [low, high, ...] on axes of these names;
    ``usual`` is the text about the default."""

    def refused(reason: str) -> OptionError:
        return OptionError(f"window is {list(given)}; {reason}", path="options.window", hint=usual)

    ends = [f"{name}_{end}" for name in names for end in ("min", "max")]
    if len(given) != len(ends):
        raise refused(
            f"it has {len(given)} numbers, and here it is the {len(ends)} of [{', '.join(ends)}]"
        )
    for name, value in zip(ends, given, strict=True):
        if not abs(value) < FARTHEST:
            raise refused(f"{name} has to be less than {FARTHEST:,.0f} away from 0")
    for name, low, high in zip(names, given[::2], given[1::2], strict=True):
        if not low < high:
            raise refused(f"{name}_min has to be below {name}_max")
        if not high - low > NARROWEST:
            raise refused(f"{name}_max has to be more than {NARROWEST:g} above {name}_min")
