"""Cross-origin resource sharing (CORS): pages of other sites that may call the API.

The operator lists their origins. Such a page sends a token in the header Authorization. A cookie is
not accepted from it, and no answer allows credentials: a browser adds cookies by itself, so
they do not show that the page was given anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import Message, Send

from livenet.api.access.origins import spellings, with_port
from livenet.api.access.request_head import Head

METHODS = "GET, HEAD, POST, PATCH, DELETE"
REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-None-Match, Livenet-Identity"
EXPOSED = "Allow, Content-Disposition, ETag, Retry-After"
MAX_AGE = 600  # seconds that a browser keeps the answer to a preflight request


class CrossOrigin:
    """The pages of ``origins``. Raises LivenetError if one is not an origin."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = frozenset(
            spelling
            for origin in origins
            for spelling in spellings(with_port("cors_origins", origin))
        )

    def sent(self, head: Head) -> bool:
        """Whether a listed page sent this request to the API. Streams are not shared."""
        return head.origin in self._origins and head.is_api and head.method != "WS"

    def preflight(self, head: Head) -> Response | None:
        """The answer to a preflight request, which has no credentials; None for another request."""
        if head.method != "OPTIONS" or "access-control-request-method" not in head.headers:
            return None
        headers = {
            "access-control-allow-methods": METHODS,
            "access-control-allow-headers": REQUEST_HEADERS,
            "access-control-max-age": str(MAX_AGE),
        }
        return Response(status_code=204, headers=headers)

    def shared(self, send: Send, head: Head, *, sent: bool) -> Send:
        """A ``send`` that lets the page read the answer, if it ``sent`` the request."""
        if not self._origins or not head.is_api:
            return send

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", [])
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("origin")
                if sent and head.origin is not None:
                    headers["access-control-allow-origin"] = head.origin
                    headers["access-control-expose-headers"] = EXPOSED
            await send(message)

        return with_headers
