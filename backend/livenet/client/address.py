"""A server's address, and the credentials for it."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

import httpx2

from livenet.errors import LivenetError

SCHEMES = {"http": "ws", "https": "wss"}
_SENDABLE = re.compile(r"[!-~]+")


@dataclass(frozen=True)
class Address:
    """A server, as ``scheme://host:port`` and the path before ``/api``, if any.

    Its ``repr`` contains neither token nor identity.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    identity: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, url: str, token: str | None, identity: str | None) -> Address:
        """An address from a URL, which may be the link that contains the token.

        The defaults are LIVENET_TOKEN and LIVENET_IDENTITY. Raises LivenetError for invalid
        values.
        """
        parts = urlsplit(url)
        bare = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise LivenetError(
                f"{url.partition('?')[0]!r} is not an address",
                hint="It begins with http:// or https://, such as http://127.0.0.1:8000.",
            )
        linked = parse_qs(parts.query).get("token", [None])[0]
        return cls(
            bare,
            _sendable("token", token or linked or os.environ.get("LIVENET_TOKEN")),
            _sendable("identity", identity or os.environ.get("LIVENET_IDENTITY")),
        )

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of every request."""
        found = {}
        if self.token:
            found["Authorization"] = f"Bearer {self.token}"
            if self.identity:
                found["Livenet-Identity"] = self.identity
        return found

    @property
    def on_this_machine(self) -> bool:
        """Whether the server is on this machine, so that no proxy is used."""
        name = urlsplit(self.url).hostname or ""
        try:
            return ip_address(name).is_loopback
        except ValueError:
            return name == "localhost"

    @cached_property
    def tls(self) -> ssl.SSLContext | None:
        """The certificates that are trusted, the same for requests and streams."""
        return httpx2.create_ssl_context() if self.url.startswith("https:") else None

    def socket(self, path: str) -> str:
        """The address of a websocket."""
        scheme, _, rest = self.url.partition(":")
        return f"{SCHEMES[scheme]}:{rest}{path}"


def _sendable(name: str, value: str | None) -> str | None:
    """A value that a header can carry. Raises LivenetError, which does not contain it."""
    if value and not _SENDABLE.fullmatch(value):
        raise LivenetError(
            f"The {name} has characters that cannot be sent",
            path=name,
            hint="It has letters, digits and signs, and no spaces.",
        )
    return value or None
