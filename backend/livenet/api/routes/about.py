"""Health, catalogue, identity and specs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import JSONResponse

from livenet.api.access.identity import identity_of
from livenet.api.monitoring.health import Health
from livenet.api.page.asset import Asset
from livenet.api.routes.documents import EVERYWHERE, HealthDocument
from livenet.spec import describe, resolve
from livenet.wire.catalogue import Catalogue
from livenet.wire.documents import Description, Me

router = APIRouter(prefix="/api", tags=["about"], responses=EVERYWHERE)


@router.get(
    "/health",
    summary="Whether the server can train",
    response_model=HealthDocument,
    responses={503: {"model": HealthDocument, "description": "it cannot"}},
)
async def health(request: Request) -> JSONResponse:
    """``ok``; ``starting`` while workers load; with 503, ``failing`` where there are none to train
    with, and ``stopping``."""
    found: Health = request.app.state.health
    return JSONResponse(found.document(), found.status().code)


@router.get("/catalogue", summary="Everything that a spec may name", response_model=Catalogue)
async def everything(request: Request) -> Response:
    """All kinds, with JSON Schema, defaults, formulas, one-line explanations."""
    made: Asset = request.app.state.catalogue
    return made.response(request)


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    """What all calls take and answer, for programs to read."""
    made: Asset = request.app.state.openapi
    return made.response(request)


@router.get("/me", summary="Who you are", response_model=Me)
async def me(request: Request) -> dict[str, Any]:
    """Your public id, which is the ``owner`` of your runs; an administrator commands all runs."""
    identity = identity_of(request)
    return {"id": identity.id, "administrator": identity.administrator}


@router.post(
    "/specs/describe", summary="A spec, filled in, with its layers", response_model=Description
)
async def described(
    request: Request,
    body: Annotated[dict[str, Any], Body(examples=[{"model": {"hidden": [12, 8]}}])],
) -> dict[str, Any]:
    """The spec with its defaults filled in, its layers with shapes and parameter counts."""
    spec = body["spec"] if set(body) == {"spec"} else body
    return describe(resolve(spec, request.app.state.settings.limits))
