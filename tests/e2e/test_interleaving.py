"""Verbs that overlap, on the page: what a slow or refused request does to the one after it.

The whole matrix is in tests/frontend/state/interleaving.test.js; here are the cases that somebody
runs into, with the run that the server says was told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.conftest import LAPTOP, Lab
from tests.e2e.refusals import MESSAGE, refuse_pictures
from tests.server import eventually

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]


class Line:
    """Requests of the page that wait until the test lets them go, in any order."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def __call__(self, route: Route) -> None:
        self.routes.append(route)

    def let_go(self, *, reverse: bool = False) -> None:
        held, self.routes = self.routes, []
        for route in reversed(held) if reverse else held:
            route.continue_()


@contextmanager
def slow(lab: Lab, path: str) -> Iterator[Line]:
    """Holds the page's requests to addresses of this pattern, until the test lets them go."""
    line, pattern = Line(), re.compile(path)
    lab.page.route(pattern, line)
    try:
        yield line
    finally:
        line.let_go()
        lab.page.unroute(pattern)


def refusing(code: int) -> Callable[[Route], None]:
    """Refuses a request as the server might."""
    error = {"code": "internal", "message": "A fault", "path": "", "hint": ""}

    def refuse(route: Route) -> None:
        route.fulfill(status=code, json={"error": error})

    return refuse


def read(lab: Lab, run: str) -> dict[str, Any]:
    found: dict[str, Any] = lab.context.request.get(f"{lab.address}/api/runs/{run}").json()
    return found


def trained(lab: Lab) -> tuple[str, int]:
    """A run of some steps that rests, and looked at in its past."""
    lab.open()
    lab.page.keyboard.press("Space")
    lab.until_step(60)
    lab.page.keyboard.press("Space")
    lab.until_paused()
    return lab.run_id, int(lab.run()["step"])


def look_back(lab: Lab) -> None:
    lab.page.locator("#timeline .track").press("Home")
    lab.until("document.querySelector('#timeline .track').ariaValueNow === '0'")
    lab.page.evaluate("document.activeElement.blur()")


def test_steps_in_the_past_go_to_the_fork(lab: Lab) -> None:
    run, last = trained(lab)
    look_back(lab)
    with slow(lab, "/forks$") as line:
        for _ in range(3):
            lab.page.keyboard.press("ArrowRight")
        lab.page.wait_for_timeout(200)
        assert len(line.routes) == 1
        line.let_go()
        lab.until("(id) => !location.hash.includes(id)", run)
        eventually(lambda: lab.run()["step"] == 3)
    fork = lab.run()
    assert fork["parent"] == {"id": run, "step": 0}
    assert read(lab, run)["step"] == last
    lab.until_step(3)


def test_steps_for_a_fork_that_is_refused_move_nothing(lab: Lab) -> None:
    run, last = trained(lab)
    look_back(lab)
    lab.page.route(re.compile("/forks$"), refusing(500))
    for _ in range(3):
        lab.page.keyboard.press("ArrowRight")
        lab.page.wait_for_timeout(40)
    expect(lab.page.locator("#notices")).to_contain_text("A fault")
    lab.page.wait_for_timeout(400)
    assert lab.run_id == run
    assert read(lab, run)["step"] == last
    assert lab.page.locator("#timeline .track").get_attribute("aria-valuenow") == "0"
    lab.problems.clear()  # the browser itself reports the 500


@pytest.mark.parametrize("reverse", [False, True])
def test_of_two_runs_that_are_opened_the_last_comes(lab: Lab, reverse: bool) -> None:
    lab.open()
    runs = []
    for units in (4, 5, 6):
        lab.page.get_by_role("button", name=re.compile("^Step")).click()
        lab.until_step(1)
        run = lab.run_id
        runs.append(run)
        field = lab.page.get_by_label("Units of hidden 1")
        field.fill(str(units))
        field.press("Enter")
        lab.until("(id) => !location.hash.includes(id)", run)
    shown = lab.run_id
    cards = lab.page.locator("#runs .run-card .open")
    with slow(lab, r"/api/runs/[^/]+$") as line:
        cards.nth(1).click()
        cards.nth(3).click()
        lab.page.wait_for_timeout(100)
        assert len(line.routes) == 2
        line.let_go(reverse=reverse)
        lab.until("(id) => location.hash.includes(id)", runs[0])
        lab.page.wait_for_timeout(500)
    assert lab.run_id == runs[0]
    expect(lab.page.locator("#runs [aria-current]")).to_have_count(1)
    assert read(lab, shown)["journal"] == []


def test_what_is_pressed_while_another_run_opens_is_not_for_the_one_before(lab: Lab) -> None:
    first, last = trained(lab)
    lab.page.get_by_label("One unit more in hidden 1").click()
    lab.until("(id) => !location.hash.includes(id)", first)
    lab.page.keyboard.press("ArrowRight")
    lab.until_step(1)
    second = lab.run_id
    with slow(lab, r"/api/runs/[^/]+$") as line:
        lab.page.locator("#runs .run-card .open").nth(1).click()
        lab.page.evaluate("document.activeElement.blur()")
        lab.page.keyboard.press("ArrowRight")
        lab.page.wait_for_timeout(200)
        assert read(lab, second)["step"] == 1
        line.let_go()
        lab.until("(id) => location.hash.includes(id)", first)
    eventually(lambda: read(lab, first)["step"] == last + 1)
    assert read(lab, second)["step"] == 1


def test_the_last_of_play_and_pause_counts_however_slow_the_first_is(lab: Lab) -> None:
    lab.open()
    with slow(lab, "/commands$") as line:
        for _ in range(3):
            lab.page.keyboard.press("Space")
        lab.page.wait_for_timeout(100)
        assert len(line.routes) == 1
        for _ in range(3):
            line.let_go()
            lab.page.wait_for_timeout(200)
    eventually(lambda: lab.run()["status"] == "running")
    lab.until("document.querySelector('#play').innerText.includes('Pause')")


def test_a_change_makes_a_viewer_ask_for_nothing(lab: Lab) -> None:
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    run, _ = trained(lab)
    slider = lab.page.get_by_role("slider", name="Learning rate")
    slider.focus()
    asked.clear()
    for _ in range(5):
        slider.press("ArrowRight")
        lab.page.wait_for_timeout(80)
    eventually(lambda: len(read(lab, run)["journal"]) > 0)
    lab.page.wait_for_timeout(300)
    # A set is one request: what follows from it comes by the stream.
    calls = [one for one in asked if "/api/" in one]
    assert [one for one in calls if not one.endswith(f"/api/runs/{run}/commands")] == []


def test_two_tabs_keep_one_list_of_runs(lab: Lab) -> None:
    lab.open({"seed": 1})
    other = Lab(lab.context, lab.address)
    other.open({"seed": 2})
    for tab in (lab, other):
        tab.page.bring_to_front()
        tab.page.keyboard.press("ArrowRight")
        tab.until_step(1)
    for tab in (lab, other):
        expect(tab.page.locator("#runs .run-card")).to_have_count(2)
    gone = lab.run_id
    other.page.locator("#runs .run-card .delete").nth(1).click(force=True)
    expect(lab.page.locator("#runs .run-card")).to_have_count(1)
    expect(lab.page.get_by_role("alert")).to_contain_text("You deleted this run in another tab")
    other.page.keyboard.press("ArrowRight")
    other.until_step(2)
    stored = other.page.evaluate(
        "JSON.parse(localStorage.getItem('livenet.runs')).map((one) => one.id)"
    )
    assert stored == [other.run_id]
    assert gone not in stored
    assert other.problems == []


def test_a_picture_that_cannot_be_made_is_said_and_asked_for_once(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport=LAPTOP)  # type: ignore[arg-type]  # a plain dictionary
    lab = Lab(context, address)
    refused = refuse_pictures(lab.page, lambda message: message["probe"] == "weights")
    lab.open()
    lab.page.get_by_role("tab", name="Weights").click()
    panel = lab.page.locator("#panel-weights")
    expect(panel).to_contain_text(MESSAGE)
    box, said = panel.bounding_box(), panel.locator(".panel-message").bounding_box()
    assert box
    assert said
    assert box["x"] <= said["x"] < box["x"] + box["width"], "over its own panel"
    lab.page.wait_for_timeout(2500)
    assert len(refused) == 1
    context.close()
