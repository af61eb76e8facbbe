"""A page that nobody looks at: nothing is sent to it, and it loses nothing over that."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import WebSocket, expect

from tests.e2e.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]


class Traffic:
    """What the sockets of a page carry: messages from the server, and where its rows go on."""

    def __init__(self, lab: Lab) -> None:
        self.received = 0
        self.cursors: list[int] = []
        self.opened = 0
        self.closed = 0
        lab.page.on("websocket", self._open)

    def _open(self, socket: WebSocket) -> None:
        self.opened += 1
        socket.on("framereceived", lambda _: self._receive())
        socket.on("framesent", self._send)
        socket.on("close", lambda _: self._close())

    def _close(self) -> None:
        self.closed += 1

    def _receive(self) -> None:
        self.received += 1

    def _send(self, payload: str | bytes) -> None:
        message = json.loads(payload)
        if message["kind"] == "series":
            self.cursors.append(message["after"])


def playing(lab: Lab) -> None:
    lab.open()
    lab.page.keyboard.press("Space")
    lab.until_step(40)


VISIBILITY = """(state) => {
  Object.defineProperty(document, "visibilityState", {configurable: true, get: () => state});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_nothing_is_sent_to_a_hidden_tab_and_it_catches_up(lab: Lab) -> None:
    traffic = Traffic(lab)
    playing(lab)
    lab.page.evaluate(VISIBILITY, "hidden")
    lab.wait(lambda: traffic.closed)  # after longer than a glance at another tab
    before = traffic.received
    step = int(lab.page.locator("#timeline .track").get_attribute("aria-valuemax") or 0)
    lab.page.wait_for_timeout(2000)
    assert traffic.received == before
    lab.page.evaluate(VISIBILITY, "visible")
    lab.until_step(step + 60)
    assert traffic.opened == 2
    assert traffic.cursors[0] == 0
    assert traffic.cursors[1] > 0  # the curves go on where they were


def test_a_page_that_is_left_and_come_back_to_goes_on(lab: Lab) -> None:
    traffic = Traffic(lab)
    playing(lab)
    lab.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    lab.wait(lambda: traffic.closed)
    before = traffic.received
    lab.page.wait_for_timeout(1000)
    assert traffic.received == before
    lab.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    lab.wait(lambda: traffic.received > before)
    expect(lab.page.locator("#messages")).to_have_text("")
