"""The methods of a path: HEAD wherever there is GET, OPTIONS, and the ``Allow`` header."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Iterable

from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class AllowedMethods:
    """The methods that a path allows: a router names those of one route only.

    ``files`` are the paths that are served without a route.
    """

    def __init__(self, routes: Iterable[BaseRoute], files: Container[str] = ()) -> None:
        self._routes = tuple(routes)
        self._files = files

    def of(self, scope: Scope) -> tuple[str, ...]:
        """The methods of all routes of a request's path; none for an unknown path.

        Where a word is a path of its own and could be an id, too, it is the path of its own.
        """
        found: set[str] = set()
        fits = [route for route in self._routes if route.matches(scope)[0] is not Match.NONE]
        for route in fits:
            if isinstance(route, Mount):  # static files
                found.add("GET")
            elif isinstance(route, Route) and route.path == getattr(fits[0], "path", None):
                found.update(route.methods or ())
        if scope["path"] in self._files:
            found.add("GET")
        if "GET" in found:
            found.add("HEAD")
        return tuple(sorted({*found, "OPTIONS"})) if found else ()


class Methods:
    """The layer that answers OPTIONS, and HEAD with the head of the answer to GET."""

    def __init__(self, app: ASGIApp, allowed: AllowedMethods) -> None:
        self.app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"] if scope["type"] == "http" else ""
        if method == "OPTIONS" and (methods := self._allowed.of(scope)):
            answer = Response(status_code=204, headers={"allow": ", ".join(methods)})
            await answer(scope, receive, send)
        elif method == "HEAD":
            await self._head(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carries out a GET until the first piece of its body, which is not sent."""
        inner = {**scope, "method": "GET"}
        complete = asyncio.Event()

        async def without_body(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
            elif not complete.is_set():
                complete.set()  # ends an answer that is made piece by piece
                await send({"type": "http.response.body", "body": b""})
            else:
                await asyncio.sleep(0)  # so that it is told

        async def receive_until_complete() -> Message:
            received = asyncio.ensure_future(receive())
            ended = asyncio.ensure_future(complete.wait())
            try:
                await asyncio.wait({received, ended}, return_when=asyncio.FIRST_COMPLETED)
                return received.result() if received.done() else {"type": "http.disconnect"}
            finally:
                received.cancel()
                ended.cancel()

        await self.app(inner, receive_until_complete, without_body)
        if "route" in inner:  # for the counts of requests by route
            scope["route"] = inner["route"]
