"""The table of all runs: found, sorted, opened by pointer and by keys, renamed, tagged, deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.lab import Lab
from tests.server import eventually

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

NAMES = ("Apples", "Pears", "Plums")


@pytest.fixture
def ids(lab: Lab) -> dict[str, str]:
    """The runs of the table by name, beside the one on the page; the last is the newest."""
    lab.open()
    made = {name: make(lab, name, number) for number, name in enumerate(NAMES, start=1)}
    lab.page.keyboard.press("a")
    lab.page.wait_for_selector(".run-row")
    return made


def make(lab: Lab, name: str, steps: int) -> str:
    run = post(lab, "/api/runs", {"name": name, "start": False, "spec": {"optimizer": {"lr": 0.1}}})
    command = {"kind": "step", "steps": 20 * steps}
    post(lab, f"/api/runs/{run['id']}/commands", command)
    eventually(lambda: get(lab, f"/api/runs/{run['id']}")["status"] == "paused")
    return str(run["id"])


def get(lab: Lab, path: str) -> dict[str, Any]:
    found: dict[str, Any] = lab.context.request.get(f"{lab.address}{path}").json()
    return found


def post(lab: Lab, path: str, body: object) -> dict[str, Any]:
    answer = lab.context.request.post(f"{lab.address}{path}", data=body)
    assert answer.ok, answer.text()
    found: dict[str, Any] = answer.json()
    return found


def shown(lab: Lab) -> list[str]:
    return lab.page.locator(".open-run").all_inner_texts()


def line(lab: Lab, name: str) -> Locator:
    return lab.page.locator(".run-row").filter(has=lab.page.get_by_text(name, exact=True))


def until(lab: Lab, check: Callable[[], object]) -> None:
    lab.wait(check)


def test_runs_are_found_and_sorted(lab: Lab, ids: dict[str, str]) -> None:
    until(lab, lambda: shown(lab)[:3] == ["Plums", "Pears", "Apples"])
    expect(line(lab, "Plums")).to_contain_text("learning rate 0.1")
    expect(line(lab, "Plums")).to_contain_text("60")
    lab.until("document.querySelectorAll('.run-row .run-curve path[d]').length >= 3")
    lab.page.get_by_label("Search by name").fill("p")
    until(lab, lambda: len(shown(lab)) == 4)  # the run on the page is named after its spiral
    lab.page.get_by_label("Search by name").fill("pl")
    until(lab, lambda: shown(lab) == ["Plums", "Apples"])
    lab.page.get_by_role("button", name="Step", exact=True).last.click()
    head = lab.page.get_by_role("columnheader", name="Step")
    expect(head).to_have_attribute("aria-sort", "descending")
    head.get_by_role("button").click()
    until(lab, lambda: shown(lab) == ["Apples", "Plums"])
    expect(head).to_have_attribute("aria-sort", "ascending")
    lab.page.get_by_label("Status").select_option("running")
    expect(lab.page.get_by_text("No run matches")).to_be_visible()
    lab.page.get_by_role("button", name="Clear the filters").click()
    until(lab, lambda: len(shown(lab)) == 4)


def test_a_press_on_a_row_opens_its_run(lab: Lab, ids: dict[str, str]) -> None:
    line(lab, "Pears").locator(".status-cell").click()
    lab.page.wait_for_selector("dialog", state="detached")
    lab.until("(id) => location.hash.includes(id)", ids["Pears"])


def test_keys_lead_through_the_rows(lab: Lab, ids: dict[str, str]) -> None:
    lab.page.keyboard.press("Home")  # of the search box
    expect(lab.page.get_by_label("Search by name")).to_be_focused()
    lab.page.keyboard.press("ArrowDown")
    name = "document.activeElement.innerText"
    lab.page.keyboard.press("Home")
    assert lab.page.evaluate(name) == "Plums"
    lab.page.keyboard.press("ArrowDown")
    assert lab.page.evaluate(name) == "Pears"
    lab.page.keyboard.press("F2")
    expect(lab.page.get_by_label("Name", exact=True)).to_be_focused()
    lab.page.keyboard.press("Escape")  # of the field, not of the dialog
    lab.until(f"{name} === 'Pears'")
    lab.page.keyboard.press("Enter")
    lab.page.wait_for_selector("dialog", state="detached")
    lab.until("(id) => location.hash.includes(id)", ids["Pears"])


def test_escape_returns_to_the_button(lab: Lab) -> None:
    lab.open()
    button = lab.page.get_by_role("button", name="All runs…")
    button.click()
    lab.page.wait_for_selector(".run-row")
    lab.page.keyboard.press("Escape")
    lab.page.wait_for_selector("dialog", state="detached")
    expect(button).to_be_focused()


def test_the_list_follows_the_server_and_keeps_the_selection(lab: Lab, ids: dict[str, str]) -> None:
    line(lab, "Pears").get_by_role("checkbox").click()
    expect(lab.page.get_by_text("1 run selected")).to_be_visible()
    make(lab, "Figs", 1)
    until(lab, lambda: shown(lab)[0] == "Figs")
    expect(line(lab, "Pears").get_by_role("checkbox")).to_be_checked()
    expect(line(lab, "Pears").get_by_role("checkbox")).to_be_focused()


def test_a_run_is_renamed_tagged_and_kept(lab: Lab, ids: dict[str, str]) -> None:
    row = line(lab, "Pears")
    row.hover()
    row.get_by_role("button", name="Rename or tag Pears").click()
    lab.page.get_by_label("Name", exact=True).fill("Quinces")
    lab.page.get_by_label("Add a tag").fill("fruit, ripe")
    lab.page.get_by_role("button", name="Save").click()
    row = line(lab, "Quinces")
    row.get_by_role("button", name="Keep Quinces").click()
    expect(row.get_by_role("button", name="Keep Quinces")).to_have_attribute("aria-pressed", "true")
    found = get(lab, f"/api/runs/{ids['Pears']}")
    assert (found["name"], found["tags"], found["pinned"]) == ("Quinces", ["fruit", "ripe"], True)
    row.get_by_role("button", name="Show runs with the tag ripe").click()
    until(lab, lambda: shown(lab) == ["Quinces"])


def test_a_name_is_saved_when_its_field_is_left(lab: Lab, ids: dict[str, str]) -> None:
    name = lab.page.get_by_label("Name", exact=True)
    line(lab, "Pears").locator(".open-run").focus()
    lab.page.keyboard.press("F2")
    name.fill("Quinces")
    line(lab, "Apples").locator(".open-run").click()
    lab.page.wait_for_selector("dialog", state="detached")
    lab.until("(id) => location.hash.includes(id)", ids["Apples"])
    eventually(lambda: get(lab, f"/api/runs/{ids['Pears']}")["name"] == "Quinces")
    lab.page.keyboard.press("a")
    line(lab, "Quinces").locator(".open-run").focus()
    lab.page.keyboard.press("F2")
    name.fill("Nothing")
    lab.page.keyboard.press("Escape")
    expect(name).to_have_count(0)
    expect(line(lab, "Quinces")).to_be_visible()
    lab.page.keyboard.press("F2")
    name.fill("Figs")
    lab.page.get_by_label("Search by name").focus()
    expect(line(lab, "Figs")).to_be_visible()
    assert get(lab, f"/api/runs/{ids['Pears']}")["name"] == "Figs"


def test_selected_runs_are_deleted_until_it_is_undone(lab: Lab, ids: dict[str, str]) -> None:
    for name in ("Pears", "Plums"):
        line(lab, name).get_by_role("checkbox").click()
    lab.page.get_by_role("button", name="Delete", exact=True).click()
    until(lab, lambda: "Pears" not in shown(lab))
    lab.page.locator("dialog").get_by_role("button", name="Undo").click()
    until(lab, lambda: "Pears" in shown(lab))
    line(lab, "Pears").get_by_role("checkbox").click()
    lab.page.get_by_role("button", name="Delete", exact=True).click()
    until(lab, lambda: "Pears" not in shown(lab))
    lab.page.close(run_before_unload=True)
    gone = f"{lab.address}/api/runs/{ids['Pears']}"
    eventually(lambda: lab.context.request.get(gone).status == 404)


def test_a_tip_lies_over_the_dialog(lab: Lab, ids: dict[str, str]) -> None:
    line(lab, "Pears").locator("time").hover()
    expect(lab.page.locator("dialog #tooltip")).to_be_visible()
