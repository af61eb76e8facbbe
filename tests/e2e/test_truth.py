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
    expect(lab.page.locator(".cursor-value").first).to_have_text(
        re.compile(r"step 0: train 0\.\d+, test 0\.\d+")
    )


def test_what_is_refused_is_said_in_the_words_of_the_page_and_taken_back(lab: Lab) -> None:
    lab.open()
    run = lab.run_id
    units = lab.page.get_by_label("Units of hidden 1", exact=True)
    message = lab.page.locator("#net-message")
    for text, words in (
        (
            "513",
            "The number of units of hidden 1 cannot be 513. Give a whole number from 1 to 512.",
        ),
        ("abc", "“abc” is not a number. Give a whole number from 1 to 512."),
        ("", "The number of units of hidden 1 is empty. Give a whole number from 1 to 512."),
    ):
        units.fill(text)
        units.press("Enter")
        expect(message).to_have_text(words)
        expect(units).to_have_attribute("aria-invalid", "true")
        expect(units).to_have_attribute("aria-describedby", "net-message")
        expect(units).to_have_value(text)
    units.press_sequentially("9")  # who types again has put it right, so far
    expect(message).to_have_text("")
    expect(units).to_have_value("9")
    units.press("Escape")
    expect(units).to_have_value("8")
    for path, text, words in (
        ("data-test_fraction", "150%", "Held out for testing cannot be 150%"),
        ("optimizer-lr", "-1", "Learning rate cannot be -1"),
        ("training-batch_size", "", "Batch size is empty"),
        ("model-hidden", "", "is empty"),
        ("model-hidden", "0", "“0” is not a list of layers. Give the number of units of each"),
        ("model-initializer-gain", "-1", "Gain cannot be -1"),
        ("seed", "99999999999", "Seed cannot be 99999999999. Give a whole number from 0 to 2,147"),
    ):
        field = lab.page.locator(f"#knob-{path}")
        field.evaluate("(one) => one.closest('details.collapsible')?.setAttribute('open', '')")
        held = field.input_value()
        field.fill(text)
        field.press("Enter")
        expect(lab.page.locator(f"#knob-{path}-problem")).to_contain_text(words)
        expect(lab.page.locator("#controls [aria-invalid=true]")).to_have_count(1)
        expect(field).to_have_attribute("aria-describedby", f"knob-{path}-problem")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_value(text)
        field.press("Escape")
        expect(field).to_have_value(held)
        expect(field).to_have_attribute("aria-invalid", "false")
    assert lab.run_id == run  # nothing was made of it


def test_no_tab_is_cut_off_and_the_run_has_its_name_on_a_small_laptop(lab: Lab) -> None:
    for width, height in ((1280, 720), (1440, 900)):
        lab.page.set_viewport_size({"width": width, "height": height})
        lab.open()
        expect(lab.page.locator(".run-name")).to_have_text("Run Spiral, 8·8 tanh")
        lab.page.keyboard.press("Space")
        lab.until_step(20)
        rate = lab.page.locator("#knob-optimizer-lr")
        rate.fill("0.03")
        rate.press("Enter")
        lab.page.get_by_role("tab", name="Learning rate").wait_for()
        lab.until(
            "[...document.querySelectorAll('.panel-tabs, .run-name')]"
            ".every((one) => one.scrollWidth <= one.clientWidth)"
        )
