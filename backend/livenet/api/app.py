"""The application: routes, the middleware before them, the page's files, and errors as JSON."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from livenet import __version__
from livenet.api.access.credentials import Credentials
from livenet.api.access.middleware import AccessMiddleware
from livenet.api.access.pacing import RequestPacing
from livenet.api.access.rates import Rates
from livenet.api.drain import RETRY_AFTER, Drain, Draining
from livenet.api.monitoring.checks import health_checks
from livenet.api.monitoring.health import Health
from livenet.api.monitoring.metrics import Metrics
from livenet.api.monitoring.middleware import MetricsMiddleware
from livenet.api.openapi import openapi_document
from livenet.api.page.asset import Asset
from livenet.api.page.files import Files, read_assets
from livenet.api.page.frontend import find_frontend
from livenet.api.page.policy import policies
from livenet.api.page.sources import add_sources
from livenet.api.prefix import Prefix
from livenet.api.routes import about, groups, many, runs, series
from livenet.api.routes import metrics as measured
from livenet.api.routes.creations import Creations
from livenet.api.routes.downloads import Downloads
from livenet.api.routes.invalid import invalid, unreadable
from livenet.api.routes.methods import AllowedMethods, Methods
from livenet.api.routes.queries import known_parameters
from livenet.api.viewers.broadcast import Broadcasts
from livenet.api.viewers.stream import router as stream_router
from livenet.catalogue import catalogue
from livenet.engine.base import Engine
from livenet.engine.server.local import LocalEngine
from livenet.errors import EngineFailure, LivenetError, StoreFailure, TooMany
from livenet.settings import Settings
from livenet.spec.run import make_schemas

log = logging.getLogger("livenet")

ROUTERS = (about.router, many.router, runs.router, groups.router, series.router, measured.router)


def create_app(
    settings: Settings,
    origins: frozenset[str],
    engine: Engine | None = None,
    credentials: Credentials | None = None,
    drain: Drain | None = None,
) -> ASGIApp:
    """The whole server, its middleware included.

    ``origins`` are the server's addresses, as ``allowed_origins`` returns them; ``credentials`` are
    by default those of the settings; the caller can stop the server with ``drain``. Raises
    LivenetError if an address can be reached from another machine and no token is set.
    """
    credentials = credentials or Credentials.of(settings)
    credentials.check_exposure(origins)
    made = engine or LocalEngine(settings)
    drain = drain or Drain()
    health = Health(made, drain)
    metrics = Metrics(made, health)
    frontend = find_frontend()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await made.start()
        try:
            async with health_checks(health, metrics.late):
                yield
        finally:
            try:
                await made.close()
            except StoreFailure as error:
                log.error("%s", error)  # a traceback says nothing to an operator
                raise

    app = FastAPI(
        title="Livenet",
        version=__version__,
        summary="Watch neural networks learn.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        servers=[{"url": ".."}],  # relative to the document, so that it holds behind a path prefix
        separate_input_output_schemas=False,  # a spec has the same classes both ways
        redirect_slashes=False,  # the target may not exist behind a proxy
    )
    app.state.engine = made
    app.state.settings = settings
    app.state.health = health
    app.state.metrics = metrics
    app.state.counts = metrics.counts
    app.state.broadcasts = Broadcasts(made)
    app.state.commands = Rates(settings.commands_per_second)
    app.state.creations = Creations(made)
    app.state.downloads = Downloads()
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(known_parameters)])
    app.include_router(stream_router)
    app.add_exception_handler(LivenetError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)

    if frontend.sources:
        add_sources(app, frontend.sources)
    known: dict[str, Asset] = {}
    if frontend.built:
        private = bool(settings.token or settings.admin_token)
        known = read_assets(frontend.built, private=private)
        app.add_middleware(Files, frontend=frontend, known=known)
    calls = [route for router in ROUTERS for route in router.routes]
    app.state.methods = AllowedMethods([*calls, *app.routes], known)
    app.add_middleware(Methods, allowed=app.state.methods)
    # Made once: they are large, and every page requests the first.
    make_schemas()
    app.state.catalogue = Asset.json(catalogue(settings.limits))
    app.state.openapi = Asset.json(openapi_document(app, token_required=credentials.required))
    app.add_middleware(RequestPacing)
    app.add_middleware(Draining, drain=drain)
    access = AccessMiddleware(
        app,
        origins=origins,
        credentials=credentials,
        settings=settings,
        policies=policies(frontend.sources),
    )
    measured = MetricsMiddleware(access, metrics)
    return Prefix(measured, settings.root_path) if settings.root_path else measured


def _answer(status: int, document: dict[str, str], retry: bool = False) -> Response:
    headers = {"retry-after": str(RETRY_AFTER)} if retry else None
    # Escaped to ASCII: an error may quote the request, which may be invalid Unicode.
    body = json.dumps({"error": document})
    return Response(body, status, headers=headers, media_type="application/json")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, LivenetError)
    return _answer(
        error.status,
        error.document(),
        retry=isinstance(error, TooMany | EngineFailure | StoreFailure),
    )


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return await _refused(request, invalid(request, error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:  # FastAPI's error for a body that is not text
        return await _refused(request, unreadable(error.__cause__))
    status, detail = error.status_code, error.detail
    methods = request.app.state.methods.of(request.scope)
    if status == 404 and methods and request.method not in methods:
        status, detail = 405, "Method Not Allowed"  # a file, which has no route
    message = f"{detail}: {request.method} {request.url.path}"
    hint = "The API page at /docs lists all calls."
    answer = _answer(status, {"code": "http", "message": message, "path": "", "hint": hint})
    if status == 405 and methods:
        answer.headers["allow"] = ", ".join(methods)
    return answer


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.exception("unforeseen error in %s %s", request.method, request.url.path, exc_info=error)
    document = {
        "code": "internal",
        "message": "Something went wrong inside the server",
        "path": "",
        "hint": "The server's log has the details.",
    }
    return _answer(500, document)
