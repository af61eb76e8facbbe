"""What a request's body may contain, for the server and for those who read its schema."""

from __future__ import annotations

import re
import sys
from typing import Any
from unicodedata import category

import httpx2 as httpx
import pytest
from pydantic import TypeAdapter, ValidationError

from livenet.api.routes.bodies import RunName, RunTag
from tests.server import MakeRun

NAME: TypeAdapter[str] = TypeAdapter(RunName)
TAG: TypeAdapter[str] = TypeAdapter(RunTag)


def accepted(kind: TypeAdapter[str], text: str) -> bool:
    try:
        kind.validate_python(text)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("kind", [NAME, TAG])
def test_the_schema_says_the_same(kind: TypeAdapter[str]) -> None:
    """A generated client reads the pattern as its language does: here as Python does."""
    pattern = re.compile(kind.json_schema()["pattern"])
    differing = [
        hex(code)
        for code in range(0x10000)
        if not 0xD800 <= code < 0xE000
        if accepted(kind, chr(code)) != bool(pattern.search(chr(code)))
    ]
    # Python's $ is also before a line break at the end.
    assert differing in ([], [hex(ord("\n"))])


@pytest.mark.parametrize("kind", [NAME, TAG])
@pytest.mark.parametrize("place", ["{}", "a{}", "{}a", "a{}a"])
def test_what_neither_has(kind: TypeAdapter[str], place: str) -> None:
    """Control characters, line breaks, and what turns the text after it around."""
    refused = [chr(n) for n in range(sys.maxunicode) if category(chr(n)) in ("Cc", "Zl", "Zp")]
    for symbol in (*refused, *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"):
        assert not accepted(kind, place.format(symbol)), hex(ord(symbol))
    # Languages that are written from the right, and joined emoji, need these.
    assert accepted(kind, "ش\u200cش \u05d0\u200f1 👩\u200d💻")


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("", "is blank"),
        (" a", "begins or ends with white space"),
        ("a ", "begins or ends with white space"),
        ("\ufeffa", "begins or ends with white space"),
        ("a,b", "has a comma, and a tag has none"),
        (",", "has a comma"),
        ("a\x85", "it has the control character U+0085"),
        ("a" * 65, "it has 65 characters; a tag has at most 64"),
    ],
)
def test_what_is_no_tag(tag: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TAG.validate_python(tag)
    assert said in refused.value.errors()[0]["msg"]


@pytest.mark.parametrize("tag", ["a", "two words", "ü", "深", "a" * 64, "#1"])
def test_what_is_a_tag(tag: str) -> None:
    assert accepted(TAG, tag)


@pytest.mark.parametrize("name", [" ", "\u3000", "\u200b", "\xa0 ", "a" * 121])
def test_what_is_no_name(name: str) -> None:
    assert not accepted(NAME, name)


@pytest.mark.parametrize("name", ["", "a, b", " a ", "深", "a" * 120])
def test_what_is_a_name(name: str) -> None:
    assert accepted(NAME, name)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "  ", "name: it is blank"),
        ("name", "a\0b", "name: it has the control character U+0000"),
        ("name", "\u202egnp", "name: it has the control character U+202E"),
        ("tags", ["a", "a,b"], "tags.1: 'a,b' has a comma, and a tag has none"),
        ("tags", ["a\n"], "tags.0: it has the control character U+000A"),
    ],
)
def test_every_call_that_names_refuses(
    http: httpx.Client, make_run: MakeRun, field: str, value: Any, said: str
) -> None:
    run = f"/api/runs/{make_run()}"
    for method, path, rest in (
        ("POST", "/api/runs", {}),
        ("POST", f"{run}/forks", {}),
        ("POST", "/api/groups", {"spec": {"training": {"steps": 1}}}),
        ("PATCH", run, {}),
    ):
        answer = http.request(method, path, json=rest | {field: value})
        error = answer.json()["error"]
        assert (answer.status_code, error["path"].split(".")[0]) == (422, field), answer.text
        assert error["message"] == said
        assert error["hint"]
    empty = http.patch(run, json={"name": ""})
    assert empty.status_code == 422
