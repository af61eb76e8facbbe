"""The page on a phone, in the dark, and when its server goes away."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import LAPTOP, Lab
from tests.server import start_server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_nothing_sticks_out_of_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    lab = Lab(context, address)
    lab.open()
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= 390
    lab.page.locator("#play").tap()
    lab.until_step(20)
    lab.page.get_by_label("Settings", exact=True).first.tap()
    lab.page.get_by_text("Learning rate").first.wait_for()
    context.close()
    assert lab.problems == []


def test_a_laptop_needs_no_scrolling(lab: Lab) -> None:
    lab.open()
    assert lab.page.evaluate("document.documentElement.scrollHeight") <= LAPTOP["height"]
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= LAPTOP["width"]


def test_the_theme_changes_what_is_painted(lab: Lab) -> None:
    lab.open()
    light = lab.ink("#panel-output canvas")
    lab.page.keyboard.press("t")
    lab.until("document.documentElement.dataset.theme === 'dark'")
    lab.until(
        "(light) => document.querySelector('#panel-output canvas').toDataURL() !== light", light
    )


def test_the_page_survives_its_server(browser: Browser, tmp_path: Path) -> None:
    served = start_server("--data", str(tmp_path))
    context = browser.new_context(viewport=LAPTOP)  # type: ignore[arg-type]  # a plain dictionary
    lab = Lab(context, served.url)
    try:
        lab.open()
        lab.page.keyboard.press("Space")
        lab.until_step(30)
        lab.page.keyboard.press("Space")
        lab.until("document.querySelector('#play').innerText.includes('Play')")
        run, step = lab.run_id, lab.run()["step"]
        served.stop()
        lab.until("document.querySelector('#messages').innerText.includes('connection is lost')")
        port = served.host.rsplit(":", 1)[1]
        served = start_server("--data", str(tmp_path), "--port", port)
        lab.until("document.querySelector('#messages').innerText.trim() === ''", seconds=60)
        assert lab.run_id == run
        assert lab.run()["step"] == step
        lab.page.keyboard.press("ArrowRight")
        lab.until_step(step + 1)
    finally:
        context.close()
        served.stop()
