"""Turns an invalid request into an error for its sender.

FastAPI's findings in bodies and queries are handled here; the allowed values are read from the
OpenAPI document, which is made from the same declarations.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.routing import Route

from livenet.errors import BadRequest, LivenetError
from livenet.refusals import Schema, refusal_of, unparsed

JSON_TYPE = "application/json"


def invalid(request: Request, error: RequestValidationError) -> LivenetError:
    """The error for the first finding in a body, a query or a header."""
    first = error.errors()[0]
    where, *loc = first["loc"]
    if first["type"] == "json_invalid":
        return unreadable(error.__cause__)
    if where == "body" and not loc:
        if isinstance(error.body, bytes):
            return _of_no_type(request)
        if first["type"] == "missing":
            return BadRequest("The body is empty; it must be a JSON object", hint=_SEND)
    if where == "body":
        return refusal_of(first, _body(request), BadRequest, loc=loc, whole="The body")
    return refusal_of(first, _parameters(request), BadRequest, loc=loc, quoted=False)


def unreadable(cause: BaseException | None) -> BadRequest:
    """The error for a body that is not JSON; ``cause`` was raised by the parser."""
    message, hint = unparsed(cause, "The body")
    return BadRequest(message, hint=hint)


_SEND = f"Send a JSON object, such as {{}}, with the header Content-Type: {JSON_TYPE}."


def _of_no_type(request: Request) -> BadRequest:
    """The error for a body with a wrong or missing Content-Type."""
    given = request.headers.get("content-type")
    says = f"says that it is {given!r:.80}" if given else "does not say what it is"
    return BadRequest(
        f"The body {says}; it must be {JSON_TYPE}",
        path="content-type",
        hint=f"Send the header Content-Type: {JSON_TYPE}.",
    )


def _call(request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
    """The OpenAPI document, and the request's operation in it."""
    app: FastAPI = request.app
    route: Route = request.scope["route"]
    document = app.openapi()
    call: dict[str, Any] = document["paths"][route.path][request.method.lower()]
    return document, call


def _body(request: Request) -> Schema:
    document, call = _call(request)
    schema: dict[str, Any] = call["requestBody"]["content"][JSON_TYPE]["schema"]
    return {**schema, "components": document["components"]}


def _parameters(request: Request) -> Schema:
    document, call = _call(request)
    fields = {one["name"]: one["schema"] for one in call.get("parameters", ())}
    return {"type": "object", "properties": fields, "components": document["components"]}
