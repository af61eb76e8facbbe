"""Screenshots of the page on a server for a class: whose a run is, and what stands in the way."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2 as httpx
from playwright.sync_api import Browser, Page

from tests.screens import SCREENS, THEMES, new_context
from tests.server import PATIENCE, Server, bearer, start_server

TOKEN = "a-token-for-the-class"
ADMIN = "a-token-for-the-lecturer"
RUNS_A_PERSON = "2"
PIN_ALL = """async () => {
  const { runs } = await (await fetch("api/runs?owner=me")).json();
  const headers = { "content-type": "application/json" };
  const how = { method: "PATCH", headers, body: JSON.stringify({ pinned: true }) };
  await Promise.all(runs.map(({ id }) => fetch(`api/runs/${id}`, how)));
}"""


def shoot_shared(browser: Browser, out: Path) -> None:
    """Every state on every screen; the server ends with the last of them."""
    server = start_server(
        LIVENET_TOKEN=TOKEN, LIVENET_ADMIN_TOKEN=ADMIN, LIVENET_MAX_RUNS_A_PERSON=RUNS_A_PERSON
    )
    try:
        with httpx.Client(
            base_url=server.url, headers=bearer(ADMIN), trust_env=False, timeout=PATIENCE
        ) as lecturer:
            run = lecturer.post("/api/runs", json={"spec": {}, "pace": 120}).json()["id"]
        pages = [
            (f"{screen}-{theme}.png", _opened(browser, server, run, screen, theme, TOKEN))
            for screen in SCREENS
            for theme in THEMES
        ]
        for name, page in pages:
            page.screenshot(path=out / f"watching-{name}")
            page.keyboard.press("Space")
            page.wait_for_selector(".notice")
            page.wait_for_timeout(400)
            page.screenshot(path=out / f"watched-space-{name}")
        for name, page in pages:
            _refused_for_room(page)
            page.screenshot(path=out / f"no-room-{name}")
            page.get_by_role("button", name="Delete old runs").click()
            page.wait_for_timeout(600)
            page.screenshot(path=out / f"make-room-{name}")
            page.get_by_role("button", name=re.compile("^Delete the")).click()
            page.wait_for_timeout(600)
            page.get_by_role("dialog").get_by_role("button", name="Close").click()
        administrator = _opened(browser, server, run, "laptop", "light", ADMIN)
        administrator.screenshot(path=out / "administrator-laptop-light.png")
        server.stop()
        for name, page in pages:
            page.wait_for_timeout(300)
            page.screenshot(path=out / f"restarting-{name}")
            page.context.close()
    finally:
        server.stop()
    _shoot_signed_out(browser, out)


def _shoot_signed_out(browser: Browser, out: Path) -> None:
    server = start_server(LIVENET_TOKEN=TOKEN)
    try:
        for screen in SCREENS:
            for theme in THEMES:
                page = _opened(browser, server, None, screen, theme, TOKEN)
                page.context.clear_cookies()
                page.keyboard.press("Space")
                page.wait_for_selector(".card")
                page.screenshot(path=out / f"signed-out-{screen}-{theme}.png")
                page.context.close()
    finally:
        server.stop()


def _opened(
    browser: Browser, server: Server, run: str | None, screen: str, theme: str, token: str
) -> Page:
    """The page as somebody opens it by the link to a class, or to a run."""
    page = new_context(browser, screen, theme).new_page()
    page.goto(f"{server.url}/?token={token}{f'#run={run}' if run else ''}")
    page.wait_for_selector("#panel-output canvas", timeout=20_000)
    page.wait_for_timeout(3000)
    return page


def _refused_for_room(page: Page) -> None:
    """Makes runs and pins them, until there is no room for another."""
    while not page.locator(".notice.bad").count():
        page.evaluate(PIN_ALL)
        page.keyboard.press("n")
        page.wait_for_timeout(500)
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(500)
