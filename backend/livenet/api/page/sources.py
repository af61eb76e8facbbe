"""The page's sources as they are in a checkout: revalidated at each request, not compressed."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from livenet.api.page.asset import ASK_AGAIN
from livenet.api.page.frontend import PAGES, SOURCE_FOLDERS, VENDORED

_HEADERS = {"cache-control": ASK_AGAIN}


def add_sources(app: FastAPI, folder: Path) -> None:
    """Serves the pages and all their imports from a checkout's frontend folder."""

    async def page(request: Request) -> FileResponse:
        return FileResponse(folder / PAGES[request.url.path], headers=_HEADERS)

    for address in PAGES:
        app.add_route(address, page, include_in_schema=False)
    for name in (*SOURCE_FOLDERS, VENDORED):
        app.mount(f"/{name}", _Files(directory=folder / name), name=name)


class _Files(StaticFiles):
    """Static files, answered with 304 if unchanged."""

    def file_response(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]  # passes on
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]  # passes on
        response.headers.update(_HEADERS)
        return response
