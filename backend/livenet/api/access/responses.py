"""Answers of the access middleware: refusals, and every answer's security headers."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Mapping, Sequence

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from livenet.api.access.request_head import Head
from livenet.api.access.sign_in import POLICY, sign_in_page
from livenet.errors import LivenetError, TooMany, Unauthorized

MAX_DRAINED = 2**20
DRAIN_SECONDS = 5.0
RETRY_SECONDS = 5.0
HSTS = f"max-age={365 * 86_400}"
CLOSE_CODES = {401: 4401, 403: 4403, 429: 4429}


def refusal(head: Head, error: LivenetError, retry: float = RETRY_SECONDS) -> Response:
    """An error as JSON, or as a page that asks for the token if a person will see it."""
    headers = {"cache-control": "no-store"}
    if isinstance(error, Unauthorized):
        headers["www-authenticate"] = "Bearer"
    if isinstance(error, TooMany):
        headers["retry-after"] = str(max(1, math.ceil(retry)))
    wrong = head.token is not None and isinstance(error, TooMany | Unauthorized)
    if head.is_navigation and (wrong or isinstance(error, Unauthorized)):
        headers |= {"content-security-policy": POLICY, "referrer-policy": "no-referrer"}
        page = sign_in_page(error.message, wrong=wrong, back=head.root if head.is_api else "")
        return Response(page, error.status, headers, "text/html; charset=utf-8")
    body = json.dumps({"error": error.document()})
    return Response(body, error.status, headers, "application/json")


async def answer_with(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Sends an answer of the middleware, to a request or in place of a handshake."""
    if scope["type"] == "http":
        if not await _drained(receive):
            answer.headers["connection"] = "close"
        await answer(scope, receive, send)
        return
    await receive()
    if "websocket.http.response" in scope.get("extensions", {}):
        await answer(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": CLOSE_CODES.get(answer.status_code, 4400)})


async def _drained(receive: Receive) -> bool:
    """Reads a refused body, up to a limit: a connection closed with unread bytes is reset, which
    may lose the answer."""
    read = 0
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while read < MAX_DRAINED:
                message = await receive()
                read += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body"):
                    return True
    except TimeoutError:
        pass
    return False


def guarded(
    send: Send, head: Head, policies: Mapping[str, str], framed_by: Sequence[str], *, secure: bool
) -> Send:
    """A ``send`` that adds security headers to an answer, except those that it has."""

    async def with_headers(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            message.setdefault("headers", [])
            headers = MutableHeaders(scope=message)
            policy = headers.get("content-security-policy") or policies.get(
                head.path, policies["/"]
            )
            ancestors = " ".join(framed_by) or "'none'"
            headers["content-security-policy"] = f"{policy}; frame-ancestors {ancestors}"
            if not framed_by:
                headers["x-frame-options"] = "DENY"
            headers["x-content-type-options"] = "nosniff"
            headers["cross-origin-opener-policy"] = "same-origin"
            headers["cross-origin-resource-policy"] = "same-origin"
            headers.setdefault("referrer-policy", "same-origin")
            if head.is_api:
                headers.setdefault("cache-control", "no-store")
            if secure:
                headers["strict-transport-security"] = HSTS
        await send(message)

    return with_headers
