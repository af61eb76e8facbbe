"""Windows that cannot be drawn: each fault in its own words."""

from __future__ import annotations

import pytest

from livenet.errors import OptionError
from livenet.probes.window import check_window

PLANE = ("x", "y")


@pytest.mark.parametrize(
    ("given", "names", "words"),
    [
        ([0, 1e-12, 0, 1e-12], PLANE, "x_max has to be more than 1e-06 above x_min"),
        ([0, 1, 0, 1e-6], PLANE, "y_max has to be more than 1e-06 above y_min"),
        ([1e7, 1e7 + 1, 0, 1], PLANE, "x_min has to be less than 1,000,000 away from 0"),
        ([-1e308, 1e308, 0, 1], PLANE, "x_min has to be less than 1,000,000 away from 0"),
        ([0, 1, 0, -1e6], PLANE, "y_max has to be less than 1,000,000 away from 0"),
        ([1, 2], PLANE, "it has 2 numbers, and here it is the 4 of [x_min, x_max, y_min, y_max]"),
        ([], PLANE, "it has 0 numbers"),
        ([0, 1, 0, 1], ("x",), "it has 4 numbers, and here it is the 2 of [x_min, x_max]"),
        ([2, 1], ("x",), "x_min has to be below x_max"),
        ([1, 1], ("u",), "u_min has to be below u_max"),
        ([float("nan"), 1], ("x",), "x_min has to be less than"),
    ],
)
def test_a_window_that_cannot_be_says_which_limit_it_passes(
    given: list[float], names: tuple[str, ...], words: str
) -> None:
    with pytest.raises(OptionError) as caught:
        check_window(given, names, "The default is -3 to 3.")
    assert words in caught.value.message
    assert caught.value.path == "options.window"
    assert caught.value.hint


def test_a_window_within_its_limits() -> None:
    check_window([-9e5, 9e5, 0, 2e-6], PLANE, "")
