"""The tree of errors: each with its status and code, and whole on the other side of a pipe."""

import pickle
from collections.abc import Iterator

import pytest

from livenet import errors
from livenet.errors import LivenetError, SpecError, did_you_mean, error_of


def _all(kind: type[LivenetError] = LivenetError) -> Iterator[type[LivenetError]]:
    yield kind
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from _all(below)


KINDS = list(_all())
STATUS = {
    "BadRequest": 422,
    "SpecError": 422,
    "CommandError": 422,
    "OptionError": 422,
    "ProbeUnfit": 422,
    "UnknownRun": 404,
    "UnknownProbe": 404,
    "UnknownStep": 404,
    "WrongState": 409,
    "TooMany": 429,
    "TooLarge": 413,
    "Forbidden": 403,
    "EngineFailure": 503,
}


def test_codes_are_distinct() -> None:
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("kind", KINDS)
def test_the_docstring_draws_every_error_with_its_status(kind: type[LivenetError]) -> None:
    lines = (errors.__doc__ or "").splitlines()
    (line,) = (line for line in lines if line.strip("├└─ ").split()[:1] == [kind.__name__])
    if kind.__name__ in STATUS:
        assert kind.status == STATUS[kind.__name__]
        assert str(kind.status) in line


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_survives_a_pipe(kind: type[LivenetError]) -> None:
    error = kind("what was given", path="model.hidden", hint="what to do")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes, a line ago
    assert type(again) is kind
    assert again.document() == error.document()
    assert str(again) == "what was given"


def test_a_document_says_what_where_and_the_way_out() -> None:
    error = SpecError("lr is -1", path="optimizer.lr", hint="Give at least 0.")
    assert error.document() == {
        "code": "bad_spec",
        "message": "lr is -1",
        "path": "optimizer.lr",
        "hint": "Give at least 0.",
    }


def test_a_close_word_is_suggested() -> None:
    assert did_you_mean("spirl", ["circles", "spiral"]) == "Did you mean 'spiral'?"


def test_without_a_close_word_all_are_listed() -> None:
    assert did_you_mean("q", ["circles", "spiral"]) == "Allowed: circles, spiral."


def test_every_error_comes_back_from_its_document() -> None:
    """Codes tell classes apart."""
    assert len({kind.code for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        made = error_of(kind("m", path="p", hint="h").document())
        assert type(made) is kind
        assert (made.code, made.message, made.path, made.hint) == (kind.code, "m", "p", "h")
    assert type(error_of({"code": "new", "message": "m"})) is LivenetError
