"""One step of training on the page, stage by stage, against the same picture from the REST API."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.e2e.lab import Lab
from tests.e2e.walking import asked, compare, equations, opened_at, said, until_place

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


def opened(lab: Lab) -> None:
    opened_at(lab, SPEC, STEPS)


def until_stage(lab: Lab, label: str, at: int) -> None:
    until_place(lab, at, len(STAGES))
    expect(lab.page.locator(".stage[aria-current=step]")).to_contain_text(label)


def test_after_a_click_on_the_tab_the_arrows_are_those_of_the_stages(lab: Lab) -> None:
    opened(lab)
    page = lab.page
    assert [stage["id"] for stage in asked(lab)["facts"]["stages"]] == STAGES
    for at in range(1, len(STAGES)):
        page.keyboard.press("ArrowRight")
        until_place(lab, at, len(STAGES))
    page.keyboard.press("ArrowRight")  # there is none after the last
    until_stage(lab, "Update", len(STAGES) - 1)
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


def test_a_click_works_an_entry_out_and_arrow_keys_the_next(lab: Lab) -> None:
    opened(lab)
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
    opened(lab)
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
    opened(lab)
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


def test_all_terms_of_a_long_sum_can_be_reached(lab: Lab) -> None:
    opened_at(lab, {"model": {"hidden": [60, 3]}}, 1)
    lab.page.get_by_role("button", name="Layer 2", exact=True).click()
    picture = asked(lab, stage="layer2")
    until_place(lab, 2, len(picture["facts"]["stages"]))
    weights = lab.page.locator(".steps-equations .operand").nth(1)
    seen = set()
    for way, end in (("before", "columns 1 to"), ("after", "to 60 of 60")):
        button = weights.get_by_role("button", name=f"columns {way} these")
        while button.is_enabled():
            compare(lab, picture)
            seen.add(weights.locator(".operand-cells").get_attribute("aria-label"))
            button.click()
        compare(lab, picture)
        assert end in str(weights.locator(".operand-cells").get_attribute("aria-label"))
    assert len(seen) > 3


def test_the_walk_plays_to_its_end(lab: Lab) -> None:
    lab.open({"model": {"hidden": []}})
    lab.page.get_by_role("tab", name="Step by step").click()
    lab.page.wait_for_selector(".steps-equations .equation")
    lab.page.get_by_role("button", name="Play all stages").click()
    expect(lab.page.locator(".stage-place")).to_have_text("5 of 5")
    expect(lab.page.get_by_role("button", name="Play all stages")).to_be_visible()


def test_a_run_without_the_stage_begins_at_its_first(lab: Lab) -> None:
    opened(lab)
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
