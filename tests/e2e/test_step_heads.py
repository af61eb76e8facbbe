"""A transformer's heads, ablation and sampling in the walk, against the REST API."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.e2e import walking
from tests.e2e.lab import Lab
from tests.e2e.walking import asked, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

SPEC: dict[str, Any] = {
    "data": {"kind": "reverse", "samples": 60, "length": 5, "symbols": 6},
    "model": {"kind": "transformer", "width": 8, "heads": 2, "depth": 2},
}
STEPS = 5


def opened_at(lab: Lab, stage: str) -> None:
    """Opens a run, trains it a little, and goes to a stage of its next step."""
    walking.opened_at(lab, SPEC, STEPS)
    go_to(lab, stage)


def go_to(lab: Lab, stage: str) -> None:
    """By keyboard, until the stage's title is on the page."""
    picture = asked(lab)
    at = [one["id"] for one in picture["facts"]["stages"]].index(stage)
    for _ in range(at):
        lab.page.keyboard.press("ArrowRight")
    expect(lab.page.locator(".stage-place")).to_have_text(
        f"{at + 1} of {len(picture['facts']['stages'])}"
    )
    expect(lab.page.locator(".steps")).to_have_attribute("aria-busy", "false")


def readouts(picture: dict[str, Any]) -> list[str]:
    facts = picture["facts"]
    return [*(said(facts[key]) for key in ("share", "entropy", "on_ideal")), str(facts["d"])]


def test_a_click_chooses_the_cell_and_another_head_shows_it_too(lab: Lab) -> None:
    opened_at(lab, "match1")
    page = lab.page
    values = page.locator(".heads-part .facts dd")
    expect(values).to_have_text(readouts(asked(lab, stage="match1")))
    canvas = page.locator(".head-cells canvas")
    box = canvas.bounding_box()
    assert box
    steps = asked(lab)["facts"]["steps"]
    cell = box["width"] / steps
    canvas.click(position={"x": 0.5 * cell, "y": 3.5 * cell})
    expect(values).to_have_text(readouts(asked(lab, stage="match1", place=3, key=0)))
    expect(page.locator(".place").nth(3)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Head 2.2", exact=True).click()
    expect(page.locator(".heads-part h3").first).to_have_text("Layer 2, head 2")
    expect(page.locator(".stage[aria-current=step]")).to_contain_text("Match")
    wanted = asked(lab, stage="match2", place=3, key=0, head=2)
    expect(values).to_have_text(readouts(wanted))
    cells = page.get_by_role("application", name="Layer 2, head 2")
    cells.press("ArrowRight")
    wanted = asked(lab, stage="match2", place=3, key=1, head=2)
    expect(values).to_have_text(readouts(wanted))
    shown = {plot["id"]: plot for plot in wanted["plots"]}
    row = shown["attention"]["marks"][0]["values"][3]
    places = page.locator(".token-lines path").evaluate_all(
        "(all) => all.map((one) => Number(one.dataset.place))"
    )
    assert places == [place for place, share in enumerate(row) if share >= 0.02]
    page.get_by_role("button", name="All of the layer").click()
    expect(page.locator(".token-lines g.faint")).to_have_count(2)
    page.get_by_role("button", name="Head 2.1", exact=True).focus()
    expect(page.locator(".token-lines g.clear")).to_have_attribute("data-head", "2.1")


def test_heads_are_left_out_and_put_back(lab: Lab) -> None:
    opened_at(lab, "match1")
    page = lab.page
    before = page.locator(".heads-part .facts dd").all_inner_texts()
    switch = page.get_by_role("switch", name="Leave out head 1.1")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    found = asked(lab, stage="match1", ablate=[[1, 1]])["facts"]["ablation"]
    lines = page.locator(".ablation-cost p")
    own = f"{said(found['ablated'])} instead of {said(found['loss'])}."
    mean = f"{said(found['test_ablated'])} instead of {said(found['test_loss'])}"
    count = found["examples"]
    expect(lines).to_have_text(
        [
            f"Without head 1.1: mean loss {mean} over {count} test examples.",
            f"Loss of this example: {own}",
        ]
    )
    expect(page.locator(".ablation-note")).to_contain_text("network without head 1.1")
    page.get_by_role("button", name="Head 2.1", exact=True).click()
    page.get_by_role("switch", name="Leave out head 2.1").click()
    found = asked(lab, stage="match2", ablate=[[1, 1], [2, 1]])["facts"]["ablation"]
    own = f"{said(found['ablated'])} instead of {said(found['loss'])}."
    expect(lines.first).to_contain_text("Without heads 1.1 and 2.1: mean loss")
    expect(lines.last).to_have_text(f"Loss of this example: {own}")
    page.get_by_role("button", name="Put all back").click()
    expect(page.locator(".ablation-note")).to_be_hidden()
    expect(lines).to_have_count(0)
    page.get_by_role("button", name="Head 1.1", exact=True).click()
    expect(page.locator(".heads-part .facts dd")).to_have_text(before)


def bars_of(picture: dict[str, Any]) -> list[str]:
    """The texts of the table, row by row."""
    plots = {plot["id"]: plot["marks"][0] for plot in picture["plots"]}
    before, after = plots["plain"], plots["sampled"]
    rows = zip(after["labels"], before["values"], after["values"], strict=True)
    return [text for name, one, other in rows for text in (name, said(one), said(other))]


def test_temperature_and_top_k_change_the_probabilities(lab: Lab) -> None:
    opened_at(lab, "sampling")
    page = lab.page
    table = page.locator(".sampling-bars tbody .number")
    expect(table).to_have_text(bars_of(asked(lab, stage="sampling")))
    temperature = page.get_by_role("slider", name="Temperature")
    temperature.fill("2.5")
    wanted = asked(lab, stage="sampling", temperature=2.5)
    expect(table).to_have_text(bars_of(wanted))
    top = page.get_by_role("slider", name="Likeliest symbols")
    for _ in range(3):
        top.press("ArrowLeft")
    k = len(wanted["plots"][-1]["marks"][0]["labels"]) - 3
    wanted = asked(lab, stage="sampling", temperature=2.5, top_k=k)
    expect(table).to_have_text(bars_of(wanted))
    expect(page.locator(".sampling-bars .dropped")).to_have_count(3)
    temperature.fill("0")
    expect(table).to_have_text(bars_of(asked(lab, stage="sampling", temperature=0, top_k=k)))


def test_another_run_takes_back_what_it_has_not(lab: Lab) -> None:
    opened_at(lab, "match2")
    page = lab.page
    page.get_by_role("button", name="Head 2.2", exact=True).click()
    page.get_by_role("switch", name="Leave out head 2.2").click()
    expect(page.locator(".ablation-note")).to_be_visible()
    small = {**SPEC, "model": {"kind": "transformer", "width": 4, "heads": 1, "depth": 1}}
    page.goto(f"{lab.address}/#spec={quote(json.dumps(small))}")
    expect(page.locator(".ablation-note")).to_be_hidden()
    expect(page.locator(".stage[aria-current=step]")).to_have_text("Symbols")
