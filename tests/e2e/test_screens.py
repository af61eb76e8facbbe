"""The page on a phone, in the dark, and when its server or a worker goes away."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.lab import LAPTOP, Lab, opened
from tests.server import start_server
from tests.workers import kill_workers

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]


def test_nothing_sticks_out_of_a_phone(browser: Browser, address: str) -> None:
    phone = {"width": 390, "height": 844}
    with opened(browser, address, viewport=phone, has_touch=True, is_mobile=True) as lab:
        lab.open()
        assert lab.page.evaluate("document.documentElement.scrollWidth") <= 390
        lab.page.locator("#play").tap()
        lab.until_step(20)
        lab.page.get_by_label("Settings", exact=True).first.tap()
        lab.page.get_by_text("Learning rate").first.wait_for()


def test_a_laptop_needs_no_scrolling(lab: Lab) -> None:
    lab.open()
    assert lab.page.evaluate("document.documentElement.scrollHeight") <= LAPTOP["height"]
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= LAPTOP["width"]


def test_the_theme_changes_what_is_painted(lab: Lab) -> None:
    lab.open()
    light = lab.ink("#panel-output canvas")
    lab.page.keyboard.press("t")
    lab.until("document.documentElement.dataset.theme === 'dark'")
    lab.until_repainted("#panel-output canvas", light)


def test_the_page_survives_its_server(browser: Browser, tmp_path: Path) -> None:
    served = start_server("--data", str(tmp_path))
    try:
        with opened(browser, served.url) as lab:
            lab.open()
            lab.page.keyboard.press("Space")
            lab.until_step(30)
            lab.page.keyboard.press("Space")
            lab.until_paused()
            run, step = lab.run_id, lab.run()["step"]
            served.stop()
            lab.until(
                "document.querySelector('#messages').innerText.includes('server is restarting')"
            )
            port = served.host.rsplit(":", 1)[1]
            served = start_server("--data", str(tmp_path), "--port", port)
            lab.until("document.querySelector('#messages').innerText.trim() === ''", seconds=60)
            assert lab.run_id == run
            assert lab.run()["step"] == step
            lab.page.keyboard.press("ArrowRight")
            lab.until_step(step + 1)
            lab.problems.clear()  # the browser itself reports the refused connections
    finally:
        served.stop()


def test_a_worker_that_dies_is_hardly_noticed(browser: Browser) -> None:
    served = start_server("--workers", "1")
    try:
        with opened(browser, served.url) as lab:
            lab.open()
            lab.page.evaluate(LISTEN)
            lab.page.keyboard.press("Space")
            lab.until_step(100)
            run = lab.run_id
            for _ in range(2):
                kill_workers(served)
                lab.until_step(lab.run()["step"] + 100)
            found = lab.run()
            assert (lab.run_id, found["status"], found["error"]) == (run, "running", None)
            lab.page.keyboard.press("Space")
            lab.until_paused()
            assert lab.page.evaluate("alarms") == []
            rows = lab.context.request.get(f"{lab.address}/api/runs/{run}/series").json()
            steps = [row[rows["columns"].index("step")] for row in rows["rows"]]
            assert steps == sorted(set(steps))
            assert [row[0] for row in rows["rows"]] == list(range(1, len(steps) + 1))
            last = lab.run()["step"]
            lab.until(f"document.querySelector('#timeline .track').ariaValueMax === '{last}'")
            expect(lab.page.locator("#top .readouts")).to_contain_text(f"{last:,}")
            assert "NaN" not in lab.page.inner_text("body")
    finally:
        served.stop()


# Every card and every notice that is shown from now on.
LISTEN = """() => {
  window.alarms = [];
  for (const id of ["messages", "notices"]) {
    new MutationObserver(() => {
      const said = document.getElementById(id).innerText.trim();
      if (said) alarms.push(said);
    }).observe(document.getElementById(id), {childList: true, subtree: true});
  }
}"""
