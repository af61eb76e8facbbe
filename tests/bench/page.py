"""How fast the page paints, in real Chromium: a frame is painted when it is acknowledged."""

from __future__ import annotations

from statistics import median, quantiles
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser import find_chromium, launch_arguments

SECONDS = 8.0

# Wraps the page's websocket: notes when each frame came, of which moment it is, and when the page
# said that it had painted it.
WATCH = """
(() => {
  const Plain = WebSocket;
  const paints = (window.paints = []);
  const channels = {};
  const times = {};
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
        times[channels[meta.channel] + meta.seq] = Number(meta.time) * 1000;
      });
    }
    send(text) {
      super.send(text);
      if (!text.includes('"ack"')) return;
      const now = Date.now();
      for (const [id, seq] of Object.entries(JSON.parse(text).seqs))
        paints.push([id, now, now - (times[id + seq] ?? NaN)]);
    }
  }
  window.WebSocket = Watched;
})();
"""


def measure(address: str) -> dict[str, float]:
    """Frames painted a second of the output, and the 95th percentile of their age when painted."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=launch_arguments()
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH)
        spec = '{"model":{"hidden":[8,8,8]}}'
        page.goto(f"{address}/#spec={spec}")
        page.wait_for_selector("#panel-output canvas")
        page.wait_for_timeout(2000)
        page.keyboard.press("Space")
        page.wait_for_timeout(2000)
        page.evaluate("window.paints.length = 0")
        page.wait_for_timeout(SECONDS * 1000)
        paints: list[Any] = page.evaluate("window.paints")
        browser.close()
    by_panel: dict[str, list[float]] = {}
    for panel, _, age in paints:
        if age is not None:
            by_panel.setdefault(panel, []).append(age)
    busiest = max(by_panel.values(), key=len)
    ages = [age for panel in by_panel.values() for age in panel]
    return {
        "painted_per_s": len(busiest) / SECONDS,
        "paint_age_p95_ms": quantiles(ages, n=20)[-1],
        "paint_age_median_ms": median(ages),
    }
