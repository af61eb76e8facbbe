"""Changes of a run while it trains are marked on the chart and the timeline, for every pointer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.lab import Lab, opened

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

SPEC: dict[str, Any] = {"data": {"kind": "moons"}, "model": {"hidden": [8], "activation": "relu"}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
AT_200 = "step 200: η 0.01 → 0.03"


def tell(lab: Lab, **command: Any) -> None:
    address = f"{lab.address}/api/runs/{lab.run_id}/commands"
    answer = lab.context.request.post(address, data=command, headers={"origin": lab.address})
    assert answer.ok, answer.text()


def walk(lab: Lab, steps: int) -> None:
    step = lab.run()["step"] + steps
    tell(lab, kind="step", steps=steps)
    lab.until_step(step)
    lab.until_paused()


def change_and_train(lab: Lab) -> None:
    """η at step 200, a slider dragged from step 300 on, and the last step 500."""
    lab.open(SPEC)
    tell(lab, kind="pace", steps_per_second=None)
    walk(lab, 200)
    tell(lab, kind="set", changes={"optimizer.lr": 0.03})
    walk(lab, 100)
    for place in range(5):
        tell(lab, kind="set", changes={"regularization.l2": (place + 1) / 100})
    walk(lab, 200)


def note_at(lab: Lab, host: str, line: str, step: int, *, tap: bool = False) -> Locator:
    """The note after pointing at a step of 500."""
    target = lab.page.locator(line)
    target.evaluate("(line) => line.scrollIntoView({block: 'center'})")
    box = target.bounding_box()
    assert box
    x, y = box["width"] * step / 500, box["height"] / 3
    if tap:
        # Waits until the page has come to rest, and nothing lies over the place.
        target.tap(position={"x": x, "y": y})
    else:
        lab.page.mouse.move(box["x"] + x, box["y"] + y)
    return lab.page.locator(f"{host} .change-note")


def test_marks_are_read_by_mouse_and_by_keys(lab: Lab) -> None:
    change_and_train(lab)
    expect(lab.page.locator(".chart")).to_have_attribute(
        "aria-label", re.compile(r"2 changes, the last at step 300: λ₂ 0 → 0.05; arrow keys")
    )
    for host, line in ((".chart-box", ".chart .u-over"), (".track", ".track")):
        expect(note_at(lab, host, line, 200)).to_have_text(AT_200)
        expect(note_at(lab, host, line, 300)).to_have_text("step 300: λ₂ 0 → 0.05")
        expect(note_at(lab, host, line, 100)).to_be_hidden()
    lab.page.mouse.move(5, 5)
    lab.page.locator(".chart").focus()
    note = lab.page.locator(".chart-box .change-note")
    read = set()
    for _ in range(100):
        lab.page.keyboard.press("ArrowLeft")
        read.add(note.text_content())
    assert read == {"", AT_200, "step 300: λ₂ 0 → 0.05"}


def test_an_edited_weight_is_marked_at_once_and_read_on_the_timeline(lab: Lab) -> None:
    lab.open(SPEC)
    walk(lab, 100)
    edits = [{"parameter": "layers.1.weight", "index": [0, 2], "value": 0.5}]
    tell(lab, kind="edit", edits=edits)
    chart = lab.page.locator(".chart")
    said = re.compile(r"\. Change at step 100: W⁽²⁾₁₃ set to 0\.5$")
    expect(chart).to_have_attribute("aria-label", said)
    walk(lab, 100)
    track = lab.page.locator("#timeline .track")
    track.focus()
    for _ in range(100):  # to the very step
        lab.page.keyboard.press("Shift+ArrowLeft")
    expect(track).to_have_attribute("aria-valuetext", re.compile("Change at step 100: W⁽²⁾₁₃"))


def test_marks_are_read_by_touch(browser: Browser, address: str) -> None:
    with opened(browser, address, **PHONE, is_mobile=True) as lab:
        change_and_train(lab)
        found = note_at(lab, ".chart-box", ".chart .u-over", 200, tap=True)
        expect(found).to_have_text(AT_200)
        found = note_at(lab, ".track", ".track", 200, tap=True)
        expect(found).to_have_text(AT_200)
        assert lab.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_fork_is_marked_and_has_the_changes_before_it(lab: Lab) -> None:
    change_and_train(lab)
    address = f"{lab.address}/api/runs/{lab.run_id}/forks"
    body = {"step": 400, "changes": {"optimizer.lr": 0.1}, "start": False}
    fork = lab.context.request.post(address, data=body, headers={"origin": lab.address}).json()
    lab.page.goto(f"{lab.address}/#run={fork['id']}")
    expect(lab.page.locator(".chart")).to_have_attribute(
        "aria-label",
        re.compile("3 changes, the last at step 400: continues from another run, η 0.03 → 0.1"),
    )


def test_the_step_of_the_first_row_is_named(lab: Lab) -> None:
    lab.open(SPEC | {"training": {"series_every": 50}})
    message = lab.page.locator("#panel-curves .panel-message")
    expect(message).to_have_text("Curves appear at step 50.")
    walk(lab, 50)
    expect(message).to_be_hidden()
