"""The gallery's pictures, of real runs: ``python -m tests.thumbnails`` writes them.

Each preset is opened on the page and trained for a while; a part of what is seen then becomes a
small picture, in both themes. They are committed, so that nothing need be trained at set-up.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from livenet.presets import ROWS, Preset
from tests.browser import find_chromium, launch_arguments
from tests.leftovers import forgotten
from tests.screens import THEMES, new_context
from tests.server import serving

FOLDER = Path(__file__).parent.parent / "frontend" / "styles" / "gallery"
SIDE = 208  # pixels: two for each on the page
MOST = 8192  # bytes
SECONDS = 20.0
SHORTER = {"large_rate": 1.0}  # seconds: the jumps of more steps would run together
STARTS_WITHIN = 30_000  # ms

# What of the page is shown, where it is not the first picture in the middle.
PARTS = {
    "spiral": "#panel-output canvas",
    "sine": "#panel-output canvas",
    "overfitting": "#panel-output canvas",
    "large_rate": "#panel-curves canvas",
    "dead_relus": "#network canvas",
    "deep": "#panel-output canvas",
    "digits": ".cnn-maps",
    "shapes": ".drawing-pad-canvas",
    "reverse": "#panel-output .figure-canvas",
    "associative_recall": "#panel-output .figure-canvas",
    "vae": ".vae-grid canvas",
    "few_labels": ".vae-reconstructions canvas",
}
MIDDLE = "#network .figure-canvas"

# The page makes the picture small itself: cut to a square from the middle, as WebP.
SHRINK = """async ({png, side, quality}) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    const cut = Math.min(image.width, image.height);
    context.drawImage(image, (image.width - cut) / 2, (image.height - cut) / 2, cut, cut,
        0, 0, side, side);
    return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


def shrunk(page: Page, png: bytes) -> bytes:
    """The picture as WebP of at most ``MOST`` bytes, as good as that allows."""
    blank = page.context.new_page()
    found = b""
    for quality in (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1):
        given = {"png": base64.b64encode(png).decode(), "side": SIDE, "quality": quality}
        found = base64.b64decode(blank.evaluate(SHRINK, given))
        if len(found) <= MOST:
            break
    blank.close()
    return found


@forgotten()
def shoot(browser: Browser, address: str, preset: Preset) -> dict[str, bytes]:
    """The picture in each theme, of one run."""
    page = new_context(browser, "laptop", "light").new_page()
    page.add_init_script('localStorage.setItem("livenet.pace", "null")')
    page.goto(f"{address}/#spec={json.dumps(dict(preset.spec))}")
    page.wait_for_selector("#play:not([disabled])", timeout=STARTS_WITHIN)
    page.keyboard.press("Space")
    part = page.locator(PARTS.get(preset.kind, MIDDLE)).first
    part.wait_for(timeout=STARTS_WITHIN)  # the curves are hidden before the first rows
    page.wait_for_timeout(SHORTER.get(preset.kind, SECONDS) * 1000)
    page.keyboard.press("Space")
    found = {}
    for theme in THEMES:
        page.evaluate("(theme) => void (document.documentElement.dataset.theme = theme)", theme)
        page.wait_for_timeout(1000)
        found[theme] = shrunk(page, part.screenshot())
    page.context.close()
    return found


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    wanted = sys.argv[1:] or [preset.kind for preset in ROWS]
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=launch_arguments()
        )
        for preset in ROWS:
            if preset.kind not in wanted:
                continue
            for theme, picture in shoot(browser, address, preset).items():
                (FOLDER / f"{preset.kind}-{theme}.webp").write_bytes(picture)
        browser.close()


if __name__ == "__main__":
    main()
