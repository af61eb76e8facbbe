"""What someone sees who opens the page for the first time."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from tests.e2e.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]


def test_everything_is_drawn_before_play_is_pressed(lab: Lab) -> None:
    lab.open()
    assert lab.run()["status"] == "paused"
    assert lab.run()["step"] == 0
    lab.until("document.querySelectorAll('#network canvas').length > 0")
    assert lab.page.get_by_role("button", name="Play", exact=True).is_enabled()
    assert "105 parameters" in lab.page.inner_text("#controls")


def test_one_press_of_play_trains_and_draws(lab: Lab) -> None:
    lab.open()
    before = lab.ink("#panel-output canvas")
    lab.page.get_by_role("button", name="Play", exact=True).click()
    lab.until_step(100)
    lab.until_repainted("#panel-output canvas", before)
    lab.page.get_by_role("button", name="Pause", exact=True).click()
    lab.until_paused()


def test_space_plays_and_the_arrow_steps(lab: Lab) -> None:
    lab.open()
    lab.page.keyboard.press("ArrowRight")
    lab.until_step(1)
    assert lab.run()["step"] == 1
    lab.page.keyboard.press("Shift+ArrowRight")
    lab.until_step(25)
    assert lab.run()["step"] == 25
    lab.page.keyboard.press("Space")
    lab.until_step(40)
    lab.page.keyboard.press("Space")
    lab.until_paused()


def test_a_reload_finds_the_same_run(lab: Lab) -> None:
    lab.open()
    lab.page.keyboard.press("Space")
    lab.until_step(30)
    run = lab.run_id
    lab.page.reload()
    lab.until_drawn()
    lab.until_step(30)
    assert lab.run_id == run


def test_a_run_that_is_gone_is_said_to_be(lab: Lab) -> None:
    lab.page.goto(f"{lab.address}/#run=nowhere")
    card = lab.page.get_by_role("alert")
    card.wait_for()
    assert "No such run" in card.inner_text()
    lab.problems.clear()  # the browser itself reports the 404
    card.get_by_role("button").first.click()
    lab.until_drawn()
    lab.until("location.hash.includes('run=') && !location.hash.includes('nowhere')")


def test_the_address_may_hold_nonsense(lab: Lab) -> None:
    lab.page.goto(f"{lab.address}/#spec=%7Bnonsense")
    lab.until_drawn()
    lab.until("document.querySelector('#notices').innerText.includes('cannot be read')")


def test_an_address_chosen_while_the_page_opens_is_kept(lab: Lab) -> None:
    """The first run is still on its way when the viewer goes to another."""
    answer = lab.context.request.post(f"{lab.address}/api/runs", data={"spec": {"seed": 7}})
    other = answer.json()["id"]
    held: list[Route] = []
    lab.page.route("**/api/runs", lambda route: held.append(route))
    lab.page.goto(lab.address)
    lab.wait(lambda: held)
    lab.page.evaluate("(id) => { location.hash = `run=${id}`; }", other)
    for route in held:
        route.continue_()
    lab.page.unroute_all(behavior="wait")
    lab.until_drawn()
    lab.until("(id) => location.hash.includes(id)", other)
    assert lab.run_id == other
    lab.page.reload()
    lab.until_drawn()
    assert lab.run_id == other
