"""Health, catalogue, identity and specs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import JSONResponse

from livenet.api.access.identity import identity_of
from livenet.api.monitoring.health import Health
from livenet.api.page.asset import Asset
from livenet.api.routes.bodies import SpecOrWrapped
from livenet.api.routes.documents import EVERYWHERE, HealthDocument
from livenet.spec import describe, resolve
from livenet.wire.catalogue import Catalogue
from livenet.wire.documents import Description, Me

router = APIRouter(prefix="/api", tags=["about"], responses=EVERYWHERE)


@router.get(
    "/health",
    operation_id="get_health",
    summary="Get the server's health",
    response_model=HealthDocument,
    responses={503: {"model": HealthDocument, "description": "the server cannot train"}},
)
async def health(request: Request) -> JSONResponse:
    """Get the server's status: ``ok``, ``starting`` while workers load; with 503, ``failing`` if no
    worker is available, or ``stopping``."""
    found: Health = request.app.state.health
    return JSONResponse(found.document(), found.status().code)


@router.get(
    "/catalogue",
    operation_id="get_catalogue",
    summary="Get the catalogue",
    response_model=Catalogue,
)
async def catalogue(request: Request) -> Response:
    """Get all kinds that a spec may name, with JSON Schema, defaults, formulas and one-line
    explanations."""
    made: Asset = request.app.state.catalogue
    return made.response(request)


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    """The OpenAPI document."""
    made: Asset = request.app.state.openapi
    return made.response(request)


@router.get("/me", operation_id="get_identity", summary="Get your identity", response_model=Me)
async def me(request: Request) -> dict[str, Any]:
    """Get your public id, which is the ``owner`` of your runs. An administrator may command all
    runs."""
    identity = identity_of(request)
    return {"id": identity.id, "administrator": identity.administrator}


@router.post(
    "/specs/describe",
    operation_id="describe_spec",
    summary="Describe a spec",
    response_model=Description,
)
async def described(
    request: Request,
    body: Annotated[SpecOrWrapped, Body(examples=[{"model": {"hidden": [12, 8]}}])],
) -> dict[str, Any]:
    """Fill in a spec's defaults, and list its layers with shapes and parameter counts."""
    spec = body["spec"] if set(body) == {"spec"} else body
    return describe(resolve(spec, request.app.state.settings.limits))
