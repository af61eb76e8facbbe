"""Groups of runs: one spec with other values of one or two fields, and other seeds."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic_core import from_json, to_json

from livenet.api.access.identity import identity_of
from livenet.api.routes.attachments import attachment
from livenet.api.routes.bodies import NewGroup
from livenet.api.routes.creations import IdempotencyKey, group_made_once
from livenet.api.routes.documents import EVERYWHERE, refusals
from livenet.api.routes.row_formats import FORMATS, Format, format_of, table_text
from livenet.api.routes.runs import engine_of, owner_of
from livenet.errors import CHOOSE, BadRequest, NotYours, did_you_mean
from livenet.spec.grid import Variation
from livenet.store.groups import Group, summary_of, table_of
from livenet.store.keyed import Keyed
from livenet.wire.documents import GroupDocument, GroupList, GroupSummary, GroupTable

router = APIRouter(prefix="/api/groups", tags=["groups"], responses=EVERYWHERE)
ME = "me"
MAX_PAGE = 200
TEXT = {"schema": {"type": "string"}}
EXAMPLE = {
    "spec": {"training": {"steps": 500}},
    "vary": [{"path": "optimizer.lr", "values": [0.001, 0.01, 0.1]}],
    "seeds": [0, 1, 2],
}


@router.post(
    "",
    status_code=201,
    operation_id="create_group",
    summary="Create a group of runs",
    response_model=GroupDocument,
    responses=refusals(409),
)
async def create(
    request: Request,
    body: Annotated[NewGroup, Body(examples=[EXAMPLE])],
    idempotency_key: IdempotencyKey = "",
) -> JSONResponse:
    """Create a run for each combination of values and seeds. They are queued, and a few of them
    train at the same time. All are created, or none."""

    async def make(keyed: Keyed | None) -> Group:
        return await engine_of(request).groups.create(
            body.spec,
            [Variation(one.path, one.values) for one in body.vary],
            body.seeds,
            name=body.name,
            owner=owner_of(request),
            parallel=body.parallel,
            tags=body.tags,
            keyed=keyed,
        )

    made = await group_made_once(request, idempotency_key, make)
    return JSONResponse(made.document(), 201)


@router.get("", operation_id="list_groups", summary="List groups", response_model=GroupList)
async def listed(
    request: Request,
    owner: Annotated[
        str | None, Query(max_length=64, description="id of the owner; `me` is yourself")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="groups in a page")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=200, description="`next` of the page before")
    ] = None,
) -> JSONResponse:
    """A page of the groups, the newest first."""
    who = identity_of(request).id if owner == ME else owner
    groups = engine_of(request).groups
    found = await groups.find(who, limit + 1, _place(cursor) if cursor else None)
    page = found[:limit]
    more = _cursor(page[-1]) if len(found) > limit else None
    return JSONResponse({"groups": [one.document() for one in page], "next": more})


@router.get(
    "/{group}",
    operation_id="get_group",
    summary="Get a group",
    response_model=GroupDocument,
    responses=refusals(404),
)
async def one(request: Request, group: str) -> JSONResponse:
    """Get what a group varies, and how many of its runs are in which state.
    `GET /api/runs?group=` lists the runs."""
    return JSONResponse((await engine_of(request).groups.get(group)).document())


@router.delete(
    "/{group}",
    status_code=204,
    operation_id="delete_group",
    summary="Delete a group and its runs",
    responses=refusals(404),
)
async def delete(request: Request, group: str) -> None:
    """Delete a group and all its runs, pinned ones included."""
    engine, identity = engine_of(request), identity_of(request)
    found = await engine.groups.get(group)
    if not identity.administrator and found.owner != identity.id:
        raise NotYours(
            "This group belongs to another browser or script: you can only look at it",
            path="id",
            hint="Create one of your own.",
        )
    await engine.delete_group(group)


@router.get(
    "/{group}/table",
    operation_id="get_group_table",
    summary="Get a table of a group's runs",
    response_model=GroupTable,
    responses=refusals(404) | {200: {"content": {"text/csv": TEXT, "application/x-ndjson": TEXT}}},
)
async def table(
    request: Request,
    group: str,
    format: Annotated[  # the query's own name
        Format | None, Query(description="by default as the header Accept says, or else JSON")
    ] = None,
) -> Response:
    """Get a row for each run: its id, what differs from the others, its status, and the metrics of
    its last row."""
    groups = engine_of(request).groups
    found = table_of(await groups.members(group))
    kind = format or format_of(request.headers.get("accept", ""))
    headers = {"vary": "accept"}
    if kind != "json":
        headers |= attachment((await groups.get(group)).name, f".{kind}")
    return Response(
        table_text(kind, found["columns"], found["rows"]),
        media_type=FORMATS[kind].media_type,
        headers=headers,
    )


@router.get(
    "/{group}/summary",
    operation_id="get_group_summary",
    summary="Compare a metric over a group",
    response_model=GroupSummary,
    responses=refusals(404),
)
async def summary(
    request: Request,
    group: str,
    metric: Annotated[
        str, Query(max_length=60, description="a metric of the last row, such as `test_loss`")
    ] = "test_loss",
) -> JSONResponse:
    """Get the mean and the standard deviation of a metric over the seeds, for each combination of
    the other values."""
    found = await engine_of(request).groups.members(group)
    names = sorted({name for member in found for name in member.metrics})
    if names and metric not in names:  # without rows there are no metrics yet
        raise BadRequest(
            f"{metric!r} is not a metric of this group; it has {', '.join(names)}",
            path="metric",
            hint=did_you_mean(metric, names, CHOOSE),
        )
    return JSONResponse({"metric": metric, "metrics": names, "places": summary_of(found, metric)})


def _cursor(last: Group) -> str:
    return urlsafe_b64encode(to_json([last.created_at, last.id])).decode().rstrip("=")


def _place(cursor: str) -> tuple[float, str]:
    try:
        at, id = from_json(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(at, float) or not isinstance(id, str):
            raise ValueError(cursor)
    except (ValueError, TypeError) as error:
        raise BadRequest(
            "cursor is none of this list", path="cursor", hint="Take `next` of the answer before."
        ) from error
    return at, id
