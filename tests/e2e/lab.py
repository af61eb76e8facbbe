"""A browser on the page, as the tests see it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.server import PATIENCE, eventually

LAPTOP = {"width": 1440, "height": 900}
expect.set_options(timeout=PATIENCE * 1000)  # by default 5 s, which a busy machine may need

# An error in a resize callback's loop is an event of the window, which no browser's protocol tells.
TELL_ERRORS = "addEventListener('error', ({message}) => console.error(message));"

CLOSES_WITHIN = 10.0  # seconds that requests under way may take at the end


class Lab:
    """A browser on the page, and what went wrong in it."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        context.add_init_script(TELL_ERRORS)
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self._making: list[Request] = []
        context.on("request", self._sent)
        context.on("requestfinished", self._answered)
        context.on("requestfailed", self._answered)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.problems.append(said.text) if said.type == "error" else None,
        )

    def open(self, spec: dict[str, Any] | None = None) -> None:
        """Opens a run of a spec, and waits until its network is drawn."""
        text = quote(json.dumps(spec)) if spec else ""
        self.page.goto(f"{self.address}/{f'#spec={text}' if text else ''}")
        self.until_drawn()

    def until_drawn(self) -> None:
        """Waits until a run is open, obeys (or says why not), and its network is drawn.

        Panels have their canvases before the server has answered, so those alone say nothing.
        """
        self.until("location.hash.includes('run=')")
        self.page.wait_for_selector("#play:not([disabled])")
        self.page.wait_for_selector("#panel-output canvas")

    @property
    def run_id(self) -> str:
        found: str = self.page.evaluate("new URLSearchParams(location.hash.slice(1)).get('run')")
        return found

    def run(self) -> dict[str, Any]:
        """The run on the page, as the server knows it."""
        url = f"{self.address}/api/runs/{self.run_id}"
        found: dict[str, Any] = self.context.request.get(url).json()
        return found

    def until(self, true: str, argument: object = None, seconds: float = PATIENCE) -> None:
        """Waits until a JavaScript expression, or a function of the argument, holds.

        Asks from outside: the page's Content-Security-Policy lets nothing be evaluated inside.
        """
        end = time.monotonic() + seconds
        while not self.page.evaluate(true, argument):
            assert time.monotonic() < end, f"not so within {seconds} s: {true} {argument}"
            self.page.wait_for_timeout(30)

    def wait(self, check: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Waits until something holds that the page's own events bring about."""
        end = time.monotonic() + seconds
        while not check():
            assert time.monotonic() < end, f"not so within {seconds} s"
            self.page.wait_for_timeout(30)

    def until_step(self, step: int) -> None:
        """Waits until the readout of the step has reached a number."""
        self.until(
            "(least) => Number(document.querySelector('#timeline .track').ariaValueMax) >= least",
            step,
        )

    def until_paused(self) -> None:
        """Waits until the page offers Play, and then until the server has paused the run: the
        button does not wait for it, and steps already on their way are still taken."""
        self.until("document.querySelector('#play').innerText.includes('Play')")
        eventually(lambda: self.run()["status"] == "paused")

    def until_repainted(self, selector: str, before: str) -> None:
        """Waits until a canvas shows something else than it did."""
        self.until(
            "([selector, before]) => document.querySelector(selector).toDataURL() !== before",
            [selector, before],
        )

    def ink(self, selector: str) -> str:
        """A digest of what a canvas shows: changes when the picture does."""
        found: str = self.page.eval_on_selector(selector, "(canvas) => canvas.toDataURL()")
        return found

    def close(self) -> None:
        """Closes all pages, once the server has answered what makes runs: a run whose answer nobody
        hears would come after all others have been deleted."""
        end = time.monotonic() + CLOSES_WITHIN
        while self._making and time.monotonic() < end and not self.page.is_closed():
            self.page.wait_for_timeout(20)
        self.context.close()

    def _sent(self, request: Request) -> None:
        if request.method == "POST" and request.url.endswith(("/api/runs", "/forks")):
            self._making.append(request)

    def _answered(self, request: Request) -> None:
        if request in self._making:
            self._making.remove(request)


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Lab]:
    """A lab in a browser of its own, where nothing may go wrong."""
    lab = Lab(browser.new_context(**{"viewport": LAPTOP, **options}), address)
    try:
        yield lab
    finally:
        lab.close()
    assert lab.problems == []
