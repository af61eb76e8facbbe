"""The walk of every family of models by keys alone: every number of every stage, against REST."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.lab import Lab
from tests.e2e.walking import asked, compare, said, trained, until_place

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

STEPS = 3
IMAGES = {"kind": "digits", "samples": 60}
BLOCKS = [
    {"kind": "conv", "channels": 3},
    {"kind": "max_pool"},
    {"kind": "batch_norm"},
    {"kind": "dense", "units": 4},
]
SEQUENCES = {"kind": "parity", "samples": 60, "length": 4}
SMALL: dict[str, dict[str, Any]] = {
    "mlp": {"data": {"kind": "circles"}, "model": {"hidden": [4, 3], "activation": "tanh"}},
    "cnn": {"data": IMAGES, "model": {"kind": "cnn", "blocks": BLOCKS}},
    "lstm": {"data": SEQUENCES, "model": {"kind": "rnn", "cell": "lstm", "hidden": 3}},
    "gru": {
        "data": {"kind": "waves", "samples": 60, "length": 6},
        "model": {"kind": "rnn", "cell": "gru", "hidden": 3, "depth": 2},
    },
    "plain": {"data": SEQUENCES, "model": {"kind": "rnn", "cell": "rnn", "hidden": 3}},
    "transformer": {
        "data": {"kind": "reverse", "samples": 60, "length": 3, "symbols": 3},
        "model": {"kind": "transformer", "width": 4, "heads": 2, "depth": 1},
    },
    "autoencoder": {"data": IMAGES, "model": {"kind": "autoencoder", "latent": 2}},
    "vae": {"data": IMAGES, "model": {"kind": "vae", "latent": 2}},
}


@pytest.mark.parametrize("family", SMALL)
def test_the_numbers_of_every_stage_by_keys(lab: Lab, family: str) -> None:
    page = lab.page
    lab.open(SMALL[family])
    trained(lab, STEPS)
    tab = page.get_by_role("tab", name="Step by step")
    tab.press("Enter")
    expect(tab).to_have_attribute("aria-selected", "true")
    page.wait_for_selector(".steps-equations .equation")
    stages = asked(lab)["facts"]["stages"]
    read = 0
    for at, stage in enumerate(stages):
        until_place(lab, at, len(stages))
        read += compare(lab, asked(lab, stage=stage["id"]))
        page.keyboard.press("ArrowRight")
    until_place(lab, len(stages) - 1, len(stages))
    lines = asked(lab, stage=stages[-1]["id"])["facts"]["lines"]
    values = page.locator(".update-line .update-value").all_inner_texts()
    assert values == [said(line["value"]) for line in lines]
    for at in range(len(stages) - 2, -1, -1):
        page.keyboard.press("ArrowLeft")
        until_place(lab, at, len(stages))
    compare(lab, asked(lab))
    assert lab.run()["step"] == STEPS, "the keys trained nothing"
    assert read > 10 * len(stages)
    page.keyboard.press("Escape")
    expect(tab).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowRight")
    lab.until_step(STEPS + 1)
