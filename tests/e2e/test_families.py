"""Every family of models on the page: from the gallery, by the form, and from one to another."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from livenet.presets import ROWS, Preset
from livenet.spec import resolve
from tests.e2e.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

PAINTED = (
    "[...document.querySelectorAll(':is(#network, .view-panel) canvas')]"
    ".some((one) => one.width > 8)"
)


def shown(lab: Lab, kind: str) -> None:
    """Waits until the page has the middle of this kind of model, with something drawn in it."""
    lab.until(f"document.documentElement.dataset.family === '{kind}' && {PAINTED}")


@pytest.mark.parametrize("preset", ROWS, ids=lambda preset: preset.kind)
def test_a_preset_opens_and_trains(lab: Lab, preset: Preset) -> None:
    lab.open()
    lab.page.get_by_role("button", name="New", exact=True).click()
    card = lab.page.get_by_role("button", name=preset.label)
    picture = card.locator(".preset-picture").evaluate("(e) => getComputedStyle(e).backgroundImage")
    assert f"/{preset.kind}-light" in picture
    card.click()
    shown(lab, resolve(preset.spec).model.kind)
    lab.until_step(10)
    assert lab.run()["spec"] == resolve(preset.spec).document()
    if preset.panel:
        lab.page.wait_for_selector(f"#panel-{preset.panel} canvas:visible")
    assert not lab.page.locator(".picture[data-state=refused]:visible").count()


def test_the_gallery_waits_for_what_there_is(lab: Lab) -> None:
    """Opened before the server has said which presets there are."""
    held: list[Route] = []
    lab.page.route("**/api/catalogue", lambda route: held.append(route))
    lab.page.goto(lab.address)
    lab.page.get_by_role("button", name="New", exact=True).click()
    lab.page.get_by_text("Waiting for the server.").wait_for()
    lab.wait(lambda: held)
    assert len(held) == 1
    held[0].continue_()
    lab.page.get_by_role("button", name=ROWS[0].label).click()
    shown(lab, "mlp")
    lab.until_step(1)


def test_other_data_bring_a_model_that_learns_them(lab: Lab) -> None:
    lab.open()
    for family, kind in (("Images", "cnn"), ("Sequences", "rnn"), ("Points", "mlp")):
        lab.page.get_by_role("radio", name=family, exact=True).click()
        shown(lab, kind)
        assert not lab.page.locator("#controls .problem").count()


def test_a_run_of_another_family_comes_back_with_its_middle(lab: Lab) -> None:
    lab.open({"model": {"kind": "cnn"}})
    shown(lab, "cnn")
    lab.page.keyboard.press("ArrowRight")
    lab.until_step(1)
    lab.page.get_by_role("radio", name="Points", exact=True).click()
    shown(lab, "mlp")
    lab.until("document.querySelectorAll('#tab-weights').length === 1")
    lab.page.locator(".run-card .open").nth(1).click()
    shown(lab, "cnn")
    lab.until("document.querySelectorAll('#tab-weights').length === 0")
