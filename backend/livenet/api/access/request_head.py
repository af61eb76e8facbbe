"""The part of a request that the access middleware reads: its head, without duplicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.types import Scope

from livenet.api.access.network import network
from livenet.errors import LivenetError, TooLarge

ONCE = frozenset(
    {
        "host",
        "origin",
        "authorization",
        "content-length",
        "idempotency-key",
        "livenet-identity",
        "sec-fetch-site",
    }
)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_DIGITS = 15
MAX_COOKIES = 4  # of one name


@dataclass(frozen=True)
class Head:
    """The head of a request or a handshake, before any check."""

    method: str  # "WS" is a handshake
    path: str
    query: str  # without the token
    token: bytes | None  # from the address
    headers: Mapping[str, str]
    repeated: str | None  # a duplicate header that would be ambiguous
    network: str = ""  # that it comes from, see livenet.api.access.network

    @classmethod
    def of(cls, scope: Scope) -> Head:
        """Reads a scope, and removes the token from its address, so that no log contains it."""
        token, query = _without_token(scope["query_string"])
        scope["query_string"] = query
        headers: dict[str, str] = {}
        repeated = None
        for name, value in scope["headers"]:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1").strip(" \t")
            if key in ONCE and key in headers:
                repeated = key
            headers[key] = f"{headers[key]}; {text}" if key in headers else text
        return cls(
            "WS" if scope["type"] == "websocket" else scope["method"],
            scope["path"],
            query.decode("latin-1"),
            token,
            headers,
            repeated,
            network((scope.get("client") or ("",))[0]),
        )

    @property
    def host(self) -> str:
        return self.headers.get("host", "").lower()

    @property
    def origin(self) -> str | None:
        return self.headers.get("origin")

    @property
    def from_elsewhere(self) -> bool:
        """Whether the browser reports a page of another site or port as the sender."""
        return self.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")

    @property
    def is_safe(self) -> bool:
        """Whether the method only reads."""
        return self.method in SAFE_METHODS

    @property
    def is_api(self) -> bool:
        return self.path == "/api" or self.path.startswith("/api/")

    @property
    def root(self) -> str:
        """The page, relative to the path: a proxy may have put a prefix before both."""
        return "../" * (self.path.count("/") - 1) or "./"

    @property
    def gives_up_role(self) -> bool:
        """Whether the address asks for the role of a member."""
        return ("role", "member") in parse_qsl(self.query)

    @property
    def is_navigation(self) -> bool:
        """Whether a person sees the answer, so that it should be a page."""
        return self.method in ("GET", "HEAD") and "text/html" in self.headers.get("accept", "")

    @property
    def bearer(self) -> bytes | None:
        """The token in the Authorization header; empty for another scheme, None without one."""
        given = self.headers.get("authorization")
        if given is None:
            return None
        scheme, _, token = given.partition(" ")
        return token.strip().encode("latin-1") if scheme.lower() == "bearer" else b""

    def cookies(self, name: str) -> list[str]:
        """Values of the first few cookies of a name."""
        parts = (part.strip() for part in self.headers.get("cookie", "").split(";"))
        found = [part.removeprefix(f"{name}=") for part in parts if part.startswith(f"{name}=")]
        return found[:MAX_COOKIES]

    def check_once(self) -> None:
        """Raises LivenetError for an ambiguous duplicate header."""
        if self.repeated:
            raise LivenetError(
                f"The header {self.repeated} is there more than once",
                path=self.repeated,
                hint="Send it once. The host of an address in the first line counts as Host.",
            )

    def check_length(self, most: int) -> None:
        """Raises LivenetError for a body that is too long or has no known length."""
        length = self.headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            raise LivenetError(
                f"Content-Length is {length!r:.40}", path="content-length", hint="It is a number."
            )
        if len(length) > MAX_DIGITS or int(length) > most:
            raise TooLarge(
                f"The request has {length:.40} bytes", hint=f"At most {most:,} are read."
            )
        if self.method != "WS" and "transfer-encoding" in self.headers:
            raise TooLarge(
                "A request body without its length is not read", hint="Send a Content-Length."
            )


def _without_token(query: bytes) -> tuple[bytes | None, bytes]:
    """The token of a query (empty if there are several), and the query without it."""
    if b"token" not in query:
        return None, query
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    tokens = [value for name, value in pairs if name == "token"]
    if not tokens:
        return None, query
    rest = urlencode([pair for pair in pairs if pair[0] != "token"], encoding="latin-1")
    return tokens[0].encode("latin-1") if len(tokens) == 1 else b"", rest.encode()
