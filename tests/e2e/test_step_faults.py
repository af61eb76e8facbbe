"""Faults and changes in the middle of the walk: its place stays, and the numbers are the run's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.lab import Lab, opened
from tests.e2e.refusals import MESSAGE, refuse_pictures
from tests.e2e.walking import asked, compare, equations, opened_at, said, trained, until_place
from tests.server import start_server
from tests.workers import kill_workers

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

STEPS = 3
LSTM: dict[str, Any] = {
    "data": {"kind": "parity", "samples": 60, "length": 4},
    "model": {"kind": "rnn", "cell": "lstm", "hidden": 3},
}
MLP: dict[str, Any] = {
    "data": {"kind": "circles"},
    "model": {"hidden": [4, 3], "activation": "tanh"},
    "optimizer": {"kind": "adam"},
}
NAMES = {"sgd": "SGD", "rmsprop": "RMSprop"}
OPTIONS: dict[str, Any] = {"part": "test", "example": 2, "row": 1, "column": 0}


def in_the_middle(lab: Lab, spec: dict[str, Any], at: int) -> list[str]:
    """Goes to a stage, a test example and an entry by hand. Returns the stages' ids."""
    opened_at(lab, spec, STEPS)
    page = lab.page
    stages = [stage["id"] for stage in asked(lab)["facts"]["stages"]]
    page.get_by_role("button", name="Test", exact=True).click()
    number = page.get_by_role("textbox", name="Test example")
    number.fill("3")
    number.press("Enter")
    for place in range(1, at + 1):
        page.keyboard.press("ArrowRight")
        until_place(lab, place, len(stages))
    page.locator(".steps-equations .equation").first.locator("[role=gridcell]").nth(1).click()
    same(lab, stages[at])
    return stages


def same(lab: Lab, stage: str, **options: Any) -> None:
    """Waits until the entry that was asked for has come, and holds the numbers to REST's."""
    picture = asked(lab, stage=stage, **(OPTIONS | options))
    expect(lab.page.locator(".steps")).to_have_attribute("aria-busy", "false")
    entries = [mark["worked"] for mark in equations(picture) if mark["worked"]]
    shown = lab.page.locator(".steps-equations .worked:not([hidden]) .entry .worked-value")
    expect(shown).to_have_text([said(worked["value"]) for worked in entries])
    assert compare(lab, picture)


def test_a_worker_that_dies_leaves_the_walk_where_it_is(browser: Browser) -> None:
    served = start_server("--workers", "1")
    try:
        with opened(browser, served.url) as lab:
            stages = in_the_middle(lab, LSTM, 3)
            kill_workers(served)
            lab.page.keyboard.press("ArrowRight")
            until_place(lab, 4, len(stages))
            same(lab, stages[4])
            assert lab.run()["step"] == STEPS
    finally:
        served.stop()


def test_the_walk_goes_on_when_the_server_is_back(browser: Browser, tmp_path: Path) -> None:
    served = start_server("--data", str(tmp_path))
    try:
        with opened(browser, served.url) as lab:
            stages = in_the_middle(lab, LSTM, 3)
            served.stop()
            messages = lab.page.locator("#messages")
            expect(messages).to_contain_text("server is restarting")
            lab.page.keyboard.press("ArrowRight")
            expect(lab.page.locator(".steps")).to_have_attribute("aria-busy", "true")
            served = start_server("--data", str(tmp_path), "--port", lab.address.split(":")[-1])
            expect(messages).to_be_empty(timeout=60_000)
            until_place(lab, 4, len(stages))
            same(lab, stages[4])
            lab.problems.clear()  # the browser itself reports the refused connections
    finally:
        served.stop()


def test_a_reload_keeps_the_place(lab: Lab) -> None:
    stages = in_the_middle(lab, LSTM, 3)
    lab.page.reload()
    until_place(lab, 3, len(stages))
    same(lab, stages[3])
    expect(lab.page.locator(".example-card h3")).to_contain_text("Test example 3 of")
    lab.page.get_by_role("textbox", name="Type a sequence").fill("0110")
    expect(lab.page.locator(".place-reads")).to_have_text(list("0110"))
    lab.page.reload()
    expect(lab.page.locator(".place-reads")).to_have_text(list("0110"))
    until_place(lab, 3, len(stages))
    expect(lab.page.locator(".example-card h3")).to_have_text("Typed sequence")


def test_a_deleted_run_is_said_and_the_next_one_walked(lab: Lab) -> None:
    in_the_middle(lab, MLP, 2)
    assert lab.context.request.delete(f"{lab.address}/api/runs/{lab.run_id}").ok
    expect(lab.page.locator("#messages")).to_contain_text("deleted")
    lab.page.keyboard.press("ArrowRight")
    expect(lab.page.locator(".stage-place")).to_have_text("4 of 9")
    lab.page.goto(f"{lab.address}/#spec={quote(json.dumps(MLP | {'seed': 5}))}")
    expect(lab.page.locator("#messages")).to_be_empty()
    until_place(lab, 3, 9)
    same(lab, "output")


def test_another_optimizer_and_another_layer_come_into_the_open_walk(lab: Lab) -> None:
    stages = in_the_middle(lab, MLP, 2)
    page = lab.page
    page.get_by_role("button", name="Update", exact=True).click()
    until_place(lab, len(stages) - 1, len(stages))
    for optimizer in ("sgd", "rmsprop"):
        run = lab.run_id
        page.goto(
            f"{lab.address}/#spec={quote(json.dumps(MLP | {'optimizer': {'kind': optimizer}}))}"
        )
        lab.until("(old) => !location.hash.includes(old)", run)
        expect(page.locator(".update header, .update h3").first).to_contain_text(NAMES[optimizer])
        trained(lab, STEPS)
        lines = asked(lab, stage="update", **OPTIONS)["facts"]["lines"]
        values = page.locator(".update-line .update-value")
        expect(values).to_have_text([said(line["value"]) for line in lines])
    page.get_by_role("button", name="Layer 2", exact=True).click()
    until_place(lab, 2, len(stages))
    deeper = MLP | {"model": {"hidden": [4, 3, 2]}}
    page.goto(f"{lab.address}/#spec={quote(json.dumps(deeper))}")
    until_place(lab, 2, len(stages) + 2)
    trained(lab, STEPS)
    same(lab, "layer2")
    # Of a run without it, the first stage is shown, and the rest of the place stays.
    page.goto(f"{lab.address}/#spec={quote(json.dumps(MLP | {'model': {'hidden': [3]}}))}")
    until_place(lab, 0, len(stages) - 2)
    same(lab, "input")


def test_an_earlier_step_and_back(lab: Lab) -> None:
    stages = in_the_middle(lab, MLP, 2)
    track = lab.page.locator("#timeline .track")
    track.focus()
    for step in (2, 1):
        track.press("Shift+ArrowLeft")
        expect(track).to_have_attribute("aria-valuenow", str(step))
        same(lab, stages[2], at=step)
    lab.page.locator(".stage-next").click()
    until_place(lab, 3, len(stages))
    same(lab, stages[3], at=1)
    track.press("End")
    expect(track).to_have_attribute("aria-valuenow", str(STEPS))
    same(lab, stages[3])


def test_a_stage_that_fails_shows_nothing_of_another(browser: Browser, address: str) -> None:
    with opened(browser, address) as lab:
        refuse_pictures(lab.page, lambda message: message["options"].get("stage") == "delta2")
        opened_at(lab, MLP, STEPS)
        page = lab.page
        page.get_by_role("button", name="Loss", exact=True).click()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(page.get_by_text(MESSAGE)).to_be_visible()
        expect(page.locator(".steps")).to_have_attribute("aria-busy", "false")
        expect(page.locator(".steps-title")).to_contain_text("how the loss depends on z, W and b")
        expect(page.locator(".stage[aria-current=step]")).to_contain_text("(2)")
        for other in (".steps-equations", ".steps-network", ".checks", ".steps-charts"):
            expect(page.locator(other)).to_be_hidden()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_text(MESSAGE)).to_be_hidden()
        expect(page.locator(".checks")).to_be_visible()
        assert compare(lab, asked(lab, stage="delta1"))
