"""The page in real Chromium, against a server as a user starts it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import find_chromium, launch_arguments
from tests.e2e.lab import LAPTOP, Lab, opened
from tests.leftovers import forgotten, no_run_left, shared
from tests.server import start_server

__all__ = ["LAPTOP", "Lab", "no_run_left"]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with shared(start_server()) as made:
        yield made.url


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


@pytest.fixture(autouse=True)
def runs_go_with_the_page(no_run_left: None) -> Iterator[None]:
    """Whatever a test does on a page makes runs: they are deleted once its pages are closed."""
    with forgotten():
        yield


@pytest.fixture
def lab(browser: Browser, address: str) -> Iterator[Lab]:
    with opened(browser, address) as made:
        yield made
