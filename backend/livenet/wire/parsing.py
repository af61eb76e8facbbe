"""Parses commands of REST and of the stream, and the stream's other messages.

The names of both are read from the unions of livenet.wire.messages: a command that is added there
is known to REST, to the stream and to the error messages.
"""

from __future__ import annotations

from typing import Any, get_args

from pydantic import ValidationError

from livenet.errors import CommandError, did_you_mean
from livenet.spec.base import members
from livenet.spec.refusal import refusal
from livenet.spec.size import check_size
from livenet.wire.messages import COMMAND, INBOUND, Command, Inbound, Message


def _names(union: Any) -> tuple[str, ...]:
    return tuple(get_args(one.model_fields["kind"].annotation)[0] for one in members(union))


COMMANDS = _names(Command)
STREAM_KINDS = tuple(name for name in _names(Inbound) if name not in COMMANDS)


def parse_command(body: object) -> Message:
    """The command of a JSON value. Raises CommandError."""
    check_size(body, CommandError)  # pydantic would report an error for each of 20,000 edits
    try:
        found: Message = COMMAND.validate_python(body)
    except ValidationError as error:
        raise refusal(error, COMMAND, raised=CommandError, whole="The command") from error
    return found


def parse_message(body: object) -> Message:
    """The message of a JSON value. Raises CommandError."""
    kind = body.get("kind") if isinstance(body, dict) else None
    if kind in COMMANDS:
        return parse_command(body)
    if kind not in STREAM_KINDS:
        raise CommandError(
            f"There is no message {kind!r:.40}",
            path="kind",
            hint=did_you_mean(kind, (*STREAM_KINDS, *COMMANDS)),
        )
    try:
        found: Message = INBOUND.validate_python(body)
    except ValidationError as error:
        raise refusal(error, INBOUND, raised=CommandError, whole="The message") from error
    return found
