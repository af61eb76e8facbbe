"""The page's files, answered from memory before the router looks at a request.

A file's address has its content's hash in it, so a browser keeps it for good and asks once. What
is served is a table made at start: no request names a path of the file system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from starlette.types import ASGIApp, Receive, Scope, Send

from livenet.api.page.asset import ASK_AGAIN, FOREVER, Asset
from livenet.api.page.frontend import PAGES, Frontend

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
ENDINGS = {"br": ".br", "gzip": ".gz"}
LOOKS_EVERY = 0.25  # seconds: nobody saves and reloads faster


@dataclass(frozen=True)
class Place:
    """What a router leaves in the scope, for who counts requests by their route."""

    path: str


class Files:
    """Answers what is known; all else is the application's.

    The two pages too, where sources were edited after they were bundled.
    """

    def __init__(self, app: ASGIApp, frontend: Frontend, known: Mapping[str, Asset]) -> None:
        self.app = app
        self.frontend = frontend
        self.bundled = frontend.bundled()
        self.edited = frontend.edited()
        self.looked = monotonic()
        self.known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if scope["type"] == "http" else None
        if found:
            scope["route"] = Place(scope["path"] if scope["path"] in PAGES else "/assets/{name}")
        await (found or self.app)(scope, receive, send)

    def _find(self, scope: Scope) -> Asset | None:
        path = scope["path"]
        if scope["method"] not in ("GET", "HEAD") or (path in PAGES and self._outdated()):
            return None
        return self.known.get(path)

    def _outdated(self) -> bool:
        """Looks at all sources, and not for each of those who come in at once."""
        now = monotonic()
        if now - self.looked >= LOOKS_EVERY:
            self.looked, self.edited = now, self.frontend.edited()
        return self.edited > self.bundled


def read_assets(built: Path, *, private: bool) -> dict[str, Asset]:
    """By address, all that a bundle has. ``private``: only for the browser, not for caches between.

    Raises OSError where a file cannot be read.
    """
    forever = FOREVER.replace("public", "private") if private else FOREVER
    found = {address: _read(built / name, ASK_AGAIN) for address, name in PAGES.items()}
    for path in (built / "assets").iterdir():
        if path.suffix not in ENDINGS.values():
            found[f"/assets/{path.name}"] = _read(path, forever)
    return found


def _read(path: Path, cache: str) -> Asset:
    encoded = {
        name: beside.read_bytes()
        for name, ending in ENDINGS.items()
        if (beside := path.with_name(path.name + ending)).is_file()
    }
    return Asset(path.read_bytes(), MEDIA_TYPES[path.suffix], cache, encoded)
