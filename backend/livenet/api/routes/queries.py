"""Refuses parameters of a query that a call does not have: a misspelt one would have no effect."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.routing import Route

from livenet.errors import BadRequest, did_you_mean


async def known_parameters(request: Request) -> None:
    """Raises BadRequest for the first parameter that the request's call does not have.

    A dependency of a router. The names are read from the OpenAPI document.
    """
    if not request.query_params:
        return
    app: FastAPI = request.app
    route: Route = request.scope["route"]
    call = app.openapi()["paths"].get(route.path, {}).get(request.method.lower(), {})
    known = [one["name"] for one in call.get("parameters", ()) if one["in"] == "query"]
    for name in request.query_params:
        if name not in known:
            raise BadRequest(
                f"{name!r:.80} is not a parameter of this call",
                path=name,
                hint=did_you_mean(name, known) if known else "It has none.",
            )
