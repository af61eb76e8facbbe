"""The page of a viewer on another machine: its pictures come packed."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

import pytest
from playwright.sync_api import Browser

from livenet.api.viewers.line import FAR
from tests.e2e.lab import opened
from tests.slow_line import slow_line_in_thread

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

COUNT = """
(() => {
  window.painted = {};
  addEventListener("painted", ({ detail: { id } }) => (painted[id] = (painted[id] ?? 0) + 1));
})();
"""
PANELS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "perceptron": ({}, {"network", "neurons", "output"}),
    "transformer": (
        {"data": {"kind": "reverse", "length": 10}},
        {"tokens", "middle", "output"},
    ),
    "vae": (
        {"data": {"kind": "digits"}, "model": {"kind": "vae", "latent": 2}},
        {"latents", "reconstructions", "latent_grid", "samples", "decode", "kl"},
    ),
    "regions": (
        {"model": {"hidden": [64, 64], "activation": "relu"}},
        {"network", "neurons", "output", "output-regions"},
    ),
}


@pytest.fixture
def farther(address: str) -> Iterator[str]:
    """The address of the server at the end of a long line."""
    port = int(address.rpartition(":")[2])
    with slow_line_in_thread(port, inf, 2 * FAR) as nearer:
        yield f"http://127.0.0.1:{nearer}"


@pytest.mark.parametrize("family", PANELS)
def test_all_panels_are_painted_from_packed_frames(
    browser: Browser, farther: str, family: str
) -> None:
    spec, panels = PANELS[family]
    kinds: list[int] = []
    with opened(browser, farther) as lab:
        lab.context.add_init_script(COUNT)
        lab.page.on(
            "websocket",
            lambda opened: opened.on(
                "framereceived",
                lambda data: kinds.append(data[0]) if isinstance(data, bytes) else None,
            ),
        )
        lab.open(spec)
        lab.page.get_by_role("button", name="Play", exact=True).click()
        # Until the round trip is known, frames are whole.
        lab.wait(lambda: kinds and kinds[-1] % 8)
        lab.page.evaluate("window.painted = {}")
        lab.until("(panels) => panels.every((id) => painted[id] >= 5)", sorted(panels))
        lab.page.get_by_role("button", name="Pause", exact=True).click()
        lab.until_paused()
    packed = [kind % 8 > 0 for kind in kinds]
    assert all(packed[packed.index(True) :])
    assert sum(packed) >= 5 * len(panels)
