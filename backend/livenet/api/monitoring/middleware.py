"""The outermost layer: requests are counted by their route, and what is logged names its run."""

from __future__ import annotations

from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from livenet import logs
from livenet.api.monitoring.metrics import Metrics

MOST_LETTERS = 24  # of a run's id; a stranger's may be longer


class MetricsMiddleware:
    """Sees every request and every stream, refused ones included."""

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
    """The run that a path is about; "" where it is about none."""
    start, _, rest = path.partition("/api/runs/")
    return "" if start else rest.partition("/")[0][:MOST_LETTERS]


def _template(scope: Scope) -> str:
    """The route as it is written in the code: a path that nobody wrote has no series of its own."""
    if route := scope.get("route"):
        return str(route.path)
    return str(scope.get("root_path") or "none")
