"""What the server is and what it knows: health, catalogue, specs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from livenet import __version__
from livenet.api.routes.runs import engine_of
from livenet.catalogue import catalogue
from livenet.spec import describe, resolve

router = APIRouter(prefix="/api", tags=["about"])


@router.get("/health", summary="Whether the server can train")
async def health(request: Request) -> dict[str, Any]:
    """Whether the server can train; ``starting`` while its workers load."""
    found = engine_of(request).health()
    return {"status": "ok" if found["ready"] else "starting", "version": __version__, **found}


@router.get("/catalogue", summary="Everything that a spec may name")
async def everything(request: Request) -> dict[str, Any]:
    """All kinds, with JSON Schema, defaults, formulas, one-line explanations."""
    return catalogue(request.app.state.settings.limits)


@router.post("/specs/describe", summary="A spec, filled in, with its layers")
async def described(
    request: Request,
    body: Annotated[dict[str, Any], Body(examples=[{"model": {"hidden": [12, 8]}}])],
) -> dict[str, Any]:
    """The spec with its defaults filled in, its layers with shapes and parameter counts."""
    spec = body["spec"] if set(body) == {"spec"} else body
    return describe(resolve(spec, request.app.state.settings.limits))
