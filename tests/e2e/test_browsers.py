"""The main path of every family, in Chromium and Firefox, on a laptop and on a phone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from livenet.spec import resolve
from livenet.spec.base import kind_of
from livenet.spec.model import KINDS
from tests.browser import FIREFOX, find
from tests.e2e.lab import TELL_ERRORS, opened
from tests.firefox import Firefox, firefox
from tests.screens import SCREENS
from tests.server import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

SPECS: dict[str, dict[str, Any]] = {
    "mlp": {},
    "cnn": {"model": {"kind": "cnn"}},
    "rnn": {"model": {"kind": "rnn"}},
    "transformer": {"data": {"kind": "reverse"}, "model": {"kind": "transformer"}},
    "autoencoder": {"model": {"kind": "autoencoder"}},
    "vae": {"model": {"kind": "vae"}},
}

LEAST = 24  # CSS pixels, of the side of what matters

PARTS = (
    "#network, #network .middle-body, .view-panel, #panels .panel, #timeline .track,"
    " #runs .run-card"
)

TOO_SMALL = f"""
[...document.querySelectorAll({json.dumps(PARTS)})]
  .filter((one) => one.checkVisibility())
  .map((one) => ({{name: one.id || one.className, box: one.getBoundingClientRect()}}))
  .filter(({{box}}) => Math.min(box.width, box.height) < {LEAST})
  .map(({{name, box}}) => `${{name}}: ${{box.width}} x ${{box.height}}`)
"""

# Panels in the place of the main view.
OPEN_PANELS = "document.querySelectorAll('.view-panel:not([hidden])').length"

# Of the canvases on the page, those with nothing drawn, or of which too little is seen: the rest is
# outside of what its ancestors show.
NOT_SEEN = f"""
[...document.querySelectorAll('#network canvas, #panels canvas, #timeline canvas')]
  .filter((canvas) => canvas.checkVisibility() && !canvas.closest('[data-state=refused]'))
  .filter((canvas) => {{
    canvas.scrollIntoView({{block: 'center', behavior: 'instant'}});
    const box = canvas.getBoundingClientRect();
    let [top, right, bottom, left] = [box.top, box.right, box.bottom, box.left];
    for (let one = canvas.parentElement; one; one = one.parentElement) {{
      const {{display, overflowY}} = getComputedStyle(one);
      if (display === 'contents' || overflowY === 'visible') continue;
      const shown = one.getBoundingClientRect();
      [top, bottom] = [Math.max(top, shown.top), Math.min(bottom, shown.bottom)];
      [left, right] = [Math.max(left, shown.left), Math.min(right, shown.right)];
    }}
    if (right - left < {LEAST} || bottom - top < {LEAST} || canvas.width * canvas.height === 0) {{
      return true;
    }}
    const {{data}} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return !data.some((value, i) => i % 4 === 3 && value > 0);
  }})
  .map((canvas) => canvas.closest('[id]').id + ' ' + canvas.className)
"""


class Page(Protocol):
    """What both Playwright's pages and Firefox's have."""

    def add_init_script(self, script: str) -> object: ...
    def goto(self, url: str) -> object: ...
    def evaluate(self, expression: str) -> Any: ...
    def click(self, selector: str) -> object: ...


class Opener(Protocol):
    """Opens a page, on which nothing may go wrong."""

    def __call__(self, width: int, height: int) -> AbstractContextManager[Page]: ...


@pytest.fixture(scope="module")
def stock_firefox() -> Iterator[Firefox]:
    path = find(FIREFOX)
    assert path, "No Firefox: run `python -m tests.browser firefox`"
    with firefox(path) as made:
        yield made


@pytest.fixture(params=["Chromium", "Firefox"])
def open_page(request: pytest.FixtureRequest, address: str) -> Opener:
    @contextmanager
    def in_chromium(width: int, height: int) -> Iterator[Page]:
        browser: Browser = request.getfixturevalue("browser")
        with opened(browser, address, viewport={"width": width, "height": height}) as lab:
            yield lab.page

    @contextmanager
    def in_firefox(width: int, height: int) -> Iterator[Page]:
        made: Firefox = request.getfixturevalue("stock_firefox")
        with made.page(width, height) as page:
            page.add_init_script(TELL_ERRORS)
            yield page
            errors = made.errors()
        assert errors == []

    return in_chromium if request.param == "Chromium" else in_firefox


def until(page: Page, expression: str, wanted: object = True) -> None:
    """Waits until an expression of JavaScript has a value."""
    deadline = time.monotonic() + PATIENCE
    while (found := page.evaluate(expression)) != wanted:
        assert time.monotonic() < deadline, f"{expression} is {found!r}, not {wanted!r}"
        time.sleep(0.05)


def show(page: Page, address: str, spec: dict[str, Any]) -> None:
    """Opens a run of a spec, until it can be played."""
    page.goto(f"{address}/#spec={quote(json.dumps(spec))}")
    until(page, "document.querySelector('#play:not([disabled])') !== null")
    kind = resolve(spec).model.kind
    until(page, "document.documentElement.dataset.family", kind)
    until(page, "document.querySelectorAll('#network canvas').length > 0")


def test_no_family_is_forgotten() -> None:
    assert {resolve(spec).model.kind for spec in SPECS.values()} == set(map(kind_of, KINDS))


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("family", SPECS)
def test_a_family_trains_and_is_drawn(
    open_page: Opener, address: str, family: str, screen: str
) -> None:
    with open_page(*SCREENS[screen]) as page:
        show(page, address, SPECS[family])
        page.click("#play")
        until(page, "Number(document.querySelector('#timeline .track').ariaValueMax) >= 10")
        for tab in range(page.evaluate("document.querySelectorAll('#views [role=tab]').length")):
            page.click(f"#views [role=tab]:nth-of-type({tab + 1})")
            until(page, OPEN_PANELS, 0 if tab == 0 else 1)
            until(page, TOO_SMALL, [])
            until(page, NOT_SEEN, [])


BETWEEN_THE_BARS = """
['start', 'end', 'nearest'].every((block) => {
  document.querySelector('#timeline').scrollIntoView({block, behavior: 'instant'});
  const [track, above, below] = ['#timeline .track', '#top', '.transport']
    .map((selector) => document.querySelector(selector).getBoundingClientRect());
  return above.bottom <= track.top && track.bottom <= below.top;
})
"""


def test_a_phone_scrolls_the_timeline_between_its_bars(open_page: Opener, address: str) -> None:
    with open_page(*SCREENS["phone"]) as page:
        show(page, address, SPECS["mlp"])
        until(page, BETWEEN_THE_BARS)
