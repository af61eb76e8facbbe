"""Runs: make, list, read, command, fork, delete."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from livenet.api.access.identity import identity_of
from livenet.api.access.quota import check_quota
from livenet.api.routes.bodies import COMMAND_SCHEMA, NewFork, NewRun
from livenet.api.routes.connected import while_connected
from livenet.api.routes.documents import EVERYWHERE, refusals
from livenet.engine.base import Engine, Form
from livenet.errors import OptionError
from livenet.pictures import Picture
from livenet.refusals import parsed, shown
from livenet.wire.documents import CommandResult, RunDocument, RunList, SeriesDocument, SnapshotList
from livenet.wire.parsing import parse_command

router = APIRouter(prefix="/api/runs", tags=["runs"], responses=EVERYWHERE)
FRAME = "application/octet-stream"
FILE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
FOR_EXAMPLE = 'Give a JSON object, such as {"resolution": 100}.'


def engine_of(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def _owner(request: Request) -> str:
    """The owner of the run that this request makes. Raises TooMany if the quota is used up."""
    identity, settings = identity_of(request), request.app.state.settings
    check_quota(identity, engine_of(request), settings.max_runs_a_person)
    return identity.id


@router.post("", status_code=201, summary="Make a run", response_model=RunDocument)
async def create(request: Request, body: NewRun) -> JSONResponse:
    """Makes a run of a spec; everything that the spec leaves out has a default."""
    engine = engine_of(request)
    run = await engine.create(
        body.spec, name=body.name, start=body.start, pace=body.pace, owner=_owner(request)
    )
    return JSONResponse(run.document(), 201)


@router.get("", summary="All runs, in short", response_model=RunList)
async def listed(request: Request) -> JSONResponse:
    """All runs, in short."""
    return JSONResponse({"runs": [run.summary() for run in engine_of(request).runs()]})


@router.get(
    "/{run}",
    summary="A run, or wait for its end",
    response_model=RunDocument,
    responses=refusals(404),
)
async def one(
    request: Request,
    run: str,
    wait: Annotated[float, Query(ge=0, le=600, description="seconds until it has ended")] = 0.0,
) -> JSONResponse:
    """A run; with ``wait`` once it has ended, or as it is after so many seconds."""
    engine = engine_of(request)
    engine.touch(run)
    if wait and not engine.run(run).ended:
        await while_connected(request, _until_ended(engine, run, wait))
    return JSONResponse(engine.run(run).document())


async def _until_ended(engine: Engine, run: str, seconds: float) -> None:
    changed = asyncio.Event()
    leave = engine.listen(run, lambda _: changed.set())
    try:
        async with asyncio.timeout(seconds):
            while not engine.run(run).ended:
                await changed.wait()
                changed.clear()
    except TimeoutError:
        pass
    finally:
        leave()


@router.delete("/{run}", status_code=204, summary="Forget a run", responses=refusals(404))
async def delete(request: Request, run: str) -> None:
    """Forgets a run and all that was kept of it."""
    engine = engine_of(request)
    identity_of(request).require_owner(engine.run(run))
    await engine.delete(run)


@router.post(
    "/{run}/commands",
    summary="Command a run",
    response_model=CommandResult,
    responses=refusals(404, 409),
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": COMMAND_SCHEMA}}}},
)
async def command(
    request: Request,
    run: str,
    body: Annotated[
        dict[str, Any], Body(examples=[{"kind": "set", "changes": {"optimizer.lr": 0.1}}])
    ],
    idempotency_key: Annotated[
        str, Header(max_length=64, description="the same again is not carried out twice")
    ] = "",
) -> JSONResponse:
    """Carries out a command; gives the step at which it took effect, and the run."""
    engine = engine_of(request)
    identity_of(request).require_owner(engine.run(run))
    step = await engine.command(run, parse_command(body), idempotency_key)
    return JSONResponse({"step": step, "run": engine.run(run).document()})


@router.post(
    "/{run}/forks",
    status_code=201,
    summary="Go on from a step, in a new run",
    response_model=RunDocument,
    responses=refusals(404, 409),
)
async def fork(request: Request, run: str, body: NewFork) -> JSONResponse:
    """A new run that goes on from a step of this one, with live fields changed if you like."""
    made = await engine_of(request).fork(
        run,
        body.step,
        body.changes,
        name=body.name,
        start=body.start,
        pace=body.pace,
        owner=_owner(request),
    )
    return JSONResponse(made.document(), 201)


@router.get(
    "/{run}/series",
    summary="Rows of the curves",
    response_model=SeriesDocument,
    responses=refusals(404) | {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def series(
    request: Request,
    run: str,
    after: Annotated[int, Query(ge=0, description="rows with a higher number than this")] = 0,
    format: Literal["json", "csv"] = "json",  # the query's own name
) -> Response:
    """Rows of the curves, numbered from 1."""
    engine = engine_of(request)
    engine.touch(run)
    found = engine.run(run).series
    # In a thread: a long series takes time, and would block other requests.
    if format == "csv":
        text = await asyncio.to_thread(found.csv, after)
        return Response(text, media_type="text/csv; charset=utf-8")
    rows = await asyncio.to_thread(lambda: json.dumps(found.rows(after), allow_nan=False))
    body = f'{{"columns": {json.dumps(found.columns)}, "rows": {rows}}}'
    return Response(body, media_type="application/json")


@router.get(
    "/{run}/snapshots",
    summary="Steps that have a snapshot",
    response_model=SnapshotList,
    responses=refusals(404),
)
async def snapshots(request: Request, run: str) -> JSONResponse:
    """The steps that have a snapshot; a step between is replayed from the one before it."""
    engine = engine_of(request)
    engine.touch(run)
    return JSONResponse({"steps": engine.run(run).snapshots.steps})


Step = Annotated[int | None, Query(ge=0, description="a step of the past; else the present one")]


@router.get(
    "/{run}/probes/{probe}",
    summary="A picture, at any step",
    response_model=Picture,
    responses=refusals(404, 409) | {200: {"content": {FRAME: FILE}}},
)
async def picture(
    request: Request, run: str, probe: str, step: Step = None, options: str = "{}"
) -> Response:
    """A picture as JSON; as a frame with ``Accept: application/octet-stream``."""
    given = parsed(options, "options", OptionError, path="options", hint=FOR_EXAMPLE)
    if not isinstance(given, dict):
        raise OptionError(
            f"options is {shown(given)}; it must be an object", path="options", hint=FOR_EXAMPLE
        )
    engine = engine_of(request)
    form: Form = "frame" if FRAME in request.headers.get("accept", "") else "json"
    made = await while_connected(request, engine.request_probe(run, form, probe, given, step))
    return Response(made, media_type=FRAME if form == "frame" else "application/json")


@router.get(
    "/{run}/weights",
    summary="The parameters, at any step",
    response_class=Response,
    responses=refusals(404, 409) | {200: {"content": {FRAME: FILE}}},
)
async def weights(request: Request, run: str, step: Step = None) -> Response:
    """The parameters, and batch norm's running means and variances, as a safetensors file; named as
    in the PyTorch module."""
    reply = engine_of(request).request_probe(run, "weights", "", {}, step)
    data = await while_connected(request, reply)
    name = {"content-disposition": 'attachment; filename="weights.safetensors"'}
    return Response(data, media_type=FRAME, headers=name)
