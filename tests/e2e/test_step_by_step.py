"""One step of training on the page, stage by stage, against the same picture from the REST API."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

SPEC = {
    "data": {"kind": "circles"},
    "model": {"hidden": [4, 3], "activation": "tanh"},
    "optimizer": {"kind": "adam"},
}
STEPS = 7
STAGES = [
    "input", "layer1", "layer2", "output", "loss", "delta3", "delta2", "delta1", "update",
]  # fmt: skip


def opened_at(lab: Lab, steps: int = STEPS) -> None:
    """Opens a run, trains it a little, and takes its next step apart."""
    lab.open(SPEC)
    url = f"{lab.address}/api/runs/{lab.run_id}/commands"
    assert lab.context.request.post(url, data={"kind": "step", "steps": steps}).ok
    lab.until_step(steps)
    lab.until_paused()
    lab.page.get_by_role("tab", name="Step by step").click()
    lab.page.wait_for_selector(".steps-equations .equation")


def asked(lab: Lab, **options: Any) -> dict[str, Any]:
    """The picture as a script has it."""
    query = quote(json.dumps(options))
    url = f"{lab.address}/api/runs/{lab.run_id}/probes/step_by_step?options={query}"
    answer = lab.context.request.get(url, headers={"accept": "application/json"})
    assert answer.ok, answer.text()
    found: dict[str, Any] = answer.json()
    return found


def equations(picture: dict[str, Any]) -> list[dict[str, Any]]:
    return [mark for plot in picture["plots"] for mark in plot["marks"] if "items" in mark]


def said(value: float) -> str:
    """A number as the page writes it: three significant digits."""
    size = abs(value)
    if size == 0:
        return "0"
    if size < 0.9995e-3 or size >= 1e6:
        mantissa, exponent = f"{value:.2e}".split("e")
        return f"{mantissa.replace('-', '−')}e{int(exponent)}"
    return f"{value:#.3g}".rstrip(".").replace("-", "−")


def cells(operand: Locator) -> list[str]:
    return operand.locator(".cell").all_inner_texts()


def until_stage(lab: Lab, label: str, at: int) -> None:
    expect(lab.page.locator(".stage-place")).to_have_text(f"{at + 1} of {len(STAGES)}")
    expect(lab.page.locator(".steps")).to_have_attribute("aria-busy", "false")
    expect(lab.page.locator(".stage[aria-current=step]")).to_contain_text(label)


def test_the_numbers_of_every_stage_by_keyboard(lab: Lab) -> None:
    opened_at(lab)
    page = lab.page
    picture = asked(lab)
    stages = picture["facts"]["stages"]
    assert [stage["id"] for stage in stages] == STAGES
    for at, stage in enumerate(stages):
        label = stage["label"] if "$" not in stage["label"] else "δ"
        until_stage(lab, label, at)
        written = equations(asked(lab, stage=stage["id"]))
        shown = page.locator(".steps-equations .equation")
        expect(shown).to_have_count(len(written))
        for number, equation in enumerate(written):
            operands = [item for item in equation["items"] if item["item"] == "operand"]
            if equation["table"]:  # the column at the left, the row above, then the products
                operands = [operands[1], operands[2], operands[0]]
            for place, operand in enumerate(operands):
                values = [said(value) for row in operand["values"] for value in row]
                found = shown.nth(number).locator(".operand").nth(place)
                if found.is_visible() or equation["table"]:
                    assert cells(found) == values, (stage["id"], operand["symbol"])
            worked = equation["worked"]
            if worked:
                last = shown.nth(number).locator(".worked .term .worked-value").last
                assert last.inner_text() == said(worked["terms"][-1]["value"])
        page.keyboard.press("ArrowRight")
    until_stage(lab, "Update", len(STAGES) - 1)  # there is none after the last
    lines = asked(lab, stage="update")["facts"]["lines"]
    values = page.locator(".update-line .update-value").all_inner_texts()
    assert values == [said(line["value"]) for line in lines]
    page.keyboard.press("ArrowLeft")
    until_stage(lab, "δ", len(STAGES) - 2)
    check = asked(lab, stage="delta1")["facts"]["checks"][0]
    ways = page.locator(".check").first.locator("dd").all_inner_texts()
    for text, way in zip(ways, ("written", "autograd", "difference"), strict=True):
        assert float(text.replace("−", "-")) == pytest.approx(check[way], rel=1e-8)
    assert lab.run()["step"] == STEPS, "the keys trained nothing"
    page.keyboard.press("Escape")
    expect(page.get_by_role("tab", name="Network")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#controls")).to_be_visible()
    page.keyboard.press("ArrowRight")
    lab.until_step(STEPS + 1)


def test_a_click_works_an_entry_out_and_arrow_keys_the_next(lab: Lab) -> None:
    opened_at(lab)
    page = lab.page
    page.get_by_role("button", name="Layer 2", exact=True).click()
    until_stage(lab, "Layer 2", 2)
    equation = page.locator(".steps-equations .equation").first
    cell = equation.locator("[role=gridcell]")
    cell.nth(2).click()
    expect(cell.nth(2)).to_have_attribute("aria-selected", "true")
    terms = equations(asked(lab, stage="layer2", row=2))[0]["worked"]["terms"]
    values = equation.locator(".term .worked-value")
    expect(values).to_have_text([said(term["value"]) for term in terms])
    cell.nth(2).press("ArrowUp")
    expect(cell.nth(1)).to_be_focused()
    terms = equations(asked(lab, stage="layer2", row=1))[0]["worked"]["terms"]
    expect(values).to_have_text([said(term["value"]) for term in terms])
    # After a click the arrows at the sides are those of the stages.
    cell.nth(0).click()
    page.keyboard.press("ArrowRight")
    until_stage(lab, "Output", 3)


def test_another_example_and_an_earlier_step(lab: Lab) -> None:
    opened_at(lab)
    page = lab.page
    page.get_by_role("button", name="Test", exact=True).click()
    field = page.get_by_role("textbox", name="Test example")
    field.fill("12")
    field.press("Enter")
    cell = page.locator(".steps-equations .cell").first
    wanted = asked(lab, part="test", example=11)
    expect(cell).to_have_text(said(equations(wanted)[0]["items"][0]["values"][0][0]))
    expect(page.locator(".example-card h3")).to_have_text("Test example 12 of 250")
    page.get_by_role("button", name="Output", exact=True).click()
    until_stage(lab, "Output", 3)
    now = cell.inner_text()
    track = page.locator("#timeline .track")
    track.focus()
    track.press("Home")
    expect(track).to_have_attribute("aria-valuenow", "0")
    expect(cell).not_to_have_text(now)
    # The place in the walk is kept while another view is on the page.
    page.get_by_role("tab", name="Network").click()
    page.get_by_role("tab", name="Step by step").click()
    until_stage(lab, "Output", 3)
    expect(page.locator(".example-card h3")).to_have_text("Test example 12 of 250")


def test_a_term_frames_what_it_uses(lab: Lab) -> None:
    opened_at(lab)
    page = lab.page
    page.get_by_role("button", name="Layer 2", exact=True).click()
    until_stage(lab, "Layer 2", 2)
    equation = page.locator(".steps-equations .equation").first
    equation.locator(".term").nth(1).focus()
    framed = equation.locator(".cell-frame.term")
    expect(framed).to_have_count(2)
    places = framed.evaluate_all(
        "(all) => all.map((one) => [one.style.gridRow, one.style.gridColumn])"
    )
    assert places == [["1 / span 1", "2 / span 1"], ["2 / span 1", "1 / span 1"]]


def test_the_walk_plays_to_its_end(lab: Lab) -> None:
    lab.open({"model": {"hidden": []}})
    lab.page.get_by_role("tab", name="Step by step").click()
    lab.page.wait_for_selector(".steps-equations .equation")
    lab.page.get_by_role("button", name="Play all stages").click()
    expect(lab.page.locator(".stage-place")).to_have_text("5 of 5")
    expect(lab.page.get_by_role("button", name="Play all stages")).to_be_visible()


def test_a_run_without_the_stage_begins_at_its_first(lab: Lab) -> None:
    opened_at(lab)
    lab.page.get_by_role("button", name="Layer 2", exact=True).click()
    until_stage(lab, "Layer 2", 2)
    lab.page.goto(f"{lab.address}/#spec={quote(json.dumps({'model': {'hidden': [2]}}))}")
    expect(lab.page.locator(".stage-place")).to_have_text("1 of 7")
    expect(lab.page.locator(".stage[aria-current=step]")).to_have_text("Input")


def test_the_shown_place_of_a_long_sequence_is_in_sight(lab: Lab) -> None:
    lab.open({"data": {"kind": "delayed_recall", "samples": 60, "delay": 60}})
    lab.page.get_by_role("tab", name="Step by step").click()
    chosen = lab.page.locator(".place[aria-pressed=true]")
    expect(chosen).to_be_in_viewport()
    lab.page.locator(".place").first.click()
    expect(lab.page.locator(".place").first).to_have_attribute("aria-pressed", "true")
    expect(lab.page.locator(".place").first).to_be_in_viewport()
