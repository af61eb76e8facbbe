"""Screenshots of the running page, for people to look at: ``make look`` writes them to look/.

Several specs, every preset of the gallery among them, light and dark, on a laptop and on a phone.
``python -m tests.look gallery vae`` takes only those with one of the words in their name.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from livenet.presets import ROWS
from tests.browser import find_chromium, launch_arguments
from tests.leftovers import forgotten
from tests.look_shared import shoot_shared
from tests.screens import SCREENS, THEMES, new_context
from tests.server import serving

OUT = Path("look")


@dataclass(frozen=True)
class Scene:
    """A spec, and how long to train it before the picture."""

    name: str
    spec: dict[str, Any] = field(default_factory=dict)
    play_ms: int = 5000


SCENES = (
    Scene("start", play_ms=0),
    Scene("spiral"),
    Scene("relu", {"model": {"hidden": [12, 12, 8], "activation": "relu"}}),
    Scene("blobs", {"data": {"kind": "blobs", "count": 5}}),
    Scene("sine", {"data": {"kind": "sine"}, "model": {"activation": "relu", "hidden": [16, 16]}}),
    Scene("bumps", {"data": {"kind": "bumps"}, "model": {"hidden": [12, 12]}}),
    Scene("deep", {"model": {"hidden": [6] * 20, "residual": True}}),
    Scene("wide", {"model": {"hidden": [512], "activation": "relu"}}),
    *(Scene(f"preset-{preset.kind}", dict(preset.spec), 12_000) for preset in ROWS),
    Scene("diverged", {"data": {"kind": "sine"}, "optimizer": {"kind": "sgd", "lr": 1e5}}, 2000),
)


@forgotten()
def shoot(browser: Browser, address: str, scene: Scene, screen: str, theme: str) -> None:
    """One picture: the page as someone would see it after a while of training."""
    page = new_context(browser, screen, theme).new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.goto(f"{address}/#spec={json.dumps(scene.spec)}")
    page.wait_for_selector("#network canvas", timeout=20_000)
    page.wait_for_timeout(1500)
    if scene.play_ms:
        page.keyboard.press("Space")
        page.wait_for_timeout(scene.play_ms)
    page.screenshot(path=OUT / f"{scene.name}-{screen}-{theme}.png")
    page.context.close()
    for problem in problems:
        print(f"{scene.name}, {screen}, {theme}: {problem}")


@forgotten()
def shoot_gallery(browser: Browser, address: str, screen: str, theme: str) -> None:
    """What there is to begin with."""
    page = new_context(browser, screen, theme).new_page()
    page.goto(address)
    page.get_by_role("button", name="New", exact=True).click()
    page.wait_for_timeout(1000)
    page.screenshot(path=OUT / f"gallery-{screen}-{theme}.png")
    page.context.close()


def main(words: list[str]) -> None:
    def wanted(name: str) -> bool:
        return not words or any(word in name for word in words)

    if not words:
        shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(exist_ok=True)
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=launch_arguments()
        )
        for scene in filter(lambda scene: wanted(scene.name), SCENES):
            for screen in SCREENS:
                for theme in THEMES:
                    shoot(browser, address, scene, screen, theme)
        for screen in SCREENS if wanted("gallery") else ():
            for theme in THEMES:
                shoot_gallery(browser, address, screen, theme)
        if wanted("shared"):
            shoot_shared(browser, OUT)
        browser.close()
    print(f"{len(list(OUT.iterdir()))} pictures are in {OUT.resolve()}")


if __name__ == "__main__":
    main(sys.argv[1:])
