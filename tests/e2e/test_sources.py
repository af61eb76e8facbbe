"""The page without its bundle: in a checkout an edit shows on reload."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.lab import Lab, opened
from tests.server import start_server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of this checkout, just bundled."""
    ignored = shutil.ignore_patterns("node_modules", "__pycache__")
    for name in ("backend", "frontend"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    (tmp_path / "frontend/dist/index.html").touch()
    return tmp_path


@pytest.fixture
def lab(browser: Browser, checkout: Path) -> Iterator[Lab]:
    served = start_server("--workers", "1", PYTHONPATH=str(checkout / "backend"))
    try:
        with opened(browser, served.url) as made:
            yield made
    finally:
        served.stop()


def test_an_edit_shows_on_reload(lab: Lab, checkout: Path) -> None:
    loaded = "performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)"
    lab.open()
    assert not [path for path in lab.page.evaluate(loaded) if path.startswith("/app/")]
    start = checkout / "frontend/app/start.js"
    start.write_text(start.read_text() + '\ndocument.documentElement.dataset.edited = "so";\n')
    style = checkout / "frontend/styles/base.css"
    style.write_text(style.read_text() + "\n:root { --edited: so; }\n")
    lab.page.reload()
    lab.until("document.documentElement.dataset.edited === 'so'")
    lab.until("getComputedStyle(document.documentElement).getPropertyValue('--edited') === 'so'")
    assert not [path for path in lab.page.evaluate(loaded) if path.startswith("/assets/")]
    lab.until_drawn()
    lab.page.keyboard.press("Space")
    lab.until_step(30)
