"""One event a line, for a program or for a person, and never with a token."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from livenet import logs
from livenet.errors import LivenetError

# What tokens and cookies are made of, long enough not to be found in a word by chance.
SECRETS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~", min_size=16)
AROUND = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
PLACES = (
    "/?token={}",
    "GET /api/runs?after=3&token={}&x=1",
    "LIVENET_TOKEN={}",
    'LIVENET_ADMIN_TOKEN="{}"',
    "admin_token%3D{}",
    '{{"token": "{}"}}',
    "{{'token': b'{}'}}",
    "Authorization: Bearer {}",
    "(b'authorization', b'Bearer {}')",
    "authorization: bearer  {}",
    "Cookie: theme=dark; livenet_8000={}; other=1",
    "(b'cookie', b'livenet-8000={}')",
    "Set-Cookie: livenet_8000={}; HttpOnly; SameSite=Lax",
    "__Host-livenet_443={}",
)


@pytest.fixture
def restored() -> Iterator[None]:
    """Logging as it was before the test."""
    root, ours = logging.getLogger(), logging.getLogger("livenet")
    before = (list(root.handlers), root.level, ours.level, sys.excepthook)
    yield
    root.handlers[:], level, own, sys.excepthook = before
    root.setLevel(level)
    ours.setLevel(own)
    logging.captureWarnings(False)


@pytest.fixture
def stream(restored: None, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What has been logged."""
    monkeypatch.delenv("LIVENET_LOG", raising=False)
    made = io.StringIO()
    logs.configure(made)
    return made


def events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_of_json(stream: io.StringIO) -> None:
    logging.getLogger("livenet.engine").warning("worker %d is gone\nfor good", 7)
    logging.getLogger("uvicorn.error").error("what uvicorn says")
    first, second = events(stream)
    assert first["message"] == "worker 7 is gone\nfor good"
    assert (first["level"], first["logger"]) == ("warning", "livenet.engine")
    assert first["time"].endswith("+00:00")
    assert "run" not in first
    assert "exception" not in first
    assert second["level"] == "error"


def test_what_others_say_by_the_way_is_left_out(stream: io.StringIO) -> None:
    logging.getLogger("livenet").info("ours")
    logging.getLogger("asyncio").info("theirs")
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    assert [one["message"] for one in events(stream)] == ["ours"]


def test_the_run_concerned(stream: io.StringIO) -> None:
    log = logging.getLogger("livenet")
    with logs.about("abc"):
        log.warning("inside")
        log.warning("of another", extra={"run": "def"})
    log.warning("outside")
    assert [one.get("run") for one in events(stream)] == ["abc", "def", None]


def test_exceptions_and_warnings(stream: io.StringIO) -> None:
    try:
        raise ValueError("token=abcdefghijklmnop")
    except ValueError:
        logging.getLogger("livenet").exception("it went wrong")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("that is old", DeprecationWarning, stacklevel=1)
    first, second = events(stream)
    assert "ValueError: token=***" in first["exception"]
    assert "test_logs.py" in first["exception"]
    assert "that is old" in second["message"]


def test_text_for_a_person(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, restored: None
) -> None:
    monkeypatch.setenv("LIVENET_LOG", "text")
    readable = io.StringIO()
    logs.configure(readable)
    with logs.about("abc"):
        logging.getLogger("livenet.engine").warning("it is late")
    assert readable.getvalue().endswith(" warning [run abc] livenet.engine: it is late\n")
    assert stream.getvalue() == ""


def test_a_form_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVENET_LOG", "yaml")
    with pytest.raises(LivenetError, match="yaml") as caught:
        logs.configure(io.StringIO())
    assert "json" in caught.value.hint


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIVENET_LOG", raising=False)
    assert (logs.chosen(Terminal()), logs.chosen(io.StringIO())) == ("text", "json")
    monkeypatch.setenv("LIVENET_LOG", "json")
    assert logs.chosen(Terminal()) == "json"


@given(place=st.sampled_from(PLACES), secret=SECRETS, before=AROUND, after=AROUND)
def test_no_token_by_what_stands_before_it(
    place: str, secret: str, before: str, after: str
) -> None:
    assume(secret not in before + after)  # there, nothing says what it is
    said = logs.redaction(f"{before} {place.format(secret)} {after}")
    assert secret not in said
    assert logs.HIDDEN in said


@given(
    secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=16),
    before=AROUND,
    after=AROUND,
    form=st.sampled_from(logs.FORMS),
    error=st.booleans(),
)
def test_no_known_token_anywhere(
    secret: str, before: str, after: str, form: logs.Form, error: bool
) -> None:
    """However it is written: in an address, in a repr, in JSON, in a traceback."""
    written = (secret, quote(secret, safe=""), repr(secret), json.dumps(secret))
    message = f"{before}{'|'.join(written)}{after}"
    record = logging.makeLogRecord({"name": "x", "msg": "%s", "args": (message,), "run": secret})
    if error:
        failure = ValueError(secret)
        record.exc_info = (ValueError, failure, None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logs, "redaction", logs.Redaction([secret]))
        line = logs.Lines(form).format(record)
    for one in (*written[:2], repr(secret)[1:-1], json.dumps(secret)[1:-1]):
        assert one not in line
    if form == "json":
        assert logs.HIDDEN in json.loads(line)["run"]


def test_ordinary_words_stay() -> None:
    for words in (
        "a token is missing",
        "LIVENET_TOKEN and LIVENET_ADMIN_TOKEN are the same",
        "livenet.engine: worker 7 is gone",
        "the cookie is old",
    ):
        assert logs.redaction(words) == words


def test_the_environment_names_what_is_hidden() -> None:
    """As in a worker, which inherits it; and whoever dies says so in the same way."""
    program = (
        "import sys, threading, logging\n"
        "from livenet import logs\n"
        "from livenet.errors import LivenetError\n"
        "logs.configure()\n"
        "def fail(): raise ValueError('in a thread, with so-very-secret-1234')\n"
        "thread = threading.Thread(target=fail); thread.start(); thread.join()\n"
        "if sys.argv[1] == 'ours': raise LivenetError('It cannot', hint='Do that.')\n"
        "raise RuntimeError('so-very-secret-1234')\n"
    )
    for kind in ("ours", "unforeseen"):
        done = subprocess.run(
            [sys.executable, "-c", program, kind],
            capture_output=True,
            text=True,
            timeout=60,
            env={"LIVENET_TOKEN": "so-very-secret-1234"},
        )
        assert done.returncode == 1
        assert "so-very-secret-1234" not in done.stderr
        thread, end = map(json.loads, done.stderr.splitlines())
        assert "in a thread" in thread["exception"]
        assert end["level"] == "critical"
        if kind == "ours":
            assert end["message"] == "It cannot. Do that."
        else:
            assert "RuntimeError" in end["exception"]
