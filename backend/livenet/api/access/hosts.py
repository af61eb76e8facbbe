"""The Host and Origin values that the server accepts: its own addresses, and tunnels.

A tunnel (ssh -L, docker -p, a notebook server's proxy) has a port of its own on the near side that
the server does not know. A loopback name is accepted with any port: no other site can have that
name, which DNS rebinding relies on. A page there is the server's own only at that same port.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from livenet.api.access.origins import LOOPBACK, is_loopback, netlocs, spellings

MAX_PORT = 65535
_NETLOC = re.compile(rf"(?:{'|'.join(map(re.escape, LOOPBACK))})(?::([1-9][0-9]{{0,4}}))?")


class Hosts:
    """The server's addresses, ``origins``, each ``scheme://host:port``, and tunnels to it."""

    def __init__(self, origins: Iterable[str]) -> None:
        origins = frozenset(origins)
        self._netlocs = netlocs(origins)
        self._origins = frozenset(spelling for one in origins for spelling in spellings(one))
        self._elsewhere = frozenset(one for one in self._origins if not is_loopback(one))
        self._tunnelled = any(map(is_loopback, origins))

    def accepts_host(self, host: str) -> bool:
        """Whether a Host header, in lower case, is this server's."""
        return host in self._netlocs or self._through_a_tunnel(host)

    def accepts_origin(self, origin: str, host: str) -> bool:
        """Whether a page of an origin may send requests to a known Host."""
        if host in self._netlocs:
            return origin in self._origins
        return origin == f"http://{host}" or origin in self._elsewhere

    def schemes(self, host: str) -> frozenset[str]:
        """The schemes that a browser may have used for a Host: http through a tunnel."""
        return self._netlocs.get(host, frozenset({"http"}))

    def _through_a_tunnel(self, host: str) -> bool:
        found = _NETLOC.fullmatch(host) if self._tunnelled else None
        return found is not None and int(found[1] or 80) <= MAX_PORT
