"""The outermost layer: counts requests by route, and adds the run's id to log entries."""

from __future__ import annotations

from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from livenet import logs
from livenet.api.monitoring.metrics import Metrics

MAX_LETTERS = 24  # of a run's id; a client may send a longer one


class MetricsMiddleware:
    """Processes every request and every stream, refused ones included."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        with logs.about(_run(scope["path"])):
            if scope["type"] == "websocket":
                await self.app(scope, receive, send)
            else:
                await self._request(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = perf_counter()
        status = 500

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            route = _template(scope)
            self.metrics.answered(scope["method"], route, status, perf_counter() - began)


def _run(path: str) -> str:
    """The id of the run in a path; "" if there is none."""
    start, _, rest = path.partition("/api/runs/")
    return "" if start else rest.partition("/")[0][:MAX_LETTERS]


def _template(scope: Scope) -> str:
    """The route's template: unknown paths have no series of their own."""
    if route := scope.get("route"):
        return str(route.path)
    return str(scope.get("root_path") or "none")
