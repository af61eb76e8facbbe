"""What the page says is what the run has, whatever is on the screen of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]


def test_every_unit_of_a_large_layer_is_reached_and_counted(lab: Lab) -> None:
    lab.open({"data": {"kind": "moons"}, "model": {"hidden": [64, 4]}})
    pager = lab.page.locator(".net-more").nth(1)
    expect(pager).to_contain_text("1–16 of 64")
    pager.get_by_label("Next units of hidden 1").click()
    expect(pager).to_contain_text("17–32 of 64")
    lab.page.get_by_label("Hidden 1, unit 32", exact=True).focus()
    lab.page.keyboard.press("ArrowDown")
    expect(lab.page.get_by_label("Hidden 1, unit 33", exact=True)).to_be_focused()
    lab.page.get_by_label("Hidden 2, unit 4", exact=True).click()
    expect(lab.page.locator(".net-numbers label")).to_have_count(65)  # with the bias
    expect(lab.page.locator(".formula-facts")).to_have_text("largest 3 of 64 weights")


def test_curves_say_what_the_run_has_now_and_at_the_step_looked_at(lab: Lab) -> None:
    lab.open(
        {
            "data": {"kind": "gaussians"},
            "model": {"hidden": [32], "activation": "relu"},
            "optimizer": {"kind": "sgd", "lr": 100},
            "training": {"steps": 100},
        }
    )
    lab.page.keyboard.press("Space")
    chart = lab.page.locator(".chart")
    expect(chart).to_have_attribute("aria-label", "Loss by step: train 0, test 0")
    lab.until_step(100)
    lab.page.locator("#timeline .track").press("Home")
    expect(chart).to_have_attribute(
        "aria-label", re.compile(r"Loss by step, at step 0: train 0\.\d+, test 0\.\d+")
    )
    expect(lab.page.locator(".reading").first).to_have_text(
        re.compile(r"step 0: train 0\.\d+, test 0\.\d+")
    )
