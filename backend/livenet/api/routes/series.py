"""The series of a run, as JSON, NDJSON or CSV."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from livenet.api.access.identity import identity_of
from livenet.api.routes.attachments import attachment
from livenet.api.routes.documents import EVERYWHERE, refusals
from livenet.api.routes.downloads import Downloads
from livenet.api.routes.excerpt import MAX_EVERY, Excerpt
from livenet.api.routes.row_formats import FORMATS, Format, format_of
from livenet.engine.base import Engine
from livenet.wire.documents import SeriesDocument

router = APIRouter(prefix="/api/runs", tags=["runs"], responses=EVERYWHERE)
LONG = 10_000  # rows; an answer of more is a download, of which a person may have few at once
TEXT = {"schema": {"type": "string"}}


@router.get(
    "/{run}/series",
    operation_id="get_series",
    summary="Get rows of the series",
    response_model=SeriesDocument,
    responses=refusals(404) | {200: {"content": {"text/csv": TEXT, "application/x-ndjson": TEXT}}},
)
async def series(
    request: Request,
    run: str,
    after: Annotated[int, Query(ge=0, description="return only rows with a higher number")] = 0,
    before: Annotated[
        int | None, Query(ge=1, description="return only rows with a lower number")
    ] = None,
    every: Annotated[
        int,
        Query(
            ge=1,
            le=MAX_EVERY,
            description="thin the rows: of each bucket of so many rows return the first, and those "
            "with the least and the greatest value of each column",
        ),
    ] = 1,
    columns: Annotated[
        str | None,
        Query(
            description="names of columns, separated by commas, besides row, step and epoch; by "
            "default all"
        ),
    ] = None,
    format: Annotated[  # the query's own name
        Format | None, Query(description="by default as the header Accept says, or else JSON")
    ] = None,
) -> Response:
    """Get rows of the series, numbered from 1: those that exist when the request arrives."""
    engine: Engine = request.app.state.engine
    found = await engine.load(run)
    engine.touch(run)
    chosen = None if columns is None else [name for name in columns.split(",") if name]
    excerpt = Excerpt.of(found.series, after=after, before=before, every=every, columns=chosen)
    kind = format or format_of(request.headers.get("accept", ""))
    headers = {"vary": "accept"}
    if kind != "json":
        headers |= attachment(found.name, f"-step-{found.series.last_step or 0}.{kind}")
    media_type, texts = FORMATS[kind].media_type, FORMATS[kind].texts(excerpt)
    if excerpt.is_one_piece:
        return Response(b"".join(texts), media_type=media_type, headers=headers)
    downloads: Downloads = request.app.state.downloads
    person = identity_of(request) if excerpt.rows > LONG else None
    return downloads.response(texts, media_type, headers, counts_for=person)
