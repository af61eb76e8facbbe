"""The page behind a proxy's path prefix, as JupyterHub and Codespaces have one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.lab import Lab, opened
from tests.proxy import Proxy, proxied
from tests.server import Server, start_server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

PREFIX = "/user/u1/proxy/8140"
TOKEN = "for-the-class-0123456789"
ADMIN_TOKEN = "for-the-lecturer-0123456789"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = start_server(
        *("--workers", "1", "--root-path", PREFIX),
        LIVENET_TOKEN=TOKEN,
        LIVENET_ADMIN_TOKEN=ADMIN_TOKEN,
    )
    yield made
    made.stop()


@pytest.fixture(params=[True, False], ids=["stripped", "left on"])
def proxy(server: Server, request: Any) -> Iterator[Proxy]:
    with proxied(int(server.host.rpartition(":")[2]), PREFIX, strips=request.param) as made:
        yield made


def test_everything_works_behind_a_prefix(browser: Browser, proxy: Proxy) -> None:
    with opened(browser, proxy.url) as lab:
        lab.page.goto(f"{proxy.url}/?token={TOKEN}")
        lab.until_drawn()
        assert TOKEN not in lab.page.url
        (cookie,) = lab.context.cookies()
        assert cookie["path"] == PREFIX  # it does not go to what else the proxy serves
        before = lab.ink("#panel-curves canvas")
        lab.page.get_by_role("button", name="Play", exact=True).click()
        lab.until_step(100)
        lab.until_repainted("#panel-curves canvas", before)
        lab.page.get_by_role("button", name="Pause", exact=True).click()
        lab.until_paused()
        run = lab.run_id
        lab.page.reload()
        lab.until_drawn()
        lab.until_step(100)
        assert lab.run_id == run
        exports(lab)
        documentation(lab)
    assert proxy.strays == []


def exports(lab: Lab) -> None:
    lab.page.get_by_role("button", name="Export").click()
    addresses = lab.page.eval_on_selector_all("a.export", "(links) => links.map((one) => one.href)")
    assert len(addresses) == 2
    for address in addresses:
        assert lab.context.request.get(address).ok, address
    lab.page.keyboard.press("Escape")


def documentation(lab: Lab) -> None:
    """The API's page, and the calls that one can try there."""
    page = lab.context.new_page()
    page.goto(f"{lab.address}/docs")
    page.wait_for_selector(".opblock")
    health = page.locator(".opblock", has_text="/api/health").first
    health.locator(".opblock-summary-control").click()
    health.get_by_role("button", name="Try it out").click()
    with page.expect_response(lambda answer: answer.url.endswith("/api/health")) as asked:
        health.get_by_role("button", name="Execute").click()
    assert asked.value.url == f"{lab.address}/api/health"
    assert asked.value.ok
    page.close()


def test_one_server_remembers_nothing_of_another(browser: Browser, proxy: Proxy) -> None:
    """They share the storage of the proxy's origin."""
    with opened(browser, proxy.url) as lab:
        lab.page.goto(f"{proxy.url}/?token={TOKEN}")
        lab.until_drawn()
        names = lab.page.evaluate("Object.keys(localStorage)")
        assert names
        assert all(name.startswith("livenet.user/u1/proxy/8140/") for name in names), names
