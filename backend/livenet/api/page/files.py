"""The page's files, served from memory before a request reaches the router.

A file's address contains the hash of its content, so a browser requests it once and caches it
without a time limit. The table of files is made at start: no request names a file system path.
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
CHECK_EVERY = 0.25  # seconds: faster than a person saves and reloads


@dataclass(frozen=True)
class Place:
    """The route that a router leaves in the scope, for the counts of requests by route."""

    path: str


class Files:
    """Serves the known files; passes all other requests to the application.

    The application also serves the two pages if sources were edited after they were bundled.
    """

    def __init__(self, app: ASGIApp, frontend: Frontend, known: Mapping[str, Asset]) -> None:
        self.app = app
        self.frontend = frontend
        self.bundled = frontend.bundled()
        self.edited = frontend.edited()
        self.checked = monotonic()
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
        """Checks all sources, once for all requests that arrive together."""
        now = monotonic()
        if now - self.checked >= CHECK_EVERY:
            self.checked, self.edited = now, self.frontend.edited()
        return self.edited > self.bundled


def read_assets(built: Path, *, private: bool) -> dict[str, Asset]:
    """All files of a bundle, by address. ``private``: cached by browsers, not by proxies.

    Raises OSError if a file cannot be read.
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
