"""The page in real Chromium, against a server as a user starts it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import find_chromium, launch_arguments
from tests.server import eventually, serving

LAPTOP = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for the session: Playwright's event loop runs in this thread as long as it is open, and
    asynchronous tests after it could not have one."""
    path = find_chromium()
    assert path, "No Chromium: run `python -m tests.browser`"
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=launch_arguments())
        yield made
        made.close()


class Lab:
    """A browser on the page, and what went wrong in it."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.page: Page = context.new_page()
        self.problems: list[str] = []
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

    def until(self, true: str, argument: object = None, seconds: float = 30) -> None:
        """Waits until a JavaScript expression, or a function of the argument, holds.

        Asks from outside: the page's Content-Security-Policy lets nothing be evaluated inside.
        """
        end = time.monotonic() + seconds
        while not self.page.evaluate(true, argument):
            assert time.monotonic() < end, f"not so within {seconds} s: {true} {argument}"
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

    def ink(self, selector: str) -> str:
        """A digest of what a canvas shows: changes when the picture does."""
        found: str = self.page.eval_on_selector(selector, "(canvas) => canvas.toDataURL()")
        return found


@pytest.fixture
def lab(browser: Browser, address: str) -> Iterator[Lab]:
    context = browser.new_context(viewport=LAPTOP)  # type: ignore[arg-type]  # a plain dictionary
    made = Lab(context, address)
    yield made
    problems = made.problems
    context.close()
    assert problems == []
