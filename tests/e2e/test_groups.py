"""Groups of runs: made by the dialog, watched to their end, compared, opened, deleted; and runs
that wait for their turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.e2e.lab import Lab
from tests.server import eventually

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

SHORT = {"data": {"kind": "moons", "samples": 60}, "model": {"hidden": [3]}}
ENDLESS = SHORT | {"training": {"steps": 50_000_000}}
DIALOG = "dialog .new-group"
VIEW = "dialog .group-view"


@pytest.fixture(autouse=True)
def no_group_left(browser: Browser, address: str) -> Iterator[None]:
    yield
    context = browser.new_context()
    for one in context.request.get(f"{address}/api/groups").json()["groups"]:
        context.request.delete(f"{address}/api/groups/{one['id']}")
    context.close()


def make(lab: Lab, spec: dict[str, Any], **fields: Any) -> str:
    vary = [{"path": "optimizer.lr", "values": [0.01, 0.1]}]
    body = {"spec": spec, "vary": vary, "seeds": [0, 1], "name": "Rates"} | fields
    answer = lab.context.request.post(f"{lab.address}/api/groups", data=body)
    assert answer.ok, answer.text()
    return str(answer.json()["id"])


def show(lab: Lab, group: str) -> Locator:
    lab.page.goto(f"{lab.address}/#group={group}")
    lab.page.wait_for_selector(VIEW)
    return lab.page.locator(VIEW)


def group_in_address(lab: Lab) -> str | None:
    found: str | None = lab.page.evaluate(
        "new URLSearchParams(location.hash.slice(1)).get('group')"
    )
    return found


def test_from_the_dialog_to_a_run_and_away(lab: Lab) -> None:
    lab.open(SHORT)
    button = lab.page.get_by_role("button", name="Compare…")
    button.click()
    dialog = lab.page.locator(DIALOG)
    expect(dialog.get_by_label("Values")).to_be_focused()
    dialog.get_by_label("Values").fill("0.01, 0.1")
    dialog.get_by_label("Seeds").fill("2")
    dialog.get_by_label("Steps per run").fill("40")
    expect(dialog).to_contain_text("2 values × 2 seeds = 4 runs of 40 steps")
    lab.page.keyboard.press("Enter")
    view = lab.page.locator(VIEW)
    expect(view).to_contain_text("4 of 4 finished")
    assert view.locator(".group-row").count() == 4
    lab.wait(lambda: lab.page.locator(f"{VIEW} canvas").bounding_box())
    group = group_in_address(lab)
    lab.page.reload()
    expect(view).to_contain_text("4 of 4 finished")
    assert group_in_address(lab) == group
    view.get_by_role("button", name="Test loss").click()
    losses = [float(row.split()[-3]) for row in view.locator(".group-row").all_inner_texts()]
    assert losses == sorted(losses)
    row = view.locator(".group-row").nth(1)
    run = row.get_attribute("data-id")
    row.get_by_role("button").click()
    lab.page.wait_for_selector("dialog", state="detached")
    lab.until("(id) => location.hash.includes(id)", run)
    assert group_in_address(lab) is None
    its = lab.page.get_by_role("button", name="Its group…")
    its.click()
    expect(view).to_be_visible()
    lab.page.keyboard.press("Escape")
    lab.page.wait_for_selector("dialog", state="detached")
    expect(its).to_be_focused()
    its.click()
    expect(lab.page.get_by_role("dialog").get_by_role("heading").first).to_be_focused()
    view.get_by_role("button", name="Delete…").click()
    expect(view.get_by_role("button", name="Keep them")).to_be_focused()
    lab.page.keyboard.press("Escape")  # of the question, not of the dialog
    expect(view.get_by_role("button", name="Delete…")).to_be_focused()
    view.get_by_role("button", name="Delete…").click()
    view.get_by_role("button", name="Delete them").click()
    lab.page.wait_for_selector("dialog", state="detached")
    gone = f"{lab.address}/api/groups/{group}"
    assert lab.context.request.get(gone).status == 404
    lab.until("(id) => location.hash.includes('run=') && !location.hash.includes(id)", run)
    expect(its).to_have_count(0)
    expect(lab.page.get_by_text("You deleted this run")).to_have_count(0)
    lab.problems.clear()  # the run that was on the page is gone, and so are its pictures


def test_the_way_back_leads_to_the_group(lab: Lab) -> None:
    lab.open(SHORT)
    first = lab.run_id
    group = make(lab, SHORT | {"training": {"steps": 20}})
    view = show(lab, group)
    expect(view).to_contain_text("4 of 4 finished")
    row = view.locator(".group-row").first
    run = row.get_attribute("data-id")
    row.get_by_role("button").click()
    lab.page.wait_for_selector("dialog", state="detached")
    lab.until("(id) => location.hash.includes(id)", run)
    lab.page.go_back()
    expect(view).to_contain_text("4 of 4 finished")
    lab.until("(id) => location.hash.includes(id)", first)
    assert group_in_address(lab) == group
    lab.page.go_forward()
    lab.page.wait_for_selector("dialog", state="detached")
    lab.until("(id) => location.hash.includes(id)", run)
    lab.page.get_by_role("button", name="Its group…").click()
    expect(view).to_be_visible()
    lab.page.go_back()
    lab.page.wait_for_selector("dialog", state="detached")
    assert lab.run_id == run


def test_an_address_chosen_while_another_opens_is_kept(lab: Lab) -> None:
    """Back and forward again before the server has answered the first."""
    lab.open(SHORT)
    first = lab.run_id
    group = make(lab, SHORT | {"training": {"steps": 20}})
    view = show(lab, group)
    row = view.locator(".group-row").first
    run = row.get_attribute("data-id")
    row.get_by_role("button").click()
    lab.page.wait_for_selector("dialog", state="detached")
    lab.until("(id) => location.hash.includes(id)", run)
    held: list[Route] = []
    lab.page.route(f"**/api/runs/{first}", lambda route: held.append(route))
    lab.page.go_back()
    lab.wait(lambda: held)
    assert first in lab.page.url
    assert f"group={group}" in lab.page.url
    lab.page.go_forward()
    held.pop().continue_()
    lab.page.unroute_all(behavior="wait")
    lab.page.wait_for_selector("dialog", state="detached")
    lab.until("() => !location.hash.includes('group=')")
    assert lab.run_id == run
    assert str(run) in lab.page.url
    lab.page.go_back()
    expect(view).to_be_visible()
    lab.until("(id) => location.hash.includes(id)", first)


def test_a_refused_value_is_shown_at_its_field(lab: Lab) -> None:
    lab.open(SHORT)
    lab.page.get_by_role("button", name="Compare…").click()
    dialog = lab.page.locator(DIALOG)
    values = dialog.get_by_label("Values")
    values.fill("0.1, a lot")
    values.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("“a” is not a number")
    values.fill("0.1, -1")
    dialog.get_by_label("Seeds").fill("4")
    values.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("Learning rate is -1")
    expect(values).to_be_focused()
    expect(values).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_label("Seeds")).to_have_value("4")
    assert lab.context.request.get(f"{lab.address}/api/groups").json()["groups"] == []
    lab.page.keyboard.press("Escape")
    lab.page.wait_for_selector("dialog", state="detached")
    expect(lab.page.get_by_role("button", name="Compare…")).to_be_focused()
    lab.problems = [one for one in lab.problems if "422" not in one]


def test_a_field_is_found_by_its_name(lab: Lab) -> None:
    lab.open(SHORT)
    lab.page.get_by_role("button", name="Compare…").click()
    dialog = lab.page.locator(DIALOG)
    dialog.get_by_role("button", name="Compare a second field").click()
    box = dialog.get_by_label("Second field")
    box.click()
    box.fill("activ")
    lab.page.keyboard.press("Escape")  # of the list, not of the dialog
    expect(box).to_have_value("Hidden layers")
    box.click()
    box.fill("activ")
    lab.page.keyboard.press("Enter")
    expect(box).to_have_value("Activation")
    dialog.get_by_label("ReLU", exact=True).check()
    expect(dialog).to_contain_text("3 values × 2 values × 3 seeds = 18 runs")
    dialog.get_by_role("button", name="Values of a range…").click()
    dialog.get_by_label("From", exact=True).fill("0.001")
    dialog.get_by_label("To", exact=True).fill("1")
    dialog.get_by_label("To", exact=True).press("Enter")
    expect(dialog.get_by_label("Values", exact=True).first).to_have_value(
        "0.001, 0.00562, 0.0316, 0.178, 1"
    )


def test_a_name_without_a_field_trains_nothing(lab: Lab) -> None:
    lab.open(SHORT)
    lab.page.get_by_role("button", name="Compare…").click()
    dialog = lab.page.locator(DIALOG)
    first = dialog.get_by_label("Field", exact=True)
    for key in ("Enter", "Tab"):
        first.click()
        first.fill("no.such.field")
        first.press(key)
        expect(dialog.get_by_role("alert")).to_contain_text("There is no field “no.such.field”")
        expect(first).to_have_value("no.such.field")
        expect(first).to_have_attribute("aria-invalid", "true")
    first.fill("optimizer.lr")
    first.press("Tab")
    expect(first).to_have_value("Learning rate")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    dialog.get_by_role("button", name="Compare a second field").click()
    dialog.get_by_label("Second field").fill("xyzzy")
    dialog.get_by_role("button", name="Train them").click()
    expect(dialog.get_by_role("alert")).to_contain_text("There is no field “xyzzy”")
    assert lab.context.request.get(f"{lab.address}/api/groups").json()["groups"] == []
    dialog.get_by_role("button", name="Leave out xyzzy").click()
    expect(dialog).to_contain_text("3 values × 3 seeds = 9 runs")


def test_a_dialog_that_was_closed_keeps_what_was_typed(lab: Lab) -> None:
    lab.open(SHORT)
    button = lab.page.get_by_role("button", name="Compare…")
    values = lab.page.locator(DIALOG).get_by_label("Values")
    button.click()
    values.fill("0.3, 0.4")
    lab.page.keyboard.press("Escape")
    lab.page.wait_for_selector("dialog", state="detached")
    button.click()
    expect(values).to_have_value("0.3, 0.4")
    lab.page.get_by_role("button", name="Cancel").click()
    button.click()
    expect(values).not_to_have_value("0.3, 0.4")


def test_many_values_are_refused_while_they_are_typed(lab: Lab) -> None:
    lab.open(SHORT)
    lab.page.get_by_role("button", name="Compare…").click()
    dialog = lab.page.locator(DIALOG)
    dialog.get_by_label("Values").fill(", ".join(str(one) for one in range(1, 20_001)))
    expect(dialog).to_contain_text("20,000 values are given. Give at most 500 values.")
    expect(dialog).not_to_contain_text("60,000")
    dialog.get_by_label("Values").fill(", ".join(str(one) for one in range(1, 401)))
    expect(dialog).to_contain_text("These are 1,200 runs, and a group has at most 500.")


def test_all_runs_of_a_group_are_paused_and_go_on(lab: Lab) -> None:
    lab.open(SHORT)
    group = make(lab, ENDLESS, parallel=1)
    view = show(lab, group)
    expect(view).to_contain_text("1 training, 3 waiting")
    view.get_by_role("button", name="Pause all").click()
    expect(view).to_contain_text("0 of 4 finished, 4 paused")
    view.get_by_role("button", name="Resume all").click()
    expect(view).to_contain_text("1 training, 3 waiting")


def test_a_run_that_waits(lab: Lab) -> None:
    lab.open(SHORT)
    group = make(lab, ENDLESS, parallel=1)
    view = show(lab, group)
    expect(view).to_contain_text("1 training, 3 waiting")
    waiting = view.locator(".group-row", has_text="waiting").last
    run = waiting.get_attribute("data-id")
    waiting.get_by_role("button").click()
    lab.page.wait_for_selector("dialog", state="detached")
    lab.until("(id) => location.hash.includes(id)", run)
    expect(lab.page.locator(".pill.waiting")).to_contain_text("starts by itself")
    lab.page.wait_for_selector("#panel-output canvas")
    play = lab.page.locator("#play")
    step = lab.page.locator(".transport").get_by_role("button", name="Step")
    expect(play).to_have_text("Pause")
    expect(step).to_have_attribute("aria-disabled", "true")
    step.hover()
    expect(lab.page.locator("#tooltip")).to_contain_text("waits for its turn")
    play.click()
    eventually(lambda: lab.run()["status"] == "paused")
    expect(play).to_have_text("Play")
    expect(lab.page.locator(".pill.waiting")).to_have_count(0)
    play.click()  # its owner has chosen it, so it need not wait for the group
    eventually(lambda: lab.run()["status"] == "running")
    expect(play).to_have_text("Pause")


def test_it_is_started_before_the_others(lab: Lab) -> None:
    lab.open(SHORT)
    view = show(lab, make(lab, ENDLESS, parallel=1))
    view.locator(".group-row", has_text="waiting").last.get_by_role("button").click()
    lab.page.get_by_role("button", name="Start now").click()
    eventually(lambda: lab.run()["status"] == "running")


def test_groups_are_listed_and_filter_the_runs(lab: Lab) -> None:
    lab.open(SHORT)
    short = SHORT | {"training": {"steps": 20}}
    make(lab, short, name="First")
    make(lab, short, name="Second", seeds=[0])
    lab.page.keyboard.press("a")
    dialog = lab.page.get_by_role("dialog")
    dialog.get_by_label("Group", exact=True).select_option("First")
    expect(dialog.locator(".run-row")).to_have_count(4)
    dialog.get_by_role("button", name="Show runs of the group First").first.click()
    lab.wait(lambda: dialog.locator(".run-row").count() > 4)
    dialog.get_by_role("button", name="Groups", exact=True).click()
    cards = dialog.locator(".group-card strong")
    expect(cards).to_have_text(["Second", "First"])
    cards.first.click()
    expect(lab.page.locator(VIEW)).to_contain_text("2 of 2 finished")


def test_a_group_that_is_gone(lab: Lab) -> None:
    lab.open(SHORT)
    lab.page.goto(f"{lab.address}/#group=nobody")
    expect(lab.page.get_by_role("dialog")).to_contain_text("not on this server")
    lab.page.keyboard.press("Escape")
    lab.page.wait_for_selector("dialog", state="detached")
    assert group_in_address(lab) is None
    lab.problems = [one for one in lab.problems if "404" not in one]
    lab.page.goto(f"{lab.address}/#group=../../x")
    expect(lab.page.get_by_role("dialog")).to_contain_text("There is no group with this address.")
