"""Options that a probe does not take, in words for the person who gave them."""

from __future__ import annotations

from typing import Any

import pytest

from livenet.errors import OptionError
from livenet.probes.options import KEPT, _kept, options_of
from livenet.probes.sequences.sequence import shown
from livenet.probes.table import PROBES
from tests.plain import NOTHING, assert_plain, wrong_values

REFUSED: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("decode", {"imge": 1}, "imge", "allowed: z, image, point", "Did you mean 'image'?"),
    (
        "decode",
        {"image": "nan"},
        "image",
        "'nan'",
        "Give a whole number of at least 0, or null, without quotes.",
    ),
    ("decode", {"z": [1, "a"]}, "z.1", "'a'", "Give a number, without quotes."),
    ("decode", {"z": "x"}, "z", "'x'", "Give a list, such as [1, 2], or null."),
    ("decode", {"point": [1, 2, 3]}, "point", "at most 2", "Give at most 2 items."),
    ("latents", {"part": "val"}, "part", "allowed: train, test", "Choose one of these."),
    (
        "latents",
        {"images": 0},
        "images",
        "is 0",
        "Give a whole number of at least 1 and at most 1000.",
    ),
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


@pytest.mark.parametrize("probe", PROBES)
def test_every_option_is_refused_in_plain_words(probe: str) -> None:
    rules = PROBES[probe].options.model_json_schema()["properties"]
    for name, rule in {**rules, "colour": {}}.items():
        for value in wrong_values(rule):
            try:
                options_of(probe, {} if value is NOTHING else {name: value})
            except OptionError as error:
                assert_plain(error.document(), f"options.{name}")


@pytest.mark.parametrize(
    ("probe", "option"),
    [
        (probe, name)
        for probe, row in PROBES.items()
        for name in row.options.model_fields
        if name in ("text", "prompt")
    ],
)
def test_what_is_typed_is_written_as_a_pasted_text_is(probe: str, option: str) -> None:
    found = options_of(probe, {option: "\ufeffa\r\nb\re\u0301"})
    assert getattr(found, option) == "a\nb\n\xe9"


def test_a_symbol_that_leaves_no_trace_is_listed_by_its_number() -> None:
    symbols = ("a", " ", "\n", "\u200b", "\xa0", "\u0301", "\x07", "\ue000", "\xe9", "\ufffd")
    assert shown(symbols) == (
        "a", "␣", "↵", "U+200B", "U+00A0", "U+0301", "U+0007", "U+E000", "\xe9", "\ufffd",
    )  # fmt: skip


def test_options_that_were_checked_are_kept() -> None:
    """For the next picture; those that are refused are refused again."""
    for _ in range(2):
        assert options_of("neurons", {"unit": 1}) is options_of("neurons", {"unit": 1})
        assert options_of("decision", {}) != options_of("neurons", {})
        with pytest.raises(OptionError):
            options_of("neurons", {"unit": -1})


def test_kept_options_are_few() -> None:
    for place in range(KEPT + 10):
        options_of("neurons", {"first": [], "unit": place})
        options_of("neurons", {"unit": place})
    assert len(_kept) <= KEPT
