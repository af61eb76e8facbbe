"""The page on a server for a class: one's own runs, watched ones, and what becomes of a sign-in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.lab import Lab, opened
from tests.e2e.test_layout import FAULTS
from tests.leftovers import shared
from tests.server import PATIENCE, Server, bearer, eventually, start_server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

TOKEN = "a-token-for-the-class"
ADMIN = "a-token-for-the-lecturer"
FORK = "Fork this run"


@pytest.fixture(scope="module")
def classroom() -> Iterator[Server]:
    made = start_server("--workers", "1", LIVENET_TOKEN=TOKEN, LIVENET_ADMIN_TOKEN=ADMIN)
    with shared(made):
        yield made


@pytest.fixture(scope="module")
def lecturer(classroom: Server) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=classroom.url, headers=bearer(ADMIN), trust_env=False, timeout=PATIENCE
    ) as client:
        yield client


@pytest.fixture
def lecture(lecturer: httpx.Client) -> Iterator[str]:
    """A run of the lecturer's, that goes on."""
    run = lecturer.post("/api/runs", json={"spec": {}, "pace": 60}).json()["id"]
    yield run
    lecturer.delete(f"/api/runs/{run}")


@pytest.fixture
def student(browser: Browser, classroom: Server, lecture: str) -> Iterator[Lab]:
    """A student's page, which closes before the run that it may show is deleted."""
    with signed_in(browser, classroom, TOKEN) as lab:
        yield lab


@pytest.fixture
def administrator(browser: Browser, classroom: Server, lecture: str) -> Iterator[Lab]:
    with signed_in(browser, classroom, ADMIN) as lab:
        yield lab


@contextmanager
def signed_in(browser: Browser, server: Server, token: str) -> Iterator[Lab]:
    with opened(browser, server.url) as lab:
        link = f"{server.url}/?token={token}"
        lab.context.request.get(link, headers={"accept": "text/html"})
        yield lab


def watch(lab: Lab, run: str) -> None:
    """Opens a run by its link, and waits until it moves."""
    lab.page.goto(f"{lab.address}/#run={run}")
    lab.until_drawn()
    lab.until_step(5)


def command(client: httpx.Client, run: str, **body: Any) -> None:
    client.post(f"/api/runs/{run}/commands", json=body).raise_for_status()


def read(client: httpx.Client, run: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/runs/{run}").json()
    return found


def test_a_class_opens_a_link_with_the_token_once(
    browser: Browser, classroom: Server, lecture: str
) -> None:
    with opened(browser, classroom.url) as lab:
        lab.page.goto(f"{classroom.url}/?token={TOKEN}#run={lecture}")
        lab.until_drawn()
        lab.until("(run) => location.hash.includes(run)", lecture)
        assert TOKEN not in lab.page.evaluate("location.href")
        lab.page.goto(f"{classroom.url}/")
        lab.until_drawn()


def test_someone_elses_run_is_marked_and_cannot_be_controlled(
    student: Lab, lecturer: httpx.Client, lecture: str
) -> None:
    watch(student, lecture)
    strip = student.page.get_by_role("region", name="Owner of this run")
    assert "You are watching someone else" in strip.inner_text()
    play = student.page.locator("#play")
    for control in (
        play,
        student.page.get_by_role("button", name=re.compile("^Step")),
        student.page.get_by_role("button", name="Epoch"),
        student.page.get_by_role("button", name=re.compile("^Speed")),
    ):
        expect(control).to_have_attribute("aria-disabled", "true")
        expect(control).to_have_accessible_description(re.compile("belongs to someone else"))
    play.hover()
    expect(student.page.locator("#tooltip")).to_contain_text("Fork it to control a copy")
    play.click(force=True)
    student.page.keyboard.press("Space")
    student.page.keyboard.press("ArrowRight")
    notices = student.page.locator("#notices")
    expect(notices).to_contain_text("you can only watch it")
    assert notices.locator(".notice").count() == 1
    assert notices.locator(".bad").count() == 0
    found = read(lecturer, lecture)
    assert (found["status"], found["journal"]) == ("running", [])


def test_a_weight_of_someone_elses_run_cannot_be_changed(student: Lab, lecture: str) -> None:
    watch(student, lecture)
    student.page.locator("#network .net-unit[aria-label='Hidden 1, unit 1']").click()
    field = student.page.locator(".net-numbers input").first
    expect(field).not_to_be_editable()
    expect(field).to_have_accessible_description(re.compile("belongs to someone else"))


def test_a_fork_is_ones_own_and_the_watched_run_is_a_press_away(
    student: Lab, lecturer: httpx.Client, lecture: str
) -> None:
    watch(student, lecture)
    student.page.get_by_role("button", name=FORK).click()
    student.until("(id) => !location.hash.includes(id)", lecture)
    own = student.run_id
    assert read(lecturer, own)["parent"]["id"] == lecture
    expect(student.page.get_by_role("button", name=FORK)).to_have_count(0)
    expect(student.page.locator("#play")).not_to_have_attribute("aria-disabled", "true")
    student.page.keyboard.press("Space")
    student.until("document.querySelector('#play').innerText.includes('Play')")
    eventually(lambda: read(lecturer, own)["status"] == "paused")
    assert read(lecturer, lecture)["status"] == "running"
    student.page.locator(".run-card.watched .open").click()
    student.until("(id) => location.hash.includes(id)", lecture)
    expect(student.page.get_by_role("button", name=FORK)).to_be_visible()


def test_a_setting_of_someone_elses_run_makes_a_copy(
    student: Lab, lecturer: httpx.Client, lecture: str
) -> None:
    watch(student, lecture)
    slider = student.page.get_by_role("slider", name="Learning rate")
    box = slider.bounding_box()
    assert box
    mouse, y = student.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] / 2, y)
    mouse.down()
    for move in range(40):
        mouse.move(box["x"] + box["width"] * (0.5 + move / 100), y)
        student.page.wait_for_timeout(8)
        if move == 5:
            expect(student.page.locator("#notices")).to_contain_text("This run is yours")
    mouse.up()
    student.until("(id) => !location.hash.includes(id)", lecture)
    own = student.run_id
    shown = student.page.locator("input.typed[id$='optimizer-lr']").input_value()
    eventually(
        lambda: (
            read(lecturer, own)["spec_in_force"]["optimizer"]["lr"]
            == pytest.approx(float(shown), rel=0.01)
        )
    )
    assert read(lecturer, own)["parent"]["id"] == lecture
    assert read(lecturer, lecture)["journal"] == []
    forks = [run for run in lecturer.get("/api/runs").json()["runs"] if run["parent"]]
    assert [run["parent"]["id"] for run in forks].count(lecture) == 1


def test_anyone_can_view_an_earlier_step_of_a_run(
    student: Lab, lecturer: httpx.Client, lecture: str
) -> None:
    watch(student, lecture)
    student.until_step(40)
    track = student.page.locator("#timeline .track")
    track.focus()
    track.press("Home")
    student.until("document.querySelector('#timeline .track').ariaValueNow === '0'")
    before = read(lecturer, lecture)["step"]
    eventually(lambda: read(lecturer, lecture)["step"] > before)
    student.page.locator("#timeline").get_by_role("button", name="Continue from here").click()
    student.until("(id) => !location.hash.includes(id)", lecture)
    assert read(lecturer, student.run_id)["parent"] == {"id": lecture, "step": 0}


def test_a_watched_run_leaves_the_list_and_stays_on_the_server(
    student: Lab, lecturer: httpx.Client, lecture: str
) -> None:
    watch(student, lecture)
    student.page.locator("#runs .watched").hover()
    student.page.get_by_role("button", name=re.compile("^Remove from this list")).click()
    student.until("(id) => !location.hash.includes(id)", lecture)
    student.until("!document.querySelector('#runs .watched')")
    assert read(lecturer, lecture)["id"] == lecture


def test_an_administrator_commands_a_students_run_and_sees_whose_it_is(
    student: Lab, administrator: Lab, lecturer: httpx.Client
) -> None:
    student.open()
    student.page.keyboard.press("Space")
    student.until_step(20)
    watch(administrator, student.run_id)
    owner = read(lecturer, student.run_id)["owner"]
    assert owner[:4] in administrator.page.locator("#top .owner").inner_text()
    administrator.page.keyboard.press("Space")
    eventually(lambda: read(lecturer, student.run_id)["status"] == "paused")
    student.until("document.querySelector('#play').innerText.includes('Play')")
    assert student.page.locator("#top .owner").count() == 0
    messages = student.page.locator("#messages")
    expect(messages).to_contain_text("An administrator paused this run")
    administrator.until("document.querySelector('#play').innerText.includes('Play')")
    expect(administrator.page.locator("#messages")).to_be_empty()
    student.page.keyboard.press("Space")
    expect(messages).to_be_empty()


def test_an_administrators_deletion_can_be_undone_and_is_announced(
    student: Lab, administrator: Lab, lecturer: httpx.Client
) -> None:
    student.open({"seed": 5})
    student.page.keyboard.press("Space")
    student.until_step(20)
    run = student.run_id
    watch(administrator, run)

    def delete() -> None:
        administrator.page.locator("#runs .other").hover()
        administrator.page.get_by_role("button", name=re.compile("^Delete")).first.click()
        administrator.until("(id) => !location.hash.includes(id)", run)

    delete()
    notices = administrator.page.locator("#notices")
    expect(notices).to_contain_text(f"a run of {read(lecturer, run)['owner'][:4]}")
    notices.get_by_role("button", name="Undo").click()
    administrator.until("(id) => location.hash.includes(id)", run)
    assert read(lecturer, run)["id"] == run
    delete()
    card = student.page.get_by_role("alert")
    expect(card).to_contain_text("An administrator of this server deleted this run")
    student.problems.clear()
    card.get_by_role("button", name="Start again with its settings").click()
    student.until("(id) => !location.hash.includes(id)", run)


def test_the_date_of_a_runs_deletion_is_named_and_its_owner_can_keep_it(
    student: Lab, lecturer: httpx.Client, lecture: str
) -> None:
    watch(student, lecture)
    share = student.page.get_by_role("button", name="Share", exact=True)
    share.click()
    dialog = student.page.get_by_role("dialog", name="Share")
    expect(dialog).to_contain_text("a run that nobody uses for 7 days")
    expect(dialog.get_by_role("button", name="Keep this run")).to_have_count(0)
    dialog.get_by_role("button", name="Close").click()
    student.open()
    share.click()
    dialog.get_by_role("button", name="Keep this run").click()
    expect(dialog).to_contain_text("until somebody deletes it")
    assert read(lecturer, student.run_id)["pinned"]
    link = dialog.get_by_label("This run").input_value()
    assert f"run={student.run_id}" in link
    dialog.get_by_role("button", name="No longer keep it").click()
    expect(dialog).to_contain_text("This server deletes the run on")


def test_an_administrator_can_give_up_the_role(administrator: Lab, lecture: str) -> None:
    watch(administrator, lecture)
    administrator.page.get_by_role("button", name="Help and shortcuts").click()
    administrator.page.get_by_role("link", name="Give up these rights").click()
    administrator.until("!location.search")
    administrator.until_drawn()
    assert administrator.run_id == lecture
    assert not administrator.context.request.get(f"{administrator.address}/api/me").json()[
        "administrator"
    ]
    expect(administrator.page.get_by_role("button", name=FORK)).to_be_visible()


def test_who_is_signed_out_is_told_and_loses_nothing(student: Lab) -> None:
    student.open({"seed": 7})
    run = student.run_id
    student.context.clear_cookies()
    student.page.keyboard.press("Space")
    card = student.page.get_by_role("alert")
    card.wait_for()
    assert "You are signed out" in card.inner_text()
    assert student.page.locator("#notices .notice").count() == 0
    student.problems.clear()  # the browser itself reports the 401
    card.get_by_role("link", name="Sign in").click()
    field = student.page.get_by_label("Token")
    field.fill(TOKEN)
    field.press("Enter")
    student.page.wait_for_selector("#panel-output canvas")
    student.until("(run) => location.hash.includes(run) && location.hash.includes('7')", run)
    student.problems.clear()


def test_the_longest_unused_run_makes_room_unless_it_is_pinned(browser: Browser) -> None:
    """Another run is made without a word; where all are pinned, the page offers to delete some."""
    served = start_server("--workers", "1", LIVENET_TOKEN=TOKEN, LIVENET_MAX_RUNS_A_PERSON="3")
    try:
        with signed_in(browser, served, TOKEN) as lab:
            lab.open()
            first = lab.run_id
            for width in (4, 5, 6):
                stepped(lab)
                changed(lab, width)
            stepped(lab)
            assert lab.page.locator("#notices .bad").count() == 0
            pinned = lab.page.evaluate(PIN_ALL)
            assert len(pinned) == 3
            assert first not in pinned
            run = lab.run_id
            lab.page.get_by_label("One unit more in hidden 1").click()
            notice = lab.page.locator("#notices .bad")
            notice.wait_for()
            lab.problems.clear()  # the browser itself reports the 429
            assert lab.run_id == run
            notice.get_by_role("button", name="Delete old runs").click()
            dialog = lab.page.get_by_role("dialog")
            expect(dialog.get_by_role("listitem")).to_have_count(2)
            dialog.get_by_role("button", name="Delete the 2 that are not training").click()
            expect(dialog.get_by_role("listitem")).to_have_count(0)
            dialog.get_by_role("button", name="Close").click()
            lab.page.get_by_label("One unit more in hidden 1").click()
            lab.until("(id) => !location.hash.includes(id)", run)
    finally:
        served.stop()


PIN_ALL = """async () => {
  const { runs } = await (await fetch("api/runs?owner=me")).json();
  const headers = { "content-type": "application/json" };
  const how = { method: "PATCH", headers, body: JSON.stringify({ pinned: true }) };
  await Promise.all(runs.map(({ id }) => fetch(`api/runs/${id}`, how)));
  return runs.map(({ id }) => id);
}"""


def stepped(lab: Lab) -> None:
    """Takes a step: a run without one leaves nothing behind."""
    lab.page.get_by_role("button", name=re.compile("^Step")).click()
    lab.until_step(1)


def changed(lab: Lab, units: int) -> None:
    """Makes another run: of so many units in the first layer."""
    run = lab.run_id
    field = lab.page.get_by_label("Units of hidden 1")
    field.fill(str(units))
    field.press("Enter")
    lab.until("(id) => !location.hash.includes(id)", run)


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1280, 720), (1440, 900)])
def test_the_bar_has_room_for_whose_run_it_is(
    administrator: Lab, lecture: str, classroom: Server, width: int, height: int
) -> None:
    with httpx.Client(base_url=classroom.url, headers=bearer(TOKEN), trust_env=False) as student:
        run = student.post("/api/runs", json={"spec": {}, "start": False}).json()["id"]
    page = administrator.page
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{administrator.address}/#run={run}")
    administrator.until_drawn()
    page.locator(".owner").wait_for()
    assert page.evaluate(FAULTS) == []
    page.keyboard.press("p")
    page.locator("#quick-settings .knob").first.wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate(FAULTS) == []
    page.request.delete(f"{administrator.address}/api/runs/{run}")


def test_a_restart_is_a_calm_notice_and_the_page_goes_on(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = str(tmp_path_factory.mktemp("data"))
    served = start_server("--data", data, "--workers", "1", LIVENET_TOKEN=TOKEN)
    port = served.host.rsplit(":", 1)[1]
    try:
        with signed_in(browser, served, TOKEN) as lab:
            lab.open()
            lab.page.keyboard.press("Space")
            lab.until_step(30)
            run = lab.run_id
            served.stop()
            lab.until(
                "document.querySelector('#messages').innerText.includes('server is restarting')"
            )
            assert lab.page.get_by_role("alert").count() == 0
            served = start_server(
                "--data", data, "--workers", "1", "--port", port, LIVENET_TOKEN=TOKEN
            )
            lab.until("document.querySelector('#messages').innerText.trim() === ''", seconds=60)
            assert lab.run_id == run
            assert lab.page.locator("#play").get_attribute("aria-disabled") is None
            lab.problems.clear()  # the browser itself reports the refused connections
    finally:
        served.stop()
