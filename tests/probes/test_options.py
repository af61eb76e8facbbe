"""Options that a probe does not take, in words for the person who gave them."""

from __future__ import annotations

from typing import Any

import pytest

from livenet.errors import OptionError
from livenet.probes.options import options_of

REFUSED: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("decode", {"imge": 1}, "imge", "allowed: z, image, point", "Did you mean 'image'?"),
    ("decode", {"image": "nan"}, "image", "'nan'", "Give a whole number, without quotes."),
    ("decode", {"z": [1, "a"]}, "z.1", "'a'", "Give a number, without quotes."),
    ("decode", {"z": "x"}, "z", "'x'", "Give a list, such as [1, 2]."),
    ("decode", {"point": [1, 2, 3]}, "point", "at most 2", "Give a shorter list."),
    ("latents", {"part": "val"}, "part", "allowed: train, test", "Allowed: train, test."),
    ("latents", {"images": 0}, "images", "is 0", "Give at least 1."),
    ("latents", {"ellipses": "maybe"}, "ellipses", "'maybe'", "Give true or false."),
]


@pytest.mark.parametrize(("probe", "given", "name", "message", "hint"), REFUSED)
def test_what_was_given_what_is_allowed_and_how_to_put_it_right(
    probe: str, given: dict[str, Any], name: str, message: str, hint: str
) -> None:
    with pytest.raises(OptionError) as caught:
        options_of(probe, given)
    assert caught.value.path == f"options.{name}"
    assert f"options.{name} is " in str(caught.value)
    assert message in str(caught.value)
    assert caught.value.hint == hint
