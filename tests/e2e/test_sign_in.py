"""Coming in with a real browser: the link, the cookie, and pages elsewhere that would use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.api.closed import ADMIN_TOKEN, TOKEN, closed_server
from tests.e2e.lab import Lab
from tests.server import Server, start_server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

__all__ = ["closed_server"]

Open = Callable[[], BrowserContext]

ASK = """async ([method, path, body]) => {
  const answer = await fetch(path, {
    method, body: body && JSON.stringify(body), headers: {'content-type': 'application/json'},
  });
  return [answer.status, await answer.json()];
}"""
SOCKET = """(address) => new Promise((done) => {
  const socket = new WebSocket(address);
  socket.onmessage = () => { done('open'); socket.close(); };
  socket.onclose = () => done('closed');
})"""


@pytest.fixture
def people(browser: Browser) -> Iterator[Open]:
    """Browsers of their own: each has its cookies."""
    opened: list[BrowserContext] = []

    def somebody() -> BrowserContext:
        opened.append(browser.new_context())
        return opened[-1]

    yield somebody
    for context in opened:
        context.close()


def ask(page: Page, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """What the page's own script is answered."""
    status, document = page.evaluate(ASK, [method, path, body])
    return status, document


def test_the_link_and_then_the_cookie(people: Open, closed_server: Server) -> None:
    """The address loses the token and keeps what is behind the #; page and stream work."""
    ann = Lab(people(), closed_server.url)
    ann.page.goto(f"{closed_server.url}/?token={TOKEN}#spec={{}}")
    ann.until("location.hash.includes('run=')")
    ann.page.wait_for_selector("#panel-output canvas")
    assert "token" not in ann.page.url
    assert TOKEN not in ann.page.evaluate("document.referrer + JSON.stringify(history.state)")
    (cookie,) = ann.context.cookies()
    assert cookie["name"] == f"livenet_{closed_server.host.rsplit(':', 1)[1]}"
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert not cookie["secure"]
    assert cookie["expires"] > 10**9
    assert ann.page.evaluate("document.cookie") == ""
    status, run = ask(ann.page, "GET", f"/api/runs/{ann.run_id}")
    assert status == 200
    assert run["owner"] == ask(ann.page, "GET", "/api/me")[1]["id"]
    stream = f"ws://{closed_server.host}/api/runs/{ann.run_id}/stream"
    assert ann.page.evaluate(SOCKET, stream) == "open"
    # A link clicked elsewhere, or typed: the cookie is enough from now on.
    again = ann.context.new_page()
    again.goto(f"{closed_server.url}/#run={ann.run_id}")
    again.wait_for_selector("#panel-output canvas")
    assert ann.problems == []
    ask(ann.page, "POST", f"/api/runs/{ann.run_id}/commands", {"kind": "stop"})


def test_another_browser_is_somebody_else(people: Open, closed_server: Server) -> None:
    """They watch the run and fork it; it does not obey them, and the lecturer it does."""
    pages = []
    for token in (TOKEN, TOKEN, ADMIN_TOKEN):
        page = people().new_page()
        page.goto(f"{closed_server.url}/docs?token={token}")
        pages.append(page)
    ann, ben, lecturer = pages
    ids = {ask(page, "GET", "/api/me")[1]["id"] for page in pages}
    assert len(ids) == 3
    _, run = ask(ann, "POST", "/api/runs", {"start": False})
    path = f"/api/runs/{run['id']}"
    assert ben.evaluate(SOCKET, f"ws://{closed_server.host}{path}/stream") == "open"
    status, refused = ask(ben, "POST", f"{path}/commands", {"kind": "stop"})
    assert (status, refused["error"]["code"]) == (403, "not_yours")
    status, fork = ask(ben, "POST", f"{path}/forks", {"start": False})
    assert status == 201
    assert ask(ben, "POST", f"/api/runs/{fork['id']}/commands", {"kind": "stop"})[0] == 200
    assert ask(lecturer, "POST", f"{path}/commands", {"kind": "stop"})[0] == 200


def test_sign_in_page(people: Open, closed_server: Server) -> None:
    """A wrong token is told so; the right one leads back to where one wanted to go."""
    lab = Lab(people(), closed_server.url)
    lab.page.goto(f"{closed_server.url}/?a=1#spec={{}}")
    assert lab.page.title() == "Livenet: sign in"
    assert not lab.page.locator(".wrong").count()
    # Its own style applies: the policy has its hash.
    width = lab.page.eval_on_selector("main", "(main) => main.getBoundingClientRect().width")
    assert 300 < width < 500
    lab.page.fill("#token", "wrong")
    lab.page.press("#token", "Enter")
    lab.page.wait_for_selector(".wrong")
    assert "wrong" in lab.page.inner_text(".wrong")
    lab.page.fill("#token", TOKEN)
    lab.page.click("button")
    lab.until("location.hash.includes('run=')")
    lab.until_drawn()
    assert TOKEN not in lab.page.url
    # The browser itself reports the two answers of 401, and nothing else is wrong.
    assert all("401" in problem for problem in lab.problems), lab.problems
    ask(lab.page, "POST", f"/api/runs/{lab.run_id}/commands", {"kind": "stop"})


def test_two_servers_of_one_host(people: Open, closed_server: Server) -> None:
    other = start_server("--workers", "1", LIVENET_TOKEN=TOKEN)
    try:
        page = people().new_page()
        for server in (closed_server, other):
            page.goto(f"{server.url}/docs?token={TOKEN}")
        assert len(page.context.cookies()) == 2
        ids = []
        for server in (closed_server, other, closed_server):
            page.goto(f"{server.url}/docs")
            ids.append(ask(page, "GET", "/api/me")[1]["id"])
        assert ids[0] == ids[2] != ids[1]
    finally:
        other.stop()


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """A page of another server on this host, to which the browser sends the same cookies."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>elsewhere</title><p>hello</p>")

        def log_message(self, format: str, *args: object) -> None:  # the base's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_pages_elsewhere(people: Open, closed_server: Server, elsewhere: str) -> None:
    """With somebody's browser, cookie and all: they read nothing and change nothing."""
    page = people().new_page()
    page.goto(f"{closed_server.url}/docs?token={TOKEN}")
    _, run = ask(page, "POST", "/api/runs", {"start": False})
    path = f"{closed_server.url}/api/runs/{run['id']}"
    answers: dict[str, int] = {}
    cookies: list[str] = []

    def note(response: Any) -> None:
        answers[f"{response.request.method} {response.url}"] = response.status
        cookies.append(response.request.all_headers().get("cookie", ""))

    evil = page.context.new_page()
    evil.goto(elsewhere)
    evil.on("response", note)
    fetched = evil.evaluate(
        """async (path) => {
          const given = {credentials: 'include', mode: 'no-cors'};
          const found = [];
          for (const one of [
            () => fetch(path, {credentials: 'include'}),
            () => fetch(path, given).then((answer) => answer.text()),
            () => fetch(`${path}/commands`, {...given, method: 'POST', body: '{"kind": "stop"}'})
              .then((answer) => answer.text()),
            () => fetch(path, {method: 'DELETE', credentials: 'include'}),
          ]) found.push(await one().then((text) => text || '', () => 'failed'));
          return found;
        }""",
        path,
    )
    assert set(fetched) <= {"", "failed"}
    assert evil.evaluate(SOCKET, f"{path.replace('http', 'ws', 1)}/stream") == "closed"
    # A form, as a page without any script could have one.
    evil.evaluate(
        """(path) => {
          const form = document.createElement('form');
          Object.assign(form, {method: 'post', action: `${path}/commands`, enctype: 'text/plain'});
          const field = document.createElement('input');
          Object.assign(field, {name: '{"kind": "stop", "x": "', value: '"}'});
          form.append(field);
          document.body.append(form);
          form.submit();
        }""",
        path,
    )
    evil.wait_for_url("**/commands")
    assert any("livenet_" in cookie for cookie in cookies)  # it was sent along, and did not help
    assert answers
    assert set(answers.values()) == {403}, answers
    _, after = ask(page, "GET", f"/api/runs/{run['id']}")
    assert (after["status"], after["journal"]) == ("paused", [])


def test_no_frame_elsewhere(people: Open, closed_server: Server, elsewhere: str) -> None:
    page = people().new_page()
    page.goto(f"{closed_server.url}/docs?token={TOKEN}")
    page.goto(elsewhere)
    page.evaluate(
        """(address) => new Promise((done) => {
          const frame = document.createElement('iframe');
          Object.assign(frame, {src: address, onload: done});
          document.body.append(frame);
        })""",
        f"{closed_server.url}/docs",
    )
    (frame,) = page.frames[1:]
    assert frame.url.startswith("chrome-error:")
