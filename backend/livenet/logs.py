"""Logs to standard error, one event per line, without tokens.

Events are text on a terminal, else JSON; ``LIVENET_LOG=json`` or ``text`` sets the form. Worker
processes inherit both the stream and the setting.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, TextIO
from urllib.parse import quote, quote_plus

from livenet.errors import LivenetError

Form = Literal["json", "text"]
FORMS: tuple[Form, ...] = ("json", "text")
SECRETS = ("LIVENET_TOKEN", "LIVENET_ADMIN_TOKEN")
HIDDEN = "***"

_run: ContextVar[str] = ContextVar("livenet_run", default="")
# Any client can cause these at any rate, so they are not logged.
_STRANGERS = frozenset(
    {
        "Invalid HTTP request received.",
        "Unsupported upgrade request.",
        "Invalid UTF-8 sequence received from client.",
    }
)
_END = r"[^\s\"'<>]+"
_NAMED = (
    # token=…, "token": "…", admin_token%3D…, LIVENET_TOKEN=…
    re.compile(rf"(?i)(token(?:(?:[\"']?\s*[=:]|[\"']\s*,)\s*[bu]?[\"']?|%3d)){_END}"),
    re.compile(rf"(?i)(bearer(?:\s+|%20|\+)){_END}"),
    # The server's own cookie, by its name, and the value of any Cookie header.
    re.compile(rf"(livenet[a-z0-9_-]*(?:=|%3d)){_END}"),
    re.compile(r"(?i)(cookie(?:[\"']?\s*:|[\"']\s*,)\s*[bu]?[\"']?)[^\"'\r\n]+"),
)


class Redaction:
    """Removes tokens from text: known ones anywhere, others by the text before them."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known: tuple[str, ...] = ()
        for secret in secrets:
            self.hide(secret)

    def hide(self, secret: str) -> None:
        """Removes this secret from now on, in any encoding."""
        if not secret:
            return
        written = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
        written |= {repr(secret)[1:-1], json.dumps(secret)[1:-1]}
        # The longest first, because one may be a part of another.
        self._known = tuple(sorted({*self._known, *written}, key=len, reverse=True))

    def __call__(self, text: str) -> str:
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        for pattern in _NAMED:
            text = pattern.sub(rf"\g<1>{HIDDEN}", text)
        return text


redaction = Redaction(os.environ.get(name, "") for name in SECRETS)


class about:
    """Marks all log records of the body of a ``with`` with this run. A generator would take three
    times as long."""

    __slots__ = ("_before", "_run")

    def __init__(self, run: str) -> None:
        self._run = run

    def __enter__(self) -> None:
        self._before = _run.set(self._run)

    def __exit__(self, *error: object) -> None:
        _run.reset(self._before)


class Lines(logging.Formatter):
    """Formats a record as one line of JSON or text."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": f"{record.processName}:{record.process}",
        }
        if run := getattr(record, "run", "") or _run.get():
            event["run"] = str(run)
        if record.exc_info:
            event["exception"] = self.formatException(record.exc_info)
        event = {name: redaction(value) for name, value in event.items()}
        if self.form == "json":
            return json.dumps(event)
        about = f" [run {event['run']}]" if "run" in event else ""
        line = f"{event['time'][11:19]} {event['level']}{about} {event['logger']}: "
        line += event["message"]
        return f"{line}\n{event['exception']}" if "exception" in event else line


def chosen(stream: TextIO) -> Form:
    """The form from the environment, or by default that for the stream. Raises LivenetError."""
    wanted = os.environ.get("LIVENET_LOG", "")
    for form in FORMS:
        if wanted == form:
            return form
    if wanted:
        raise LivenetError(
            f"LIVENET_LOG is {wanted!r}", path="LIVENET_LOG", hint="Set it to json or to text."
        )
    return "text" if stream.isatty() else "json"


def configure(stream: TextIO | None = None) -> None:
    """Sends all log records, warnings and uncaught exceptions of this process to standard error.

    Raises LivenetError if ``LIVENET_LOG`` is invalid.
    """
    target = stream or sys.stderr
    handler = logging.StreamHandler(target)
    handler.setFormatter(Lines(chosen(target)))
    handler.addFilter(_worth_a_line)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("livenet").setLevel(logging.INFO)
    logging.captureWarnings(True)
    sys.excepthook = _died
    threading.excepthook = _thread_died


def _worth_a_line(record: logging.LogRecord) -> bool:
    return record.name != "uvicorn.error" or record.msg not in _STRANGERS


def _died(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    log = logging.getLogger("livenet")
    if isinstance(error, LivenetError):  # its message suffices, without a traceback
        log.critical("%s. %s", error.message, error.hint)
    elif isinstance(error, KeyboardInterrupt):
        log.critical("interrupted")
    else:
        log.critical("unforeseen error", exc_info=(kind, error, traceback))


def _thread_died(args: threading.ExceptHookArgs) -> None:
    error = args.exc_value or args.exc_type()
    name = args.thread.name if args.thread else "?"
    where = (args.exc_type, error, args.exc_traceback)
    logging.getLogger("livenet").error("unforeseen error in thread %s", name, exc_info=where)
