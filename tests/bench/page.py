"""How fast the page paints, in real Chromium: a frame is painted when it is acknowledged."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from statistics import quantiles
from time import perf_counter
from typing import Any
from urllib.parse import quote

import httpx2 as httpx
from playwright.sync_api import Browser, sync_playwright

from tests.browser import find_chromium, launch_arguments
from tests.leftovers import forgotten

SECONDS = 8.0

# Wraps the page's websocket: notes when each frame came, of which moment it is, and when the page
# said that it had painted it.
WATCH = """
(() => {
  const Plain = WebSocket;
  const paints = (window.paints = []);
  const channels = {};
  const times = {};
  const arrivals = {};
  class Watched extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", (event) => {
        if (typeof event.data === "string") {
          const said = JSON.parse(event.data);
          if (said.kind === "subscribed") channels[said.channel] = said.id;
          return;
        }
        const view = new DataView(event.data);
        const size = Number(view.getBigUint64(0, true));
        const header = new TextDecoder().decode(new Uint8Array(event.data, 8, size));
        const meta = JSON.parse(header).__metadata__;
        const key = channels[meta.channel] + meta.seq;
        times[key] = Number(meta.time) * 1000;
        arrivals[key] = Date.now();
      });
    }
    send(text) {
      super.send(text);
      if (!text.includes('"ack"')) return;
      const now = Date.now();
      for (const [id, seq] of Object.entries(JSON.parse(text).seqs))
        paints.push([id, now - (times[id + seq] ?? NaN), now - (arrivals[id + seq] ?? NaN)]);
    }
  }
  window.WebSocket = Watched;
})();
"""


@dataclass(frozen=True)
class Seen:
    """What a page painted in a while, and how far its run came."""

    painted: float
    """Frames a second of the panel that has the most."""
    ages: list[float]
    """Of each frame when it was painted, in ms."""
    drawing: list[float]
    """From each frame's arrival in the page until it was painted, in ms."""
    steps: float
    """Steps a second."""


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=launch_arguments()
        )
        yield browser
        browser.close()


@forgotten()
def look(browser: Browser, address: str, spec: dict[str, Any], pace: str = "120") -> Seen:
    """Opens a run on the page, trains it, and looks at the default panels for SECONDS."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(f"{address}/#spec={quote(json.dumps(spec))}")
        page.wait_for_selector("#play:not([disabled])")
        page.wait_for_selector("#panel-output canvas")
        page.wait_for_timeout(2000)
        page.select_option("#top .pace select", pace)
        page.keyboard.press("Space")
        page.wait_for_timeout(2000)
        run = f"{address}/api/runs/{page.evaluate('location.hash.match(/run=([^&]+)/)[1]')}"
        page.evaluate("window.paints.length = 0")
        start, before = perf_counter(), step_of(run)
        page.wait_for_timeout(SECONDS * 1000)
        paints: list[Any] = page.evaluate("window.paints")
        steps = (step_of(run) - before) / (perf_counter() - start)
    known = [one for one in paints if isfinite(one[1])]
    busiest = max(Counter(panel for panel, _, _ in known).values())
    ages, drawing = [age for _, age, _ in known], [drawn for _, _, drawn in known]
    return Seen(busiest / SECONDS, ages, drawing, steps)


def late(ages: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(ages, n=20)[-1]


def step_of(run: str) -> int:
    step: int = httpx.get(run).raise_for_status().json()["step"]
    return step
