"""Runs: create, list, get, command, fork, delete."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.responses import JSONResponse

from livenet.api.access.identity import identity_of
from livenet.api.access.intervention import reason_of
from livenet.api.access.network import network_of
from livenet.api.access.quota import check_pins
from livenet.api.routes.attachments import attachment, step_of_frame, step_of_weights
from livenet.api.routes.bodies import CommandBody, NewFork, NewRun, RunChanges
from livenet.api.routes.connected import while_connected
from livenet.api.routes.creations import IdempotencyKey, made_once
from livenet.api.routes.documents import EVERYWHERE, refusals
from livenet.engine.base import Engine, Form, Owner
from livenet.errors import BadRequest, OptionError, UnknownRun
from livenet.pictures import Picture
from livenet.refusals import parsed, shown
from livenet.store import Run
from livenet.store.keyed import Keyed
from livenet.wire.documents import (
    CommandResult,
    Retention,
    RunDocument,
    SnapshotList,
)
from livenet.wire.parsing import parse_command

router = APIRouter(prefix="/api/runs", tags=["runs"], responses=EVERYWHERE)
FRAME = "application/octet-stream"
FILE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
FOR_EXAMPLE = 'Give a JSON object, such as {"resolution": 100}.'


def engine_of(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def owner_of(request: Request) -> Owner:
    """The owner of what this request makes."""
    identity = identity_of(request)
    return Owner(identity.id, privileged=identity.administrator, network=network_of(request))


@router.post(
    "",
    status_code=201,
    operation_id="create_run",
    summary="Create a run",
    response_model=RunDocument,
    responses=refusals(409),
)
async def create(
    request: Request, body: NewRun, idempotency_key: IdempotencyKey = ""
) -> JSONResponse:
    """Create a run from a spec. Fields that the spec leaves out have defaults. ``parent`` is a run
    that this one varies: it begins at step 0 with other settings."""
    engine = engine_of(request)

    async def make(keyed: Keyed | None) -> Run:
        if body.parent is not None:
            await _check_parent(engine, body.parent)
        return await engine.create(
            body.spec,
            name=body.name,
            start=body.start,
            pace=body.pace,
            tags=body.tags,
            owner=owner_of(request),
            parent=body.parent,
            keyed=keyed,
        )

    return JSONResponse((await made_once(request, idempotency_key, make)).document(), 201)


async def _check_parent(engine: Engine, parent: str) -> None:
    """Raises BadRequest if there is no such run."""
    try:
        await engine.load(parent)
    except UnknownRun as error:
        raise BadRequest(error.message, path="parent", hint=error.hint) from error


@router.get(
    "/{run}",
    operation_id="get_run",
    summary="Get a run, or wait for its end",
    response_model=RunDocument,
    responses=refusals(404),
)
async def one(
    request: Request,
    run: str,
    wait: Annotated[
        float, Query(ge=0, le=600, description="the most seconds to wait until the run has ended")
    ] = 0.0,
) -> JSONResponse:
    """Get a run. With ``wait``, the response is sent once the run has ended, or after so many
    seconds."""
    engine = engine_of(request)
    found = await engine.load(run)
    engine.touch(run)
    if wait and not found.ended:
        await while_connected(request, _until_ended(engine, run, wait))
    return JSONResponse((await engine.load(run)).document())


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


@router.patch(
    "/{run}",
    operation_id="change_run",
    summary="Rename, tag, pin or unpin a run",
    response_model=RunDocument,
    responses=refusals(404),
)
async def change(request: Request, run: str, body: RunChanges) -> JSONResponse:
    """Change the name or the tags of a run, or pin it, so that it is kept although nobody uses it.
    What is left out stays."""
    engine, identity = engine_of(request), identity_of(request)
    found = await engine.load(run)
    identity.require_owner(found)
    if body.pinned:
        await check_pins(identity, found, engine, request.app.state.settings)
    changes = body.model_dump(exclude_unset=True)
    return JSONResponse((await engine.change(run, changes)).document())


@router.get(
    "/{run}/retention",
    operation_id="get_retention",
    summary="Get how long a run is kept",
    response_model=Retention,
    responses=refusals(404),
)
async def retention(request: Request, run: str) -> JSONResponse:
    """Get the time at which a run is deleted unless it is used before, and how much is kept of its
    owner: over it, unused runs are deleted earlier."""
    engine, settings = engine_of(request), request.app.state.settings
    found = await engine.load(run)
    return JSONResponse(
        {
            "pinned": found.pinned,
            "expires_at": engine.expires_at(run),
            "idle_seconds": settings.idle_seconds,
            "max_pinned": settings.max_pinned_a_person,
            "max_runs": None if found.privileged else settings.max_runs_a_person,
            "max_bytes": None if found.privileged else settings.store_bytes_a_person,
        }
    )


@router.delete(
    "/{run}",
    status_code=204,
    operation_id="delete_run",
    summary="Delete a run",
    responses=refusals(404),
)
async def delete(request: Request, run: str) -> None:
    """Delete a run and all its data."""
    engine = engine_of(request)
    identity_of(request).require_owner(await engine.load(run))
    await engine.delete(run)


@router.post(
    "/{run}/commands",
    operation_id="send_command",
    summary="Send a command to a run",
    response_model=CommandResult,
    responses=refusals(404, 409),
)
async def command(
    request: Request,
    run: str,
    body: Annotated[
        CommandBody, Body(examples=[{"kind": "set", "changes": {"optimizer.lr": 0.1}}])
    ],
    idempotency_key: IdempotencyKey = "",
) -> JSONResponse:
    """Carry out a command. Returns the step at which it took effect, and the run."""
    engine, identity = engine_of(request), identity_of(request)
    found = await engine.load(run)
    identity.require_owner(found)
    message = parse_command(body)
    reason = reason_of(identity, found, message)
    step = await engine.command(run, message, idempotency_key, reason)
    return JSONResponse({"step": step, "run": (await engine.load(run)).document()})


@router.post(
    "/{run}/forks",
    status_code=201,
    operation_id="fork_run",
    summary="Fork a run at a step",
    response_model=RunDocument,
    responses=refusals(404, 409),
)
async def fork(
    request: Request, run: str, body: NewFork, idempotency_key: IdempotencyKey = ""
) -> JSONResponse:
    """Create a run that continues from a step of this one, optionally with live fields changed."""

    async def make(keyed: Keyed | None) -> Run:
        return await engine_of(request).fork(
            run,
            body.step,
            body.changes,
            name=body.name,
            start=body.start,
            pace=body.pace,
            tags=body.tags,
            owner=owner_of(request),
            keyed=keyed,
        )

    return JSONResponse((await made_once(request, idempotency_key, make)).document(), 201)


@router.get(
    "/{run}/snapshots",
    operation_id="list_snapshots",
    summary="List the steps that have a snapshot",
    response_model=SnapshotList,
    responses=refusals(404),
)
async def snapshots(request: Request, run: str) -> JSONResponse:
    """List the steps that have a snapshot. Other steps are replayed from the snapshot before
    them."""
    engine = engine_of(request)
    found = await engine.load(run)
    engine.touch(run)
    return JSONResponse({"steps": found.snapshots.steps})


Step = Annotated[int | None, Query(ge=0, description="an earlier step; by default the current one")]


@router.get(
    "/{run}/probes/{probe}",
    operation_id="get_picture",
    summary="Get a picture of any step",
    response_model=Picture,
    responses=refusals(404, 409) | {200: {"content": {FRAME: FILE}}},
)
async def picture(
    request: Request, run: str, probe: str, step: Step = None, options: str = "{}"
) -> Response:
    """Get a picture as JSON, or as a frame with ``Accept: application/octet-stream``."""
    given = parsed(options, "options", OptionError, path="options", hint=FOR_EXAMPLE)
    if not isinstance(given, dict):
        raise OptionError(
            f"options is {shown(given)}; it must be an object", path="options", hint=FOR_EXAMPLE
        )
    engine = engine_of(request)
    form: Form = "frame" if FRAME in request.headers.get("accept", "") else "json"
    name = (await engine.load(run)).name
    made = await while_connected(request, engine.request_probe(run, form, probe, given, step))
    if form == "json":
        return Response(made, media_type="application/json")
    end = f"-{probe}-step-{step_of_frame(made)}.safetensors"
    return Response(made, media_type=FRAME, headers=attachment(name, end))


@router.get(
    "/{run}/weights",
    operation_id="get_weights",
    summary="Get the parameters at any step",
    response_class=Response,
    responses=refusals(404, 409) | {200: {"content": {FRAME: FILE}}},
)
async def weights(request: Request, run: str, step: Step = None) -> Response:
    """Get the parameters, and batch norm's running means and variances, as a safetensors file.
    Names are those of the PyTorch module."""
    engine = engine_of(request)
    name = (await engine.load(run)).name
    data = await while_connected(request, engine.request_probe(run, "weights", "", {}, step))
    end = f"-step-{step_of_weights(data)}.safetensors"
    return Response(data, media_type=FRAME, headers=attachment(name, end))
