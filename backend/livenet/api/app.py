"""The application: routes, the gate before them, the page's files, and errors as JSON."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from livenet import __version__
from livenet.api.frontend import frontend_folder
from livenet.api.gate import Gate
from livenet.api.policy import policies
from livenet.api.routes import about, runs
from livenet.api.stream import router as stream_router
from livenet.engine.base import Engine
from livenet.engine.local import LocalEngine
from livenet.errors import LivenetError, TooMany
from livenet.settings import Settings

log = logging.getLogger("livenet")


def create_app(settings: Settings, hosts: frozenset[str], engine: Engine | None = None) -> ASGIApp:
    """The whole server, its gate included; ``hosts`` are the Host headers it answers to."""
    made = engine or LocalEngine(settings)
    frontend = frontend_folder()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await made.start()
        try:
            yield
        finally:
            await made.close()

    app = FastAPI(
        title="Livenet",
        version=__version__,
        summary="Watch neural networks learn.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.engine = made
    app.state.settings = settings
    app.include_router(about.router)
    app.include_router(runs.router)
    app.include_router(stream_router)
    app.add_exception_handler(LivenetError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)

    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(frontend / "index.html", headers={"cache-control": "no-cache"})

    @app.get("/docs", include_in_schema=False)
    async def docs() -> FileResponse:
        return FileResponse(frontend / "docs" / "index.html", headers={"cache-control": "no-cache"})

    for folder in ("app", "styles", "vendor", "docs"):
        app.mount(f"/{folder}", Files(directory=frontend / folder), name=folder)
    return Gate(
        app, hosts=hosts, policies=policies(frontend), most_bytes=settings.max_message_bytes
    )


class Files(StaticFiles):
    """The page's files: always asked for anew, answered with 304 where nothing changed."""

    def file_response(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]  # passes on
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]  # passes on
        response.headers["cache-control"] = "no-cache"
        return response


def _answer(status: int, document: dict[str, str], retry: bool = False) -> Response:
    headers = {"retry-after": "5"} if retry else None
    # Escaped to ASCII: what a person sent may come back, and need not be sound Unicode.
    body = json.dumps({"error": document})
    return Response(body, status, headers=headers, media_type="application/json")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, LivenetError)
    return _answer(error.status, error.document(), retry=isinstance(error, TooMany))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    return _answer(
        422,
        {
            "code": "bad_request",
            "message": f"{place or 'The body'} is {first.get('input')!r:.80}: {first['msg']}",
            "path": place,
            "hint": "The API page at /docs says what is allowed.",
        },
    )


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = f"{error.detail}: {request.method} {request.url.path}"
    hint = "The API page at /docs lists all calls."
    return _answer(
        error.status_code, {"code": "http", "message": message, "path": "", "hint": hint}
    )


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.exception("unforeseen error in %s %s", request.method, request.url.path, exc_info=error)
    document = {
        "code": "internal",
        "message": "Something went wrong inside the server",
        "path": "",
        "hint": "The server's log says more.",
    }
    return _answer(500, document)
