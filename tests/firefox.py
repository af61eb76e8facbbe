"""A stock Firefox, driven by WebDriver BiDi, for the tests.

Firefox listens for the protocol itself, so a websocket is all that is needed:
https://w3c.github.io/webdriver-bidi has the commands.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.kept import start_kept
from tests.server import PATIENCE

STARTS_WITHIN = 90.0  # seconds, on a busy machine
ADDRESS = "WebDriverBiDiServer.json"  # Firefox writes it into its profile once it listens


class Firefox:
    """A session with a running Firefox."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._last = 0
        self._log: list[dict[str, Any]] = []
        self.command("session.new", capabilities={})
        self.command("session.subscribe", events=["log.entryAdded"])

    def command(self, method: str, **params: Any) -> Any:
        """The result of a command. Raises AssertionError with Firefox's words if it fails."""
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(timeout=STARTS_WITHIN))
            if message["type"] == "event":
                self._log.append(message["params"])
            elif message["id"] == self._last:
                assert message["type"] == "success", f"{method}: {message['message']}"
                return message["result"]

    def errors(self) -> list[str]:
        """Uncaught exceptions and console errors of the open pages until now."""
        self.command("session.status")  # what was logged before the answer comes before it
        return [str(entry["text"]) for entry in self._log if entry["level"] == "error"]

    @contextmanager
    def page(self, width: int, height: int) -> Iterator[FirefoxPage]:
        """A page of this size in CSS pixels, with cookies and storage of its own."""
        user = self.command("browser.createUserContext")["userContext"]
        context = self.command("browsingContext.create", type="tab", userContext=user)["context"]
        self.command(
            "browsingContext.setViewport",
            context=context,
            viewport={"width": width, "height": height},
        )
        try:
            yield FirefoxPage(self, context)
        finally:
            self.command("browser.removeUserContext", userContext=user)
            self._log.clear()


class FirefoxPage:
    """A page, with the methods of Playwright's that the tests of all browsers call."""

    def __init__(self, firefox: Firefox, context: str) -> None:
        self._firefox = firefox
        self._context = context

    def add_init_script(self, script: str) -> None:
        """Runs a script in the page before its own."""
        self._firefox.command(
            "script.addPreloadScript",
            functionDeclaration=f"() => {{ {script} }}",
            contexts=[self._context],
        )

    def goto(self, url: str) -> None:
        self._firefox.command(
            "browsingContext.navigate", context=self._context, url=url, wait="complete"
        )

    def evaluate(self, expression: str) -> Any:
        """The value of an expression, by way of JSON. Raises AssertionError if it throws."""
        found = self._firefox.command(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self._context},
            awaitPromise=False,
        )
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return json.loads(found["result"].get("value", "null"))

    def click(self, selector: str) -> None:
        """Presses the pointer in the middle of the first such element, scrolled into view."""
        found = self._firefox.command(
            "script.evaluate",
            expression="(() => {"
            f"const found = document.querySelector({json.dumps(selector)});"
            "found.scrollIntoView({block: 'center', behavior: 'instant'}); return found; })()",
            target={"context": self._context},
            awaitPromise=False,
        )
        origin = {"type": "element", "element": {"sharedId": found["result"]["sharedId"]}}
        press: list[dict[str, Any]] = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._firefox.command(
            "input.performActions",
            context=self._context,
            actions=[{"type": "pointer", "id": "mouse", "actions": press}],
        )


@contextmanager
def firefox(path: str) -> Iterator[Firefox]:
    """A headless Firefox with a profile of its own, which ends with the block."""
    with TemporaryDirectory(prefix="livenet-firefox-") as profile:
        process = start_kept(
            [
                path,
                "--headless",
                "--no-remote",
                "--profile",
                profile,
                "--remote-debugging-port",
                "0",
            ]
        )
        try:
            with connect(_address(Path(profile)), max_size=None, proxy=None) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _address(profile: Path) -> str:
    """Where a Firefox that starts listens."""
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            found = json.loads((profile / ADDRESS).read_text())
            return f"ws://{found['ws_host']}:{found['ws_port']}/session"
        except (FileNotFoundError, json.JSONDecodeError):  # not yet there, or half written
            assert time.monotonic() < deadline, f"Firefox did not start within {STARTS_WITHIN:g} s"
            time.sleep(0.05)
