"""One file or document, held in memory in every encoding that it is sent in."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Header = tuple[bytes, bytes]

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
PREFERENCE = ("br", "gzip")  # from the smallest to the largest


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[Header]
    body: bytes


class Asset:
    """Bytes that do not change while the server runs; an ASGI application that sends them."""

    def __init__(
        self, plain: bytes, media_type: str, cache: str, encoded: Mapping[str, bytes] | None = None
    ) -> None:
        self.plain = plain
        self.encoded = dict(encoded or {})
        # One tag for all encodings, so it is weak: equal in meaning, not byte for byte.
        self.etag = f'W/"{sha256(plain).hexdigest()[:20]}"'
        self.headers: list[Header] = [
            (b"cache-control", cache.encode()),
            (b"etag", self.etag.encode()),
            *([(b"vary", b"accept-encoding")] if self.encoded else []),
        ]
        self.media_type = media_type.encode()

    @classmethod
    def json(cls, document: object) -> Asset:
        """A document made by the server, which browsers revalidate at each request."""
        plain = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
        return cls(plain, "application/json", ASK_AGAIN, {"gzip": gzip.compress(plain, 9)})

    def answer(self, method: str, headers: Iterable[Header]) -> Answer:
        """The answer to a GET or HEAD request with these headers."""
        request_headers = {
            name: value.decode("latin-1") for name, value in headers if name in _REQUEST_HEADERS
        }
        if _matches(request_headers.get(b"if-none-match", ""), self.etag):
            return Answer(304, self.headers, b"")
        encoding = preferred(request_headers.get(b"accept-encoding", ""), self.encoded)
        body = self.encoded[encoding] if encoding else self.plain
        described = [
            (b"content-type", self.media_type),
            (b"content-length", str(len(body)).encode()),
            *([(b"content-encoding", encoding.encode())] if encoding else []),
        ]
        return Answer(200, [*described, *self.headers], b"" if method == "HEAD" else body)

    def response(self, request: Request) -> Response:
        """The answer as the response of a route."""
        found = self.answer(request.method, request.headers.raw)
        made = Response(found.body, found.status)
        made.raw_headers = found.headers
        return made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self.answer(scope["method"], scope["headers"])
        await send(
            {"type": "http.response.start", "status": found.status, "headers": found.headers}
        )
        await send({"type": "http.response.body", "body": found.body})


_REQUEST_HEADERS = frozenset({b"if-none-match", b"accept-encoding"})


def preferred(accepted: str, offered: Iterable[str]) -> str:
    """The offered encoding that an Accept-Encoding header prefers; "" for none.

    Among equally preferred encodings the smallest is chosen. A client that refuses every encoding
    is sent the plain file, which is more useful than an error.
    """
    quality: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality[name] = next(map(_quality, parameters), 1.0)
    rest = quality.get("*", 0.0)
    liked = {name: quality.get(name, rest) for name in PREFERENCE if name in offered}
    best = max(liked, key=lambda name: liked[name], default="")
    return best if best and liked[best] > 0 and liked[best] >= quality.get("identity", 0.0) else ""


def _quality(parameter: str) -> float:
    try:
        return float(parameter.removeprefix("q="))
    except ValueError:
        return 0.0


def _matches(header: str, etag: str) -> bool:
    """Whether an If-None-Match header names a tag, compared weakly."""
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags
