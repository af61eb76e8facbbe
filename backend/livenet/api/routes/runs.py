"""Runs: make, list, look at, command, fork, delete."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import ValidationError

from livenet.api.bodies import NewFork, NewRun
from livenet.api.identity import identity_of
from livenet.engine.base import Engine
from livenet.errors import CommandError, OptionError, did_you_mean
from livenet.wire.messages import COMMAND, Message

router = APIRouter(prefix="/api/runs", tags=["runs"])
FRAME = "application/octet-stream"
COMMANDS = ("pause", "resume", "stop", "step", "set", "edit", "pace")


def engine_of(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


@router.post("", status_code=201, summary="Make a run")
async def create(request: Request, body: NewRun) -> dict[str, Any]:
    """Makes a run of a spec; everything that the spec leaves out has a default."""
    engine = engine_of(request)
    owner = identity_of(request).id
    run = await engine.create(
        body.spec, name=body.name, start=body.start, pace=body.pace, owner=owner
    )
    return run.document()


@router.get("", summary="All runs, in short")
async def listed(request: Request) -> dict[str, Any]:
    """All runs, in short."""
    return {"runs": [run.summary() for run in engine_of(request).runs()]}


@router.get("/{run}", summary="A run, or wait for its end")
async def one(
    request: Request,
    run: str,
    wait: Annotated[float, Query(ge=0, le=600, description="seconds until it has ended")] = 0.0,
) -> dict[str, Any]:
    """A run; with ``wait`` once it has ended, or as it is after so many seconds."""
    engine = engine_of(request)
    if wait and not engine.run(run).ended:
        changed = asyncio.Event()
        leave = engine.listen(run, lambda _: changed.set())
        try:
            async with asyncio.timeout(wait):
                while not engine.run(run).ended:
                    await changed.wait()
                    changed.clear()
        except TimeoutError:
            pass
        finally:
            leave()
    return engine.run(run).document()


@router.delete("/{run}", status_code=204, summary="Forget a run")
async def delete(request: Request, run: str) -> None:
    """Forgets a run and all that was kept of it."""
    engine = engine_of(request)
    identity_of(request).must_own(engine.run(run))
    await engine.delete(run)


@router.post("/{run}/commands", summary="Command a run")
async def command(
    request: Request,
    run: str,
    body: Annotated[
        dict[str, Any], Body(examples=[{"kind": "set", "changes": {"optimizer.lr": 0.1}}])
    ],
) -> dict[str, Any]:
    """Carries out a command; gives the step at which it took effect, and the run."""
    engine = engine_of(request)
    identity_of(request).must_own(engine.run(run))
    step = await engine.command(run, parse_command(body))
    return {"step": step, "run": engine.run(run).document()}


def parse_command(body: object) -> Message:
    """A command of a message. Raises CommandError in plain words."""
    try:
        found: Message = COMMAND.validate_python(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = [str(part) for part in first["loc"] if part not in COMMANDS]
        kind = body.get("kind") if isinstance(body, dict) else None
        if kind not in COMMANDS:
            raise CommandError(
                f"There is no command {kind!r}", path="kind", hint=did_you_mean(kind, COMMANDS)
            ) from error
        raise CommandError(
            f"{'.'.join(place) or kind} is {first['input']!r:.80}: {first['msg']}",
            path=".".join(place),
            hint="The API page has an example of each command.",
        ) from error
    return found


@router.post("/{run}/forks", status_code=201, summary="Go on from a step, in a new run")
async def fork(request: Request, run: str, body: NewFork) -> dict[str, Any]:
    """A new run that goes on from a step of this one, with live fields changed if you like."""
    made = await engine_of(request).fork(
        run,
        body.step,
        body.changes,
        name=body.name,
        start=body.start,
        pace=body.pace,
        owner=identity_of(request).id,
    )
    return made.document()


@router.get("/{run}/series", summary="Rows of the curves")
async def series(
    request: Request,
    run: str,
    after: Annotated[int, Query(ge=0, description="rows with a higher number than this")] = 0,
    format: Literal["json", "csv"] = "json",  # the query's own name
) -> Response:
    """Rows of the curves, numbered from 1."""
    found = engine_of(request).run(run).series
    if format == "csv":
        return Response(found.csv(after), media_type="text/csv; charset=utf-8")
    document = {"columns": found.columns, "rows": found.rows(after)}
    return Response(json.dumps(document, allow_nan=False), media_type="application/json")


@router.get("/{run}/snapshots", summary="Steps that have a snapshot")
async def snapshots(request: Request, run: str) -> dict[str, Any]:
    """The steps that have a snapshot; a step between is replayed from the one before it."""
    return {"steps": engine_of(request).run(run).shelf.steps}


Step = Annotated[int | None, Query(ge=0, description="a step of the past; else the present one")]


@router.get("/{run}/probes/{probe}", summary="A picture, at any step")
async def picture(
    request: Request, run: str, probe: str, step: Step = None, options: str = "{}"
) -> Response:
    """A picture as JSON; as a frame with ``Accept: application/octet-stream``."""
    try:
        given = json.loads(options)
    except (ValueError, RecursionError) as error:
        raise OptionError(
            f"options is {options!r:.80}, which is not JSON",
            path="options",
            hint='A JSON object, such as {"resolution": 100}.',
        ) from error
    if not isinstance(given, dict):
        raise OptionError(
            f"options is {options!r:.80}", path="options", hint="It is a JSON object."
        )
    engine = engine_of(request)
    if FRAME in request.headers.get("accept", ""):
        return Response(await engine.look(run, "frame", probe, given, step), media_type=FRAME)
    found = await engine.look(run, "json", probe, given, step)
    return Response(json.dumps(found, allow_nan=False), media_type="application/json")


@router.get("/{run}/weights", summary="The parameters, at any step")
async def weights(request: Request, run: str, step: Step = None) -> Response:
    """The parameters as a safetensors file, named as in the PyTorch module."""
    data = await engine_of(request).look(run, "weights", "", {}, step)
    name = {"content-disposition": 'attachment; filename="weights.safetensors"'}
    return Response(data, media_type=FRAME, headers=name)
