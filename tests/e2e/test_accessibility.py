"""What axe-core finds on the page, of any impact, and what Tab stops at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.lab import Lab, opened
from tests.e2e.test_browsers import SPECS
from tests.screens import SCREENS, THEMES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"

# Exceptions, as (rule, element). `region` wants all text inside a landmark; a tooltip belongs to
# what it explains, wherever it stands in the document, and has to lie over all landmarks.
EXCEPTIONS = (("region", "#tooltip"),)

# Colours in transition have no contrast yet.
STILL = "document.getAnimations().every((one) => !(one instanceof CSSTransition))"

# Without tags axe runs all its rules but the experimental ones.
VIOLATIONS = """
async (exceptions) => {
  const {violations} = await axe.run(document, {resultTypes: ['violations']});
  return violations.flatMap(({id, impact, nodes}) => nodes
    .map(({target, failureSummary}) => ({at: target.join(' '), failureSummary}))
    .filter(({at}) => !exceptions.some(([rule, element]) => rule === id && element === at))
    .map(({at, failureSummary}) => `${id} (${impact}) at ${at}: ${failureSummary}`));
}
"""

# Whether the view under the chosen tab shows something: a picture, or why there is none.
SHOWS = ":is(#network, .view-panel):not([hidden]) :is(canvas, table, li, .panel-refusal)"
DRAWN = f"""
[...document.querySelectorAll('{SHOWS}')]
  .some((one) => one.checkVisibility() && one.clientWidth > 8)
"""


def check(lab: Lab, where: str) -> None:
    lab.until(STILL)
    found: list[str] = lab.page.evaluate(VIOLATIONS, EXCEPTIONS)
    assert not found, "\n".join([where, *found])


@contextmanager
def examined(browser: Browser, address: str, screen: str, spec: dict[str, Any]) -> Iterator[Lab]:
    """A page with axe-core in it, and a run that is paused after its first rows."""
    width, height = SCREENS[screen]
    with opened(
        browser,
        address,
        viewport={"width": width, "height": height},
        bypass_csp=True,  # of axe's own scripts
    ) as lab:
        lab.context.add_init_script(path=AXE)
        lab.open(spec)
        lab.page.keyboard.press("Space")
        lab.until_step(20)
        lab.page.keyboard.press("Space")
        lab.until_paused()
        yield lab


def themes(lab: Lab) -> Iterator[str]:
    """The page in one theme after the other."""
    for theme in THEMES:
        if lab.page.evaluate("document.documentElement.dataset.theme") != theme:
            lab.page.evaluate("document.activeElement.blur()")  # a field would take the letter
            lab.page.keyboard.press("t")
        lab.until("(theme) => document.documentElement.dataset.theme === theme", theme)
        yield theme


@contextmanager
def presentation(lab: Lab) -> Iterator[None]:
    lab.page.keyboard.press("p")
    lab.page.wait_for_selector("#quick-settings .knob")
    yield
    lab.page.keyboard.press("p")
    lab.page.wait_for_selector("#quick-settings:not(:has(.knob))", state="attached")


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("family", SPECS)
def test_every_view_of_a_family(browser: Browser, address: str, family: str, screen: str) -> None:
    with examined(browser, address, screen, SPECS[family]) as lab:
        tabs = lab.page.locator("#views [role=tab]")
        for theme in themes(lab):
            for number in range(tabs.count()):
                tabs.nth(number).click()
                lab.until(DRAWN)
                check(lab, f"{theme}, tab {number}")
            tabs.first.click()
            with presentation(lab):
                check(lab, f"{theme}, presentation mode")


@pytest.mark.parametrize("family", ["rnn", "transformer"])
def test_predictions_can_be_read_however_sure_they_are(
    browser: Browser, address: str, family: str
) -> None:
    """The background of a prediction is the stronger, the more probable it is."""
    sure = "document.querySelectorAll('.sequence-strip-cell[data-state]')"
    with examined(browser, address, "phone", SPECS[family]) as lab:
        lab.until(f"{sure}.length > 0")
        for theme in themes(lab):
            lab.page.evaluate(f"{sure}.forEach((one) => one.style.setProperty('--share', 1))")
            check(lab, theme)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_dialog(browser: Browser, address: str, screen: str) -> None:
    with examined(browser, address, screen, SPECS["mlp"]) as lab:
        for theme in themes(lab):
            for name in ("New", "Share", "Export", "Help and shortcuts"):
                button = lab.page.get_by_role("button", name=name, exact=True)
                if button.is_visible():
                    button.click()
                    in_dialog(lab, f"{theme}, {name}")
            lab.page.keyboard.press("?")
            in_dialog(lab, f"{theme}, help")
            lab.page.keyboard.press("a")
            table_of_runs(lab, f"{theme}, all runs")
            with presentation(lab):
                lab.page.get_by_role("button", name="Choose", exact=True).click()
                in_dialog(lab, f"{theme}, settings of presentation mode")


@pytest.mark.parametrize("screen", SCREENS)
def test_groups(browser: Browser, address: str, screen: str) -> None:
    """The dialog that makes one, with a list that is open and with refusals; a group with two
    fields, and the question before its deletion; the list of groups."""
    with examined(browser, address, screen, SPECS["mlp"]) as lab:
        for theme in themes(lab):
            lab.page.keyboard.press("a")
            lab.page.get_by_role("dialog").get_by_role("button", name="Compare values…").click()
            lab.page.get_by_role("button", name="Compare a second field").click()
            lab.page.get_by_role("button", name="Values of a range…").click()
            lab.page.get_by_label("Second field").click()
            check(lab, f"{theme}, a list of fields")
            lab.page.get_by_label("Second field").fill("biases")
            lab.page.keyboard.press("Enter")
            lab.page.get_by_label("Seeds").fill("none")
            lab.page.get_by_label("Seeds").press("Enter")
            lab.page.wait_for_selector(".new-group .problem")
            check(lab, f"{theme}, a group that is refused")
            lab.page.get_by_label("Seeds").fill("2")
            lab.page.get_by_label("Steps per run").fill("20")
            lab.page.get_by_label("Seeds").press("Enter")
            expect(lab.page.locator(".group-bar")).to_contain_text("12 of 12 finished")
            check(lab, f"{theme}, a group")
            lab.page.get_by_role("button", name="Delete…").click()
            check(lab, f"{theme}, deletion of a group")
            lab.page.get_by_role("button", name="Keep them").click()
            lab.page.keyboard.press("Escape")
            lab.page.wait_for_selector("dialog", state="detached")
            lab.page.keyboard.press("a")
            lab.page.get_by_role("button", name="Groups", exact=True).click()
            lab.page.wait_for_selector(".group-card")
            in_dialog(lab, f"{theme}, list of groups")
            lab.page.keyboard.press("a")
            lab.page.get_by_role("button", name="Runs", exact=True).click()
            lab.page.keyboard.press("Escape")
            lab.page.wait_for_selector("dialog", state="detached")


def table_of_runs(lab: Lab, where: str) -> None:
    """As it opens, with a selected run, with a run that is edited, and with nothing found."""
    lab.page.wait_for_selector(".run-row")
    check(lab, where)
    lab.page.locator(".select-run").first.click()
    lab.page.wait_for_selector(".run-bar.chosen")
    check(lab, f"{where}, selected")
    lab.page.locator(".select-run").first.focus()
    lab.page.keyboard.press("F2")
    lab.page.get_by_label("Add a tag").fill("a tag")
    lab.page.keyboard.press("Enter")
    check(lab, f"{where}, edited")
    lab.page.keyboard.press("Escape")
    lab.page.get_by_label("Search by name").fill("no such name")
    lab.page.wait_for_selector(".run-none")
    check(lab, f"{where}, none found")
    lab.page.keyboard.press("Escape")  # of a search box that has text: it is cleared
    lab.page.wait_for_selector(".run-row")
    lab.page.keyboard.press("Escape")
    lab.page.wait_for_selector("dialog", state="detached")


def in_dialog(lab: Lab, where: str) -> None:
    lab.page.wait_for_selector("dialog[open]")
    check(lab, where)
    lab.page.keyboard.press("Escape")
    lab.page.wait_for_selector("dialog", state="detached")


@pytest.mark.parametrize("screen", SCREENS)
def test_an_inspected_unit(browser: Browser, address: str, screen: str) -> None:
    with examined(browser, address, screen, SPECS["mlp"]) as lab:
        lab.page.get_by_role("button", name="Hidden 1, unit 2", exact=True).focus()
        lab.page.keyboard.press("Enter")
        for theme in themes(lab):
            expect(lab.page.get_by_role("dialog", name="Hidden 1, unit 2")).to_be_visible()
            check(lab, f"{theme}, an inspected unit")


def test_a_form_that_is_refused_and_a_drawer(browser: Browser, address: str) -> None:
    with examined(browser, address, "phone", SPECS["mlp"]) as lab:
        lab.page.get_by_label("Settings", exact=True).first.click()
        field = lab.page.locator("#knob-optimizer-lr")
        field.fill("-1")
        field.press("Enter")
        expect(lab.page.locator("#controls .problem")).to_be_visible()
        check(lab, "the drawer, with a refusal")


def test_the_skip_link_leads_past_the_form(lab: Lab) -> None:
    lab.open()
    run = lab.run_id
    lab.page.keyboard.press("Tab")
    expect(lab.page.get_by_text("Skip to the network")).to_be_focused()
    lab.page.keyboard.press("Enter")
    expect(lab.page.locator("#title")).to_be_focused()
    lab.page.keyboard.press("Tab")
    assert lab.page.evaluate("document.activeElement.closest('main') !== null")
    assert lab.run_id == run


# The controls that Tab stops at twice: a field and a slider of one number.
TWICE = """
[...document.querySelectorAll('#controls .knob')]
  .filter((knob) => [...knob.querySelectorAll('input')].filter((one) => one.tabIndex >= 0)[1])
  .map((knob) => knob.innerText)
"""


def test_a_slider_is_one_stop_and_its_number_is_typed_from_it(lab: Lab) -> None:
    lab.open()
    assert lab.page.evaluate(TWICE) == []
    slider = lab.page.get_by_role("slider", name="Learning rate")
    field = lab.page.locator("#knob-optimizer-lr")
    slider.focus()
    lab.page.keyboard.press("Enter")
    expect(field).to_be_focused()
    lab.page.keyboard.type("0.02")
    lab.page.keyboard.press("Enter")
    expect(slider).to_be_focused()
    expect(slider).to_have_attribute("aria-valuetext", "0.02")
    lab.page.keyboard.type("0.05")  # the first digit moves into the field and replaces the number
    expect(field).to_have_value("0.05")
    lab.page.keyboard.press("Escape")
    expect(slider).to_be_focused()
    expect(field).to_have_value("0.02")
    lab.wait(lambda: lab.run()["spec_in_force"]["optimizer"]["lr"] == 0.02)
    field.click()
    lab.page.keyboard.press("Enter")
    expect(slider).not_to_be_focused()  # a pointer came to the field: the page's keys work again
