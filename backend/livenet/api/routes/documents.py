"""Answers as the OpenAPI page shows them: refusals by status, and the server's own health.

The documents of runs and specs are in livenet.wire.documents.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from livenet.wire.documents import Document, Problem

Responses = dict[int | str, dict[str, Any]]


class Refusal(Document):
    """Every answer that is not a success."""

    error: Problem


class HealthDocument(BaseModel):
    """Whether the server can train, and what its engine says of itself."""

    status: Literal["ok", "starting", "failing", "stopping"]
    version: str
    engine: str
    workers: int
    ready: bool


REFUSALS = {
    401: "no token, or not one of this server's",
    403: "a Host or an Origin that is not this server's, or a run of somebody else's",
    404: "no such run, probe or step",
    409: "a command that the run's state does not allow; the message says which states do",
    413: "a body over the limit, or one without its length",
    422: "a spec, a command or an option that cannot be",
    429: "over a limit",
    503: "the server cannot do it now: no worker is there, or it is stopping",
}
AGAIN = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}}}


def refusals(*statuses: int) -> Responses:
    """The answers, by status, of a call that refuses with these."""
    return {
        status: {"model": Refusal, "description": REFUSALS[status]}
        | ({"headers": AGAIN} if status in (429, 503) else {})
        for status in statuses
    }


EVERYWHERE = refusals(401, 403, 413, 422, 429, 503)


def inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON Schema without references, for a place without definitions."""
    definitions = schema.get("$defs", {})

    def inline(value: Any) -> Any:
        if isinstance(value, list):
            return [inline(one) for one in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return inline(definitions[value["$ref"].removeprefix("#/$defs/")])
        return {name: inline(one) for name, one in value.items() if name != "discriminator"}

    found: dict[str, Any] = inline(
        {name: value for name, value in schema.items() if name != "$defs"}
    )
    return found
