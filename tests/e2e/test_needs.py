"""What someone reads whose browser is too old for the page, or who did not get all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

README = Path(__file__).parents[2] / "README.md"
MISSING = (
    "delete Element.prototype.checkVisibility",
    "delete Array.prototype.toSpliced",
    "CSS.supports = (condition) => !condition.includes(':has')",
    "CSS.supports = (property, value) => value !== 'subgrid'",
)


def test_it_is_removed_once_the_page_runs(lab: Lab) -> None:
    lab.open()
    assert lab.page.locator("#needs").count() == 0


def test_it_is_shown_where_the_module_does_not_load(lab: Lab) -> None:
    lab.page.route(re.compile("/start[^/]*\\.js"), lambda route: route.abort())
    lab.page.goto(lab.address)
    needs = lab.page.locator("#needs")
    expect(needs).to_be_visible()
    versions = re.findall(r"\w+ \d+(?:\.\d+)?", needs.inner_text())
    assert len(versions) == 3
    assert all(version in README.read_text() for version in versions)
    assert [problem for problem in lab.problems if "ERR_FAILED" not in problem] == []
    lab.problems.clear()


@pytest.mark.parametrize("missing", MISSING)
def test_it_is_shown_in_an_older_browser(lab: Lab, missing: str) -> None:
    lab.page.add_init_script(missing)
    lab.page.goto(lab.address)
    lab.page.locator("#play").wait_for()
    expect(lab.page.locator("#needs")).to_be_visible()
    lab.problems.clear()  # whatever else the page calls of it
