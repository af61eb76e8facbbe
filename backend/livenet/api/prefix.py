"""Removes the path prefix that a proxy does not remove, before other layers read the path.

A proxy that removes the prefix itself is served too. Answers need no prefix: all addresses in
pages, redirects and cookies are relative to the requested one.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


class Prefix:
    """Serves ``app`` below ``root``, such as ``/user/ann/proxy/8000``, and without it."""

    def __init__(self, app: ASGIApp, root: str) -> None:
        self.app = app
        self._root = unquote(root)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and path == self._root:
            await self._with_slash(scope)(scope, receive, send)
            return
        if path.startswith(f"{self._root}/"):
            path = path.removeprefix(self._root)
            scope = {**scope, "path": path, "raw_path": quote(path).encode()}
        await self.app(scope, receive, send)

    def _with_slash(self, scope: Scope) -> Response:
        """A redirect to the page, which needs the trailing slash for its relative addresses."""
        name = quote(self._root.rpartition("/")[2])
        query = scope["query_string"].decode("latin-1")
        to = f"./{name}/?{query}" if query else f"./{name}/"
        return Response(status_code=307, headers={"location": to, "referrer-policy": "no-referrer"})
