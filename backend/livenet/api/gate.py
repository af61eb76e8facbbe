"""Who may come in: one ASGI layer in front of HTTP and websockets alike, deny by default.

Only loopback is served. A page elsewhere cannot reach a server on the visitor's own machine,
because Host and Origin are compared exactly: the first stops DNS rebinding, the second requests
from other sites.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from livenet.api.identity import SCOPE_KEY, Identity
from livenet.errors import Forbidden, LivenetError, TooLarge

LOCAL = Identity("local", administrator=True)
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
MOST_DRAINED = 2**20


def loopback_hosts(port: int) -> frozenset[str]:
    """The Host headers under which a server on loopback is reached."""
    names = {f"{host}:{port}" for host in LOOPBACK}
    return frozenset(names | (set(LOOPBACK) if port == 80 else set()))


class Gate:
    """Refuses a foreign Host or Origin, bodies over the limit, and sets the headers of safety.

    A request without an Origin is a script's, or a browser's plain navigation: it may come in.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Iterable[str],
        policies: Mapping[str, str],
        most_bytes: int,
    ) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
        self.origins = frozenset(f"http://{host}" for host in self.hosts)
        self.policies = policies
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        refused = self._refusal(scope, headers)
        if refused is None:
            scope[SCOPE_KEY] = LOCAL
            await self.app(scope, receive, self._guarded(scope, send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4403, "reason": refused.message[:120]})
        else:
            await _drain(receive)
            await _answer(send, refused)

    def _refusal(self, scope: Scope, headers: Mapping[str, str]) -> LivenetError | None:
        host = headers.get("host", "")
        if host not in self.hosts:
            return Forbidden(
                f"This server is not {host!r}", hint=f"Open http://{min(self.hosts)} instead."
            )
        origin = headers.get("origin")
        if origin is not None and origin not in self.origins:
            return Forbidden(
                f"Requests from {origin!r} are refused",
                hint="Only this server's own page and scripts may call it.",
            )
        if int(headers.get("content-length") or 0) > self.most_bytes:
            return TooLarge(
                f"The request has {headers['content-length']} bytes",
                hint=f"At most {self.most_bytes:,} are read.",
            )
        if scope["type"] == "http" and "transfer-encoding" in headers:
            return TooLarge(
                "A request body without its length is not read", hint="Send a Content-Length."
            )
        return None

    def _guarded(self, scope: Scope, send: Send) -> Send:
        policy = self.policies.get(scope["path"], self.policies["/"])

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"content-security-policy", policy.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"same-origin"),
                    (b"cross-origin-opener-policy", b"same-origin"),
                    (b"cross-origin-resource-policy", b"same-origin"),
                ]
            await send(message)

        return guarded


async def _drain(receive: Receive) -> None:
    """Reads a refused body, up to a limit: a connection closed on unread bytes is reset, and the
    answer may be lost with it."""
    read = 0
    while read < MOST_DRAINED:
        message = await receive()
        read += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return


async def _answer(send: Send, error: LivenetError) -> None:
    body = json.dumps({"error": error.document()}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
