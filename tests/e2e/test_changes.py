"""Changing a run from the page: live, restarting, refused, and from the past."""

from __future__ import annotations

import pytest

from tests.e2e.lab import Lab
from tests.server import eventually

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]


def typed(lab: Lab, path: str, text: str) -> None:
    """Types into the field of a knob, by the field's path in the spec."""
    field = lab.page.locator(f"input.typed[id$='{path.replace('.', '-')}']")
    field.fill(text)
    field.press("Enter")


def test_a_live_knob_does_not_restart(lab: Lab) -> None:
    lab.open()
    lab.page.keyboard.press("Space")
    lab.until_step(20)
    run = lab.run_id
    typed(lab, "optimizer.lr", "0.03")
    lab.until("(id) => location.hash.includes('0.03') && location.hash.includes(id)", run)
    found = lab.run()
    assert found["id"] == run
    assert found["spec"]["optimizer"]["lr"] == 0.01
    assert found["spec_in_force"]["optimizer"]["lr"] == 0.03
    assert found["journal"][-1]["command"]["changes"] == {"optimizer.lr": 0.03}


def test_a_knob_that_restarts_says_so_and_does(lab: Lab) -> None:
    lab.open()
    lab.page.keyboard.press("Space")
    lab.until_step(20)
    run = lab.run_id
    lab.page.get_by_label("One unit more in hidden 1").click()
    lab.until("(id) => !location.hash.includes(id)", run)
    assert lab.run()["spec"]["model"]["hidden"] == [9, 8]
    lab.until("document.querySelector('#notices').innerText.length > 0")


def test_layers_come_and_go_in_place(lab: Lab) -> None:
    lab.open()
    lab.page.get_by_label("Add a hidden layer before output").click()
    lab.until("document.querySelectorAll('.net-head').length === 5")
    eventually(lambda: len(lab.run()["spec"]["model"]["hidden"]) == 3)
    lab.page.get_by_label("Remove hidden 1").click()
    lab.until("document.querySelectorAll('.net-head').length === 4")
    eventually(lambda: len(lab.run()["spec"]["model"]["hidden"]) == 2)


def test_a_refusal_stands_at_its_control_and_the_run_goes_on(lab: Lab) -> None:
    lab.open()
    lab.page.keyboard.press("Space")
    lab.until_step(10)
    run = lab.run_id
    typed(lab, "training.batch_size", "100000")
    lab.until("document.querySelector('#controls .refused') !== null")
    refused = lab.page.locator("#controls .refused").inner_text()
    assert "batch" in refused.lower()
    assert lab.run_id == run
    assert lab.run()["status"] == "running"
    lab.problems.clear()  # the browser itself reports the 422


def test_nonsense_in_a_number_field_is_said_to_be(lab: Lab) -> None:
    lab.open()
    typed(lab, "optimizer.lr", "fast")
    lab.until("document.querySelector('#controls .refused')?.innerText.includes('number')")
    assert lab.run()["journal"] == []


def test_one_looks_back_and_goes_on_from_there(lab: Lab) -> None:
    lab.open()
    lab.page.keyboard.press("Space")
    lab.until_step(120)
    lab.page.keyboard.press("Space")
    lab.until_paused()
    run, last = lab.run_id, lab.run()["step"]
    live = lab.ink("#panel-output canvas")
    track = lab.page.locator("#timeline .track")
    track.focus()
    track.press("Home")
    lab.until("document.querySelector('#timeline .track').ariaValueNow === '0'")
    lab.until_repainted("#panel-output canvas", live)
    assert lab.run()["step"] == last  # the run itself is not touched
    lab.page.locator("#timeline").get_by_role("button", name="Continue from here").click()
    lab.until("(id) => !location.hash.includes(id)", run)
    assert lab.run()["parent"] == {"id": run, "step": 0}


def test_reset_keeps_the_initialization(lab: Lab) -> None:
    lab.open()
    before = lab.run()["metrics"]["train_loss"]
    lab.page.keyboard.press("Space")
    lab.until_step(50)
    run = lab.run_id
    lab.page.get_by_role("button", name="Reset").first.click()
    lab.until("(id) => !location.hash.includes(id)", run)
    series = lab.context.request.get(f"{lab.address}/api/runs/{lab.run_id}/series").json()
    assert series["rows"][0][series["columns"].index("train_loss")] == before


def test_a_diverged_run_explains_itself_and_offers_a_way_out(lab: Lab) -> None:
    lab.open({"data": {"kind": "sine"}, "optimizer": {"kind": "sgd", "lr": 1e5}})
    lab.page.keyboard.press("Space")
    card = lab.page.get_by_role("alert")
    card.wait_for()
    assert "learning rate" in card.inner_text().lower()
    run = lab.run_id
    card.get_by_role("button").first.click()
    lab.until("(id) => !location.hash.includes(id)", run)


def test_the_regions_on_the_page_are_those_of_the_server(lab: Lab) -> None:
    lab.open({"model": {"activation": "relu"}})
    lab.page.keyboard.press("ArrowRight")
    lab.until_step(1)
    lab.page.get_by_role("tab", name="Regions").click()
    url = f"{lab.address}/api/runs/{lab.run_id}/probes/regions"
    facts = lab.context.request.get(url).json()["facts"]
    lab.until(
        "(count) => document.querySelector('#panel-regions').innerText.includes(count)",
        str(facts["linear_regions"]),
    )


def test_a_smooth_net_is_refused_by_the_regions_in_words(lab: Lab) -> None:
    lab.open()
    lab.page.get_by_role("tab", name="Regions").click()
    lab.until(
        "document.querySelector('#panel-regions').innerText.toLowerCase().includes('piecewise')"
    )
