"""The OpenAPI document: what FastAPI derives from the routes, and what it does not know."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from livenet.api.access.origins import DEFAULT_PORTS
from livenet.api.routes.queries import describe_texts

SCHEMES: dict[str, Any] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of the server, for scripts. With the header Livenet-Identity, a "
        "secret of 16 to 256 characters, a script has an identity of its own.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "livenet_8000",
        "description": "The cookie of a browser that has opened the page with a token. Its name "
        f"ends with the port of the address, by default {DEFAULT_PORTS['http']} or "
        f"{DEFAULT_PORTS['https']}. Requests that change something need the Origin of the "
        "server's own page, too.",
    },
}


def openapi_document(app: FastAPI, *, token_required: bool) -> dict[str, Any]:
    """The document of an application with all its routes. ``app.openapi()`` returns it, too."""
    document = app.openapi()
    document["components"]["securitySchemes"] = SCHEMES
    document["security"] = [{name: []} for name in SCHEMES]
    if not token_required:
        document["security"].append({})
    for path in document["paths"].values():
        for call in path.values():
            describe_texts(call)
    for schema in document["components"]["schemas"].values():
        for field in schema.get("properties", {}).values():
            if "knob" in field:
                # It depends on the other fields: generated clients would send a wrong one.
                field.pop("default", None)
    return document
