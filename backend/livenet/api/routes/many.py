"""Several runs at once: find them, delete them, pause them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Request
from fastapi.responses import JSONResponse

from livenet.api.access.identity import identity_of
from livenet.api.access.intervention import reason_of
from livenet.api.routes.bodies import CommandBody
from livenet.api.routes.documents import EVERYWHERE
from livenet.api.routes.runs import engine_of
from livenet.errors import BadRequest, LivenetError, NotYours
from livenet.store.listing import MAX_PAGE, Condition
from livenet.store.listing import Query as RunQuery
from livenet.wire.documents import Commanded, Curves, Deleted, RunList, Status
from livenet.wire.parsing import parse_command

router = APIRouter(prefix="/api/runs", tags=["runs"], responses=EVERYWHERE)
AT_ONCE = 1000  # runs that one request deletes
CURVES = 100  # runs of one request for their losses
ME = "me"

Statuses = Annotated[list[Status], Query(default_factory=list, description="one of these statuses")]
Owner = Annotated[
    str | None,
    Query(max_length=64, description="id of the owner, as in GET /api/me; `me` is yourself"),
]
Tags = Annotated[
    list[str], Query(default_factory=list, max_length=10, description="all of these tags")
]
Ids = Annotated[
    list[str], Query(default_factory=list, max_length=MAX_PAGE, description="one of these ids")
]
Name = Annotated[str | None, Query(max_length=120, description="a part of the name, in any case")]
Family = Annotated[str | None, Query(max_length=32, description="kind of the model, such as mlp")]
Data = Annotated[str | None, Query(max_length=32, description="kind of the data set")]
GroupId = Annotated[str | None, Query(max_length=64, description="id of the group")]
Pinned = Annotated[bool | None, Query(description="whether it is pinned")]
Time = Annotated[float | None, Query(description="Unix time")]
Conditions = Annotated[
    list[str],
    Query(
        default_factory=list,
        max_length=10,
        description="a field of the spec in force, one of = != < <= > >=, and a value: "
        "`optimizer.lr>=0.1`",
    ),
]
Metrics = Annotated[
    list[str],
    Query(
        default_factory=list,
        max_length=10,
        description="the same for a metric: `test_accuracy>0.9`",
    ),
]


def matching(
    request: Request,
    id: Ids,
    status: Statuses,
    tag: Tags,
    spec: Conditions,
    metric: Metrics,
    owner: Owner = None,
    name: Name = None,
    family: Family = None,
    data: Data = None,
    group: GroupId = None,
    pinned: Pinned = None,
    created_after: Time = None,
    created_before: Time = None,
) -> RunQuery:
    """The query of a request's parameters; all that are given have to match."""
    return RunQuery(
        ids=id or None,
        statuses=status,
        owner=identity_of(request).id if owner == ME else owner,
        tags=tag,
        name=name,
        family=family,
        data=data,
        group=group,
        pinned=pinned,
        created_after=created_after,
        created_before=created_before,
        spec=[Condition.parse(text, "spec") for text in spec],
        metrics=[Condition.parse(text, "metric") for text in metric],
    )


Matching = Annotated[RunQuery, Depends(matching)]


@router.get("", operation_id="list_runs", summary="List runs", response_model=RunList)
async def listed(
    request: Request,
    query: Matching,
    order: Annotated[
        str,
        Query(
            max_length=80,
            description="created_at, ended_at, used_at, name, status, step, seconds, rows, or "
            "`metrics.` and the name of a metric; a leading minus puts the largest first",
        ),
    ] = "-created_at",
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="runs in a page")] = 100,
    cursor: Annotated[
        str | None, Query(max_length=4000, description="`next` of the page before")
    ] = None,
) -> JSONResponse:
    """A page of the summaries of the runs that match, by default the newest first."""
    asked = replace(query, order=order, limit=limit, cursor=cursor)
    page = await engine_of(request).find(asked)
    return JSONResponse({"runs": page.runs, "next": page.next, "total": page.total})


@router.get(
    "/curves",
    operation_id="get_curves",
    summary="Get the losses of several runs",
    response_model=Curves,
)
async def curves(
    request: Request,
    id: Annotated[
        list[str], Query(default_factory=list, max_length=CURVES, description="the runs")
    ],
) -> JSONResponse:
    """The loss of each run in a few points, for a list of runs. It is no use of the runs, which a
    series is. Runs that do not exist are left out."""
    return JSONResponse({"curves": await engine_of(request).curves(id)})


@router.delete("", operation_id="delete_runs", summary="Delete runs", response_model=Deleted)
async def delete_all(request: Request, query: Matching) -> JSONResponse:
    """Delete the runs that match, the oldest first, except pinned ones (unless `pinned=true`).
    At least one parameter is needed. Those of others are left, unless you are an administrator."""
    query = _of_ones_own(request, query)
    if query.pinned is None:
        query = replace(query, pinned=False)
    engine = engine_of(request)
    found = [run for run, _ in await engine.ids(replace(query, limit=AT_ONCE + 1))]
    await engine.delete_all(found[:AT_ONCE])
    return JSONResponse({"ids": found[:AT_ONCE], "more": len(found) > AT_ONCE})


@router.post(
    "/commands",
    operation_id="send_command_to_runs",
    summary="Send a command to several runs",
    response_model=Commanded,
)
async def command_all(
    request: Request,
    query: Matching,
    body: Annotated[CommandBody, Body(examples=[{"kind": "pause"}])],
) -> JSONResponse:
    """Carry out a command on the runs that match and that train, as when a lecturer pauses all.
    With `status` it goes to runs in these states. Runs of a group that are resumed train a few at
    a time, as the group says. At least one parameter is needed. Those of
    others are left, unless you are an administrator."""
    query = _of_ones_own(request, query)
    if not query.statuses:
        query = replace(query, statuses=("running",))
    message = parse_command(body)
    engine, identity = engine_of(request), identity_of(request)
    steps: dict[str, int] = {}
    errors: dict[str, dict[str, str]] = {}

    async def send(run: str) -> None:
        try:
            reason = reason_of(identity, await engine.load(run), message)
            steps[run] = await engine.command(run, message, reason=reason, chosen=False)
        except LivenetError as error:
            errors[run] = error.document()

    found = await engine.ids(replace(query, limit=MAX_PAGE))
    await asyncio.gather(*(send(run) for run, _ in found))
    return JSONResponse({"steps": steps, "errors": errors})


def _of_ones_own(request: Request, query: RunQuery) -> RunQuery:
    """The query, limited to runs that this identity may command.

    Raises BadRequest for a query that matches every run, NotYours for one for those of another.
    """
    identity = identity_of(request)
    if not query.selective:
        raise BadRequest(
            "No parameter says which runs",
            hint="Give at least one, such as owner=me or status=finished.",
        )
    if identity.administrator:
        return query
    if query.owner not in (None, identity.id):
        raise NotYours(
            "Only an administrator may do this to the runs of another",
            path="owner",
            hint="Leave owner out, or say owner=me.",
        )
    return replace(query, owner=identity.id)
