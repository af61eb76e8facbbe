"""All errors that are reported to users, as one tree.

LivenetError                    code, message, path, hint, HTTP status
├── BadRequest            422   an invalid body or query
├── SpecError             422   an invalid spec field
├── CommandError          422   an invalid command
├── OptionError           422   an invalid option of a probe
├── ProbeUnfit            422   a probe on a model or data set that it does not fit
├── UnknownRun            404   no such run
├── UnknownGroup          404   no such group of runs
├── UnknownProbe          404   no such probe
├── UnknownStep           404   a step that the run has not reached
├── WrongState            409   a command that the run's state does not allow
├── JournalFull           409   a change beyond a run's limit of changes
├── TooMany               429   over a limit of the server
├── TooLarge              413   a request's body or a file over its limit
├── Unauthorized          401   no token, or an invalid one
├── Forbidden             403   a Host or Origin that is not this server's
├── NotYours              403   a command for a run of another identity
├── Diverged                    a loss or gradient that is no longer finite (pauses the run)
├── Unwatched                   an endless run without watchers (pauses it)
├── StoreFailure          503   a disk that cannot be written to (pauses running runs in time)
├── SeriesFull                  a series at its limit of rows (pauses the run)
├── Intervention                a run that an administrator has paused or stopped
├── ProbeFailed           500   a picture that failed by an internal error, not tried again
└── EngineFailure         503   a worker that has ended or does not reply
    └── OutOfMemory       503   a run that does not fit into its worker's memory

Each states what was given, what is allowed and how to correct it. ``path`` is the field's path in
the spec (``model.hidden``), so that the page can show the message at the control.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, ClassVar


class LivenetError(Exception):
    """An error that is reported to the user who caused it."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, path: str = "", hint: str = "") -> None:
        self.message = _sound(message, 600)
        self.path = _sound(path, 200)
        self.hint = _sound(hint, 600)
        super().__init__(self.message)

    def document(self) -> dict[str, str]:
        """The value of ``error`` in a response."""
        return {"code": self.code, "message": self.message, "path": self.path, "hint": self.hint}

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, self.path, self.hint)


def _sound(text: str, most: int) -> str:
    """A text that may quote user input: no unpaired surrogates, and at most ``most`` characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole if len(whole) <= most else whole[: most - 1] + "…"


def _rebuild(kind: type[LivenetError], message: str, path: str, hint: str) -> LivenetError:
    return kind(message, path=path, hint=hint)


class BadRequest(LivenetError):
    status = 422
    code = "bad_request"


class SpecError(LivenetError):
    status = 422
    code = "bad_spec"


class CommandError(LivenetError):
    status = 422
    code = "bad_command"


class OptionError(LivenetError):
    status = 422
    code = "bad_option"


class ProbeUnfit(LivenetError):
    status = 422
    code = "probe_unfit"


class UnknownRun(LivenetError):
    status = 404
    code = "unknown_run"


class UnknownGroup(LivenetError):
    status = 404
    code = "unknown_group"


class UnknownProbe(LivenetError):
    status = 404
    code = "unknown_probe"


class UnknownStep(LivenetError):
    status = 404
    code = "unknown_step"


class WrongState(LivenetError):
    status = 409
    code = "wrong_state"


class JournalFull(LivenetError):
    status = 409
    code = "journal_full"


class TooMany(LivenetError):
    status = 429
    code = "too_many"


class TooLarge(LivenetError):
    status = 413
    code = "too_large"


class Unauthorized(LivenetError):
    status = 401
    code = "unauthorized"


class Forbidden(LivenetError):
    status = 403
    code = "forbidden"


class NotYours(LivenetError):
    status = 403
    code = "not_yours"


class Diverged(LivenetError):
    code = "diverged"


class Unwatched(LivenetError):
    code = "unwatched"


class StoreFailure(LivenetError):
    status = 503
    code = "store_failure"


class SeriesFull(LivenetError):
    code = "series_full"


class Intervention(LivenetError):
    code = "intervention"


class ProbeFailed(LivenetError):
    status = 500
    code = "probe_failed"


class EngineFailure(LivenetError):
    status = 503
    code = "engine_failure"


class OutOfMemory(EngineFailure):
    code = "out_of_memory"


LONGEST_WORD = 64  # characters: longer input is not compared with the allowed words


def _tree(kind: type[LivenetError]) -> Iterator[type[LivenetError]]:
    yield kind
    for part in kind.__subclasses__():
        yield from _tree(part)


BY_CODE: dict[str, type[LivenetError]] = {kind.code: kind for kind in _tree(LivenetError)}


def error_of(document: Mapping[str, object]) -> LivenetError:
    """The exception of an ``error`` document; a LivenetError if its code is unknown."""
    kind = BY_CODE.get(str(document.get("code")), LivenetError)
    return kind(
        str(document.get("message", "The server gave no reason")),
        path=str(document.get("path", "")),
        hint=str(document.get("hint", "")),
    )


CHOOSE = "Choose one of these."


def did_you_mean(given: object, allowed: Iterable[str], otherwise: str | None = None) -> str:
    """A hint that names the closest allowed word.

    If none is close, it is ``otherwise``, for a message that lists the allowed words; by default
    the hint lists them.
    """
    words = list(allowed)
    # A longer input is not a mistyped word, and the comparison is quadratic in the length.
    if isinstance(given, str) and len(given) <= LONGEST_WORD:
        close = get_close_matches(given, words, n=1)
    else:
        close = []
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Allowed: {', '.join(words)}." if otherwise is None else otherwise
