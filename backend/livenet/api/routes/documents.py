"""Responses as the OpenAPI page shows them: errors by status, and the server's health.

The documents of runs and specs are in livenet.wire.documents.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from livenet.wire.documents import Document, Problem

Responses = dict[int | str, dict[str, Any]]


class Refusal(Document):
    """An error response."""

    error: Problem


class HealthDocument(BaseModel):
    """Whether the server can train, and its engine's own report."""

    status: Literal["ok", "starting", "failing", "stopping"]
    version: str
    engine: str
    workers: int
    ready: bool


REFUSALS = {
    401: "no token, or an invalid one",
    403: "a Host or Origin that is not this server's, or a run of another person",
    404: "no such run, probe or step",
    409: "a command that the run's state does not allow (the message lists the states that do), or "
    "an Idempotency-Key whose run was deleted",
    413: "a body over the size limit, or one without a Content-Length",
    422: "an invalid spec, command or option",
    429: "over a limit",
    503: "temporarily unavailable: there is no worker, or the server is stopping",
}
AGAIN = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}}}


def refusals(*statuses: int) -> Responses:
    """The error responses of a call, by status."""
    return {
        status: {"model": Refusal, "description": REFUSALS[status]}
        | ({"headers": AGAIN} if status in (429, 503) else {})
        for status in statuses
    }


EVERYWHERE = refusals(401, 403, 413, 422, 429, 503)
