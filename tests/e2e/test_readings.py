"""Numbers of one name agree wherever they stand, and say which step they are of."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

MOONS = {"data": {"kind": "moons"}, "optimizer": {"lr": 0.03}}


def at_step(lab: Lab, steps: int) -> dict[str, float]:
    """Takes so many steps, and gives the run's metrics there."""
    url = f"{lab.address}/api/runs/{lab.run_id}/commands"
    assert lab.context.request.post(url, data={"kind": "step", "steps": steps}).ok
    lab.until_step(steps)
    lab.until_paused()
    found: dict[str, float] = lab.run()["metrics"]
    return found


def test_between_two_rows_the_curve_and_the_card_have_the_same_loss(lab: Lab) -> None:
    lab.open(MOONS)
    metrics = at_step(lab, 13)
    train, test = (f"{metrics[name]:#.3g}" for name in ("train_loss", "test_loss"))
    expect(lab.page.locator(".chart")).to_have_attribute(
        "aria-label", f"Loss by step: train {train}, test {test}"
    )
    card = lab.page.locator("#runs .run-card .open")
    expect(card).to_contain_text(f"test loss {test}")


def test_looking_back_at_a_step_without_a_row_numbers_say_whose_they_are(lab: Lab) -> None:
    lab.open(MOONS)
    at_step(lab, 13)
    track = lab.page.locator("#timeline .track")
    track.focus()
    track.press("Home")
    facts = lab.page.locator("#panel-output .facts > div")
    expect(track).to_have_attribute("aria-valuenow", "0")
    expect(facts.first.locator("dt")).to_have_text("Test accuracy")
    track.press("Shift+ArrowRight")
    expect(track).to_have_attribute("aria-valuenow", "1")
    expect(facts.first.locator("dt")).to_have_text("Test accuracy step 0")
    expect(facts.nth(2).locator("dt")).to_have_text("Parameters")


TENSORS = "PyTorch's tensor operations train this network"


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({}, "train"),
        ({"arithmetic": "torch"}, f"{TENSORS}, as Arithmetic was set"),
        ({"model": {"hidden": [150, 150]}}, f"{TENSORS} of 23,251 parameters"),
    ],
)
def test_the_form_has_the_arithmetic_of_the_run(lab: Lab, spec: dict[str, Any], why: str) -> None:
    """And a tip says why it has that one."""
    lab.open(spec)
    shown = lab.page.locator("#controls summary", has_text="Training").locator(".caption span")
    expect(shown).to_have_text(lab.run()["arithmetic"])
    shown.hover()
    expect(lab.page.locator("#tooltip")).to_contain_text(why)
    expect(lab.page.locator("#tooltip")).to_contain_text("Machine code for multilayer perceptrons")
