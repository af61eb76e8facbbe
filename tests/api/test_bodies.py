"""What a request's body may contain, for the server and for those who read its schema."""

from __future__ import annotations

import re

import pytest
from pydantic import TypeAdapter, ValidationError

from livenet.api.routes.bodies import RunTag

TAG: TypeAdapter[str] = TypeAdapter(RunTag)


def accepted(tag: str) -> bool:
    try:
        TAG.validate_python(tag)
    except ValidationError:
        return False
    return True


def test_a_tag_is_the_same_in_all_dialects() -> None:
    """The server reads the pattern as Rust does, and a generated client as its language does: here
    as Python does, which takes other characters for white space."""
    pattern = re.compile(TAG.json_schema()["pattern"])
    differing = [
        hex(code)
        for code in range(0x10000)
        if not 0xD800 <= code < 0xE000
        if accepted(chr(code)) != bool(pattern.search(chr(code)))
    ]
    # Python's $ is also before a line break at the end.
    assert differing in ([], [hex(ord("\n"))])


@pytest.mark.parametrize("tag", ["", " a", "a ", "a,b", ",", "a\x85", "\ufeffa", "a" * 65])
def test_what_is_no_tag(tag: str) -> None:
    assert not accepted(tag)


@pytest.mark.parametrize("tag", ["a", "two words", "ü", "深", "a" * 64, "#1"])
def test_what_is_a_tag(tag: str) -> None:
    assert accepted(tag)
