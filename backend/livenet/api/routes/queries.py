"""Refuses parameters of a query that would have no effect, or another than was meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from starlette.routing import Route

from livenet.errors import BadRequest, did_you_mean
from livenet.spec.text import CONTROLS, INK, control

LISTS = ("columns",)
"""Parameters whose empty text is a list without entries."""
DOCUMENTS = ("options",)
"""Parameters that are JSON, which may have line breaks."""


async def known_parameters(request: Request) -> None:
    """Raises BadRequest for the first parameter that the request's call does not have, that is
    empty or blank, that has a control character, or that is given twice and is no list.

    A dependency of a router. The names are read from the OpenAPI document.
    """
    if not request.query_params:
        return
    app: FastAPI = request.app
    route: Route = request.scope["route"]
    call = app.openapi()["paths"].get(route.path, {}).get(request.method.lower(), {})
    known = {one["name"]: one for one in call.get("parameters", ()) if one["in"] == "query"}
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name not in known:
            raise BadRequest(
                f"{name!r:.80} is not a parameter of this call",
                path=name,
                hint=did_you_mean(name, known) if known else "It has none.",
            )
        if name in seen and not _repeats(known[name]):
            raise BadRequest(
                f"{name} is given twice; it has one value",
                path=name,
                hint=f"Give {name} once.",
            )
        seen.add(name)
        _check_value(name, value)


def _repeats(parameter: Mapping[str, Any]) -> bool:
    return bool(parameter["schema"].get("type") == "array")


def _check_value(name: str, value: str) -> None:
    if not re.search(INK, value) and not control(value) and name not in LISTS:
        said = "blank" if value else "empty"
        raise BadRequest(
            f"{name} is {said}", path=name, hint=f"Give {name} a value, or leave it out."
        )
    found = control(value)
    if found and name not in DOCUMENTS:
        raise BadRequest(
            f"{name} contains the control character {found}",
            path=name,
            hint="Leave it out: no name, tag or id has one.",
        )


def describe_texts(call: Mapping[str, Any]) -> None:
    """Says in an operation of the OpenAPI document what ``known_parameters`` refuses."""
    for one in call.get("parameters", ()):
        if one["in"] != "query" or one["name"] in DOCUMENTS:
            continue
        schema = one["schema"]
        for rule in (schema, schema.get("items", {}), *schema.get("anyOf", ())):
            if rule.get("type") == "string" and "enum" not in rule:
                printed = f"[^{CONTROLS}]*"
                visible = "" if one["name"] in LISTS else f"{INK}{printed}"
                rule["pattern"] = f"^{printed}{visible}$"
