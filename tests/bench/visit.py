"""What a visit of the page asks the server for, seen in a real Chromium, not written down."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Request, WebSocket, sync_playwright

from tests.browser import find_chromium, launch_arguments


@dataclass(frozen=True)
class Call:
    """One request, or a handshake."""

    method: str
    path: str
    body: str | None = None


@dataclass
class Visit:
    """All requests until the first picture is painted."""

    page: str
    encodings: str
    files: list[Call] = field(default_factory=list)  # what the page names: all at once
    calls: list[Call] = field(default_factory=list)  # what its code then asks for: in turn
    stream: str = ""
    says: list[str] = field(default_factory=list)  # into the stream, until the first picture

    @property
    def requests(self) -> int:
        return 2 + len(self.files) + len(self.calls)

    def dump(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> Visit:
        found = json.loads(text)
        for kind in ("files", "calls"):
            found[kind] = [Call(**one) for one in found[kind]]
        return cls(**found)


def record(address: str, fragment: str) -> Visit:
    """Opens the page once, with nothing in the browser's cache."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=launch_arguments()
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        requests: list[Request] = []
        painted = False

        def requested(request: Request) -> None:
            if not painted:
                requests.append(request)

        def said(text: str | bytes) -> None:
            nonlocal painted
            assert isinstance(text, str)
            painted = painted or json.loads(text)["kind"] == "ack"
            if not painted:
                visit.says.append(text)

        def connected(socket: WebSocket) -> None:
            visit.stream = urlsplit(socket.url).path
            socket.on("framesent", said)

        visit = Visit(page="/", encodings="")
        page.on("request", requested)
        page.on("websocket", connected)
        page.goto(f"{address}/#{fragment}")
        while not painted:
            page.wait_for_timeout(10)
        visit.encodings = requests[0].all_headers()["accept-encoding"]
        for request in requests[1:]:
            call = _call(request)
            named = not call.path.startswith("/api/") or call.path == "/api/catalogue"
            (visit.files if named else visit.calls).append(call)
        browser.close()
    return visit


def _call(request: Request) -> Call:
    parts: Any = urlsplit(request.url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return Call(request.method, path, request.post_data)
