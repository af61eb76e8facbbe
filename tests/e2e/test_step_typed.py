"""A sequence of one's own in the walk through a step: typed, refused, ended, taken back."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.lab import Lab
from tests.e2e.walking import asked, compare, opened_at, until_place

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

ADDITION: dict[str, Any] = {
    "data": {"kind": "addition", "samples": 60, "length": 5},
    "model": {"kind": "rnn", "cell": "gru", "hidden": 3},
}
REVERSE: dict[str, Any] = {
    "data": {"kind": "reverse", "samples": 60, "length": 4, "symbols": 5},
    "model": {"kind": "transformer", "width": 4, "heads": 2, "depth": 1, "form": "decoder"},
}


def field(lab: Lab) -> Locator:
    return lab.page.get_by_role("textbox", name="Type a sequence")


def reads(lab: Lab, *symbols: str) -> None:
    """Waits until the strip has these symbols, and the equations are theirs."""
    expect(lab.page.locator(".place-reads")).to_have_text(list(symbols))


def test_typed_numbers_are_read_with_their_summands(lab: Lab) -> None:
    opened_at(lab, ADDITION, 3)
    page = lab.page
    first = page.locator(".place-reads").all_inner_texts()
    assert field(lab).input_value().split() == [one.replace("−", "-") for one in first]
    field(lab).fill("0.25 +0.5, -1 +.126")
    reads(lab, "0.25", "+0.50", "-1.00", "+0.13")
    expect(page.locator(".place-asked")).to_have_text(["·", "·", "·", "0.626"])
    expect(page.locator(".example-card h3")).to_have_text("Typed sequence")
    expect(page.locator(".example-card [aria-pressed=true]")).to_have_count(0)
    field(lab).press("Enter")
    text = "0.25 +0.5 -1 +0.126"
    stages = asked(lab, text=text)["facts"]["stages"]
    page.keyboard.press("ArrowRight")
    until_place(lab, 1, len(stages))
    assert compare(lab, asked(lab, text=text, stage=stages[1]["id"]))


def test_what_is_wrong_is_said_and_the_shown_walk_stays(lab: Lab) -> None:
    opened_at(lab, ADDITION, 3)
    page, problem = lab.page, lab.page.locator(".example-card .sequence-field .problem")
    field(lab).fill("1 +2 +3")
    reads(lab, "1.00", "+2.00", "+3.00")
    for text, why in (("1 +2 x", "“x” is not a number"), ("1e9", "too large"), ("", "0 numbers")):
        field(lab).fill(text)
        expect(problem).to_contain_text(why)
        assert field(lab).get_attribute("aria-invalid") == "true"
    page.get_by_role("button", name="Next", exact=False).first.click()
    stages = asked(lab, text="1 +2 +3")["facts"]["stages"]
    until_place(lab, 1, len(stages))
    assert compare(lab, asked(lab, text="1 +2 +3", stage=stages[1]["id"]))
    reads(lab, "1.00", "+2.00", "+3.00")


def test_a_chosen_example_ends_the_typed_sequence(lab: Lab) -> None:
    opened_at(lab, REVERSE, 3)
    page = lab.page
    before = page.locator(".place-reads").all_inner_texts()
    field(lab).fill("0 1 1 → 1")
    reads(lab, "0", "1", "1", "→", "1")
    page.get_by_role("button", name="Next batch", exact=True).click()
    reads(lab, *before)
    assert field(lab).input_value() == " ".join(before)
    field(lab).fill("01")
    read = [str(one) for one in asked(lab, text="01")["facts"]["input"]]
    assert read[:3] == ["0", "1", "→"]
    reads(lab, *read)  # with the answer that the model itself gives
    page.get_by_role("button", name="Next batch", exact=True).click()
    page.locator(".batch-member").nth(1).click()
    expect(page.locator(".example-card h3")).to_contain_text("Example 2 of")


def test_another_run_takes_back_what_it_cannot_read(lab: Lab) -> None:
    opened_at(lab, REVERSE, 3)
    field(lab).fill("0 1 → 1")
    expect(lab.page.locator(".example-card h3")).to_have_text("Typed sequence")
    for spec in (ADDITION, {"model": {"hidden": [2]}}):
        lab.page.goto(f"{lab.address}/#spec={quote(json.dumps(spec))}")
        expect(lab.page.locator(".example-card h3")).to_contain_text("in the next batch")
    expect(field(lab)).to_be_hidden()
