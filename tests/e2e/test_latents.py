"""A code on the page: its sliders, an image's own, what has collapsed, few labels over seeds."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

DECODED = ".vae-decoded .picture canvas"
VAE = {"data": {"kind": "digits"}, "model": {"kind": "vae", "latent": 3}}


def test_a_slider_moves_one_number_of_the_code(lab: Lab) -> None:
    lab.open(VAE)
    lab.until("document.querySelectorAll('.latent-row').length === 3")
    value = "[...document.querySelectorAll('.latent-row output')].map((one) => one.textContent)"
    first, _, third = lab.page.evaluate(value)
    before = lab.ink(DECODED)
    slider = lab.page.get_by_role("slider", name="z2", exact=True)
    slider.focus()
    for _ in range(30):
        slider.press("ArrowRight")
    moved = str(slider.input_value())
    lab.page.wait_for_timeout(500)  # older pictures that still come do not take it back
    assert slider.input_value() == moved
    lab.until_repainted(DECODED, before)
    assert lab.page.evaluate(value)[0] == first
    assert lab.page.evaluate(value)[2] == third
    assert lab.run()["step"] == 0  # arrow keys are the slider's, not the run's


def test_an_images_own_code_is_decoded(lab: Lab) -> None:
    lab.open(VAE)
    lab.until("document.querySelectorAll('.latent-row').length === 3")
    lab.page.wait_for_selector(".vae-reconstructions .picture[data-state=shown] canvas")
    lab.page.locator(".vae-reconstructions canvas").click(position={"x": 20, "y": 20})
    distance = "[...document.querySelectorAll('.facts dt')].find((one) => one.textContent === "
    distance += "'Distance').nextElementSibling.textContent"
    lab.until(f"{distance} === '0'")


def test_another_number_of_dimensions_has_its_own_sliders(lab: Lab) -> None:
    lab.open(VAE)
    lab.until("document.querySelectorAll('.latent-row').length === 3")
    lab.page.get_by_role("slider", name="z1", exact=True).press("ArrowRight")
    field = lab.page.locator("#knob-model-latent")
    for count, rows in ((5, 5), (2, 0)):
        field.fill(str(count))
        field.press("Enter")
        lab.until(f"document.querySelectorAll('.latent-row').length === {rows}")
        lab.until("document.querySelectorAll('.vae-decoded [data-state=shown]').length > 0")
        assert not lab.page.locator(".picture[data-state=refused]:visible").count()


def test_a_collapsed_posterior_is_said_in_words(lab: Lab) -> None:
    lab.open({"data": {"kind": "digits"}, "model": {"kind": "vae", "beta": 30.0}})
    words = "document.querySelector('.vae-summary')"
    assert lab.page.locator(".vae-summary").is_hidden()
    lab.page.keyboard.press("Space")
    lab.until(f"!{words}.hidden && {words}.textContent.includes('collapsed')", seconds=60)
    lab.page.keyboard.press("Space")


def test_few_labels_are_summed_up_over_seeds(lab: Lab) -> None:
    lab.open(VAE)
    lab.page.get_by_text("Few labels", exact=True).first.click()
    over = "document.querySelector('.few-labels-over').textContent"
    lab.until(f"{over}.includes('one seed')", seconds=60)
    lab.page.locator(".few-labels-footer").get_by_role("button", name="Another seed").click()
    lab.until(f"{over}.includes('seeds 0, 1')", seconds=60)
    expect(lab.page.locator(".few-labels tbody tr")).to_have_count(2)
