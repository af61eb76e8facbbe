"""The page of convolutional networks: blocks, kernels, a drawing, sizes, regions between images."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

BLOCKS: list[dict[str, Any]] = [
    {"kind": "conv", "channels": 4},
    {"kind": "batch_norm"},
    {"kind": "residual", "channels": 4, "depth": 3},
    {"kind": "max_pool"},
    {"kind": "residual", "channels": 6},
    {"kind": "global_pool"},
    {"kind": "dense", "units": 8},
]
DEEP = {"data": {"kind": "digits"}, "model": {"kind": "cnn", "blocks": BLOCKS}}
SMALL = {
    "data": {"kind": "digits"},
    "model": {"kind": "cnn", "blocks": [{"kind": "conv", "channels": 1}, {"kind": "max_pool"}]},
}
SHOWN = "[...document.querySelectorAll('.cnn-maps')].some((one) => one.width > 8)"


def opened(lab: Lab, spec: dict[str, Any]) -> None:
    lab.open(spec)
    lab.until(SHOWN)
    lab.page.keyboard.press("ArrowRight")
    lab.until_step(1)


def probe(lab: Lab, name: str, **options: int) -> dict[str, Any]:
    """The server's facts, of the run on the page."""
    url = f"{lab.address}/api/runs/{lab.run_id}/probes/{name}"
    asked: dict[str, str | float | bool] = {"options": json.dumps(options)}
    facts: dict[str, Any] = lab.context.request.get(url, params=asked).json()["facts"]
    return facts


@pytest.mark.parametrize("width", [1440, 390])
def test_all_blocks_are_in_sight(lab: Lab, width: int) -> None:
    """However many there are, none is pushed out at the side."""
    lab.page.set_viewport_size({"width": width, "height": 900})
    opened(lab, DEEP)
    place = lab.page.locator(".cnn-blocks")
    assert place.locator("button").count() == len(BLOCKS)
    lab.until(
        "(() => { const grid = document.querySelector('.cnn-blocks');"
        " const own = grid.getBoundingClientRect();"
        " return [...grid.children].every((one) => { const box = one.getBoundingClientRect();"
        " return box.left >= own.left && box.right <= own.right && box.bottom <= own.bottom + 1 })"
        "})()"
    )


def test_every_convolution_of_a_residual_block_can_be_chosen(lab: Lab) -> None:
    opened(lab, DEEP)
    lab.page.locator(".cnn-block").nth(2).click()
    for part in (2, 0, 1):
        lab.page.get_by_role("button", name=f"Convolution {part + 1} of 3").click()
        z = probe(lab, "convolution", layer=3, part=part)["z"]
        lab.until(
            "(z) => { const said = document.querySelector('.cnn-cursor-value').textContent"
            ".replaceAll('−', '-'); const found = said.match(/= (\\S+), at row/);"
            " return found && Math.abs(Number(found[1]) - z) <= 0.006 * Math.abs(z) }",
            z,
        )
    lab.page.get_by_role("tab", name="Filters").click()
    lab.until(
        "document.querySelector('.cnn-pictures .figure-title')?.textContent"
        " === 'Filters of Residual 1, convolution 2'"
    )


def test_a_drawing_gives_way_to_the_test_image_again(lab: Lab) -> None:
    opened(lab, DEEP)
    pad = lab.page.locator(".drawing-pad-canvas")
    before = lab.ink(".drawing-pad-canvas")
    back = lab.page.get_by_role("button", name="Back to image 0")
    expect(back).to_be_hidden()
    pad.focus()
    lab.page.keyboard.press("Delete")
    lab.until_repainted(".drawing-pad-canvas", before)
    back.click()
    expect(back).to_be_hidden()
    lab.page.get_by_role("tab", name="Maps").focus()
    lab.until("(was) => document.querySelector('.drawing-pad-canvas').toDataURL() === was", before)
    answer = probe(lab, "feature_maps")
    lab.until(
        "(name) => document.querySelector('.class-probabilities .caption').textContent"
        ".startsWith(name)",
        answer["prediction"],
    )


def test_sizes_have_their_formulas_with_numbers(lab: Lab) -> None:
    opened(lab, DEEP)
    lab.page.get_by_role("tab", name="Sizes").click()
    for layer in lab.run()["layers"]:
        row = lab.page.locator(".sizes li", has_text=layer["label"]).first
        row.wait_for()
        assert " × ".join(map(str, layer["output"])) in row.inner_text()
        wanted = f"{layer['parameters']:,}" if layer["parameters"] else "No parameters"
        assert wanted in row.inner_text()


def test_the_regions_between_images_are_the_servers(lab: Lab) -> None:
    opened(lab, SMALL)
    lab.page.get_by_role("tab", name="Linear regions").first.click()
    counted = "(count) => document.querySelector('.cnn-regions .facts')?.innerText.includes(count)"
    whole = probe(lab, "regions")
    assert not whole["truncated"]
    lab.until(counted, f"{whole['activation_regions']:,}")
    lab.until(counted, f"{whole['linear_regions']:,}")
    canvas = lab.page.locator(".cnn-regions .map-canvas")
    before = lab.ink(".cnn-regions .map-canvas")
    lab.page.get_by_role("button", name="Zoom in").click()
    lab.until(
        "(count) => Number(document.querySelector('.cnn-regions .facts dd').innerText"
        ".replaceAll(',', '')) < count",
        whole["activation_regions"],
    )
    lab.until_repainted(".cnn-regions .map-canvas", before)
    lab.page.get_by_role("button", name="Reset zoom").click()
    lab.until(counted, f"{whole['activation_regions']:,}")
    canvas.click()
    lab.until(
        "document.querySelector('.plane-point strong').textContent.startsWith('The cell at (')"
    )
    lab.page.get_by_role("button", name="(0, 0): next").click()
    images = "document.querySelector('.three-images input').value"
    assert lab.page.evaluate(images) == "3"  # 1 and 2 are the others
