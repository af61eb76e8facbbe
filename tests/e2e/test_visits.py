"""What a visit finds and leaves: the last run again, deletions that can be undone, and silence."""

from __future__ import annotations

import os
import re
import signal
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.lab import Lab, opened
from tests.server import start_server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]


def visit(lab: Lab) -> None:
    """Opens the page's address without a run, as in a new tab."""
    lab.page.goto("about:blank")
    lab.open()


def all_runs(lab: Lab) -> set[str]:
    found: dict[str, Any] = lab.context.request.get(f"{lab.address}/api/runs").json()
    return {run["id"] for run in found["runs"]}


def test_every_visit_opens_the_same_run(lab: Lab) -> None:
    lab.open()
    run, before = lab.run_id, all_runs(lab)
    visit(lab)
    assert (lab.run_id, all_runs(lab)) == (run, before)
    assert lab.page.locator("#notices .notice").count() == 0
    lab.page.keyboard.press("ArrowRight")
    lab.until_step(1)
    visit(lab)
    assert (lab.run_id, all_runs(lab)) == (run, before)
    expect(lab.page.locator("#notices")).to_contain_text("This is your last run")
    lab.page.get_by_role("button", name="Start a new run").click()
    lab.until("(id) => !location.hash.includes(id)", run)


def test_a_key_pressed_before_there_is_a_run_is_for_the_first(lab: Lab) -> None:
    held: list[Route] = []
    lab.page.route("**/api/catalogue", lambda route: held.append(route))
    lab.page.goto(f"{lab.address}/", wait_until="commit")
    lab.page.wait_for_selector("#play")  # the page's scripts run
    lab.wait(lambda: held)
    lab.page.keyboard.press("Space")
    assert "run=" not in lab.page.url
    for route in held:
        route.continue_()
    lab.until_drawn()
    lab.until_step(20)


def test_a_key_pressed_before_the_scripts_have_loaded_is_for_the_first_run(lab: Lab) -> None:
    held: list[Route] = []
    lab.page.route(
        re.compile(r"/(start[^/]*\.js|page[^/]*\.css)"), lambda route: held.append(route)
    )
    lab.page.goto(f"{lab.address}/", wait_until="commit")
    lab.wait(lambda: len(held) == 2)
    lab.until("document.documentElement.dataset.theme && 'takeEarlyKeys' in globalThis")
    assert lab.page.locator("#play").count() == 0
    lab.page.keyboard.press("Space")
    for route in held:
        route.continue_()
    lab.until_drawn()
    lab.until_step(20)


def deleted(lab: Lab) -> str:
    """Opens a run, trains it a step, and deletes it on the page; gives its id."""
    lab.open()
    lab.page.keyboard.press("ArrowRight")
    lab.until_step(1)
    run = lab.run_id
    lab.page.locator("#runs .run-card").first.hover()
    lab.page.get_by_role("button", name=re.compile("^Delete")).first.click()
    lab.until("(id) => !location.hash.includes(id)", run)
    return run


def test_a_deleted_run_comes_back(lab: Lab) -> None:
    run = deleted(lab)
    lab.page.get_by_role("button", name="Undo").click()
    lab.until("(id) => location.hash.includes(id)", run)
    lab.until_step(1)
    assert run in all_runs(lab)


def test_a_deletion_is_sent_when_the_page_is_left(lab: Lab) -> None:
    run = deleted(lab)
    assert run in all_runs(lab)
    lab.page.goto("about:blank")
    lab.wait(lambda: run not in all_runs(lab))


def test_a_server_that_stands_still_is_said_to_be_silent(browser: Browser) -> None:
    served = start_server("--workers", "1")
    try:
        with opened(browser, served.url) as lab:
            lab.open()
            lab.page.keyboard.press("Space")
            lab.until_step(20)
            messages = lab.page.locator("#messages")
            os.kill(served.process.pid, signal.SIGSTOP)
            try:
                expect(messages).to_contain_text(re.compile("No word from the server for [3-9] s"))
                rate = lab.page.locator(".readouts .figure").filter(has_text="Steps/s")
                expect(rate).to_contain_text("waiting")
                expect(rate).not_to_contain_text(re.compile("[0-9]"))
            finally:
                os.kill(served.process.pid, signal.SIGCONT)
            expect(messages).to_be_empty()
            lab.page.keyboard.press("Space")
            lab.until_paused()
            lab.page.wait_for_timeout(6000)  # a run at rest is not silence
            expect(messages).to_be_empty()
    finally:
        served.stop()
