"""Every family at every size: nothing overlaps, nothing that matters is cut off or outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.lab import Lab, opened
from tests.e2e.test_browsers import SPECS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

FAULTS = (Path(__file__).parent / "layout_faults.js").read_text()

# A projector, laptops, a large screen; then a tablet and a phone, both ways.
WITH_A_MOUSE = {(1280, 720), (1440, 900), (1920, 1080)}
WITH_FINGERS = {(1024, 768), (390, 844), (844, 390)}
TOUCH = {"has_touch": True, "is_mobile": True}


def settle(lab: Lab) -> None:
    """Waits until all canvases have the size of their boxes: a resize is drawn a frame later."""
    lab.page.evaluate("new Promise((go) => requestAnimationFrame(() => setTimeout(go, 250)))")


def faults(lab: Lab) -> list[str]:
    found: list[str] = lab.page.evaluate(FAULTS)
    return found


def trained(lab: Lab, family: str) -> None:
    """Opens a run of the family, with curves to show."""
    lab.open(SPECS[family])
    lab.page.keyboard.press("Shift+ArrowRight")
    lab.until("Number(document.querySelector('#timeline .track').ariaValueMax) >= 10")
    lab.until_paused()


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
@pytest.mark.parametrize("family", SPECS)
def test_nothing_overlaps_and_nothing_is_cut(
    browser: Browser, address: str, family: str, touch: bool
) -> None:
    options: dict[str, Any] = TOUCH if touch else {}
    with opened(browser, address, **options) as lab:
        trained(lab, family)
        found: dict[str, list[str]] = {}
        for width, height in sorted(WITH_FINGERS if touch else WITH_A_MOUSE):
            lab.page.set_viewport_size({"width": width, "height": height})
            settle(lab)
            found[f"{width} x {height}"] = faults(lab)
            if touch:
                continue
            lab.page.keyboard.press("p")
            for name in tab_names(lab):
                lab.page.locator(f"#tab-{name}").click()
                settle(lab)
                found[f"{width} x {height}, presenting {name}"] = faults(lab)
            lab.page.keyboard.press("p")
        assert {where: said for where, said in found.items() if said} == {}


LONG = """(numbers) => document.querySelectorAll(".readouts .figure .number").forEach((one, i) => {
  [...one.childNodes].find((part) => part.nodeType === 3 && part.data.trim()).data = numbers[i];
})"""


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
def test_a_million_steps_fit(browser: Browser, address: str, touch: bool) -> None:
    options: dict[str, Any] = TOUCH if touch else {}
    with opened(browser, address, **options) as lab:
        trained(lab, "mlp")
        found: dict[str, list[str]] = {}
        for width, height in sorted(WITH_FINGERS if touch else WITH_A_MOUSE):
            lab.page.set_viewport_size({"width": width, "height": height})
            lab.page.evaluate(LONG, ["9,999,999", "399,999", "199,999"])
            settle(lab)
            found[f"{width} x {height}"] = faults(lab)
        assert {where: said for where, said in found.items() if said} == {}


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
def test_the_table_of_runs_fits(browser: Browser, address: str, touch: bool) -> None:
    options: dict[str, Any] = TOUCH if touch else {}
    with opened(browser, address, **options) as lab:
        trained(lab, "mlp")
        named = {
            "name": "A name that is far too long for the table of all runs to show in one line"
        }
        tags = {"tags": ["baseline", "best so far", "lecture 3"]}
        lab.context.request.patch(f"{address}/api/runs/{lab.run_id}", data=named | tags)
        lab.page.keyboard.press("a")
        lab.page.wait_for_selector(".run-row")
        found: dict[str, list[str]] = {}
        for width, height in sorted(WITH_FINGERS if touch else WITH_A_MOUSE):
            lab.page.set_viewport_size({"width": width, "height": height})
            lab.page.locator(".select-run").first.set_checked(False)
            settle(lab)
            found[f"{width} x {height}"] = in_the_dialog(lab)
            lab.page.locator(".select-run").first.set_checked(True)
            lab.page.wait_for_selector(".run-bar.chosen")
            found[f"{width} x {height}, selected"] = in_the_dialog(lab)
            lab.page.locator(".select-run").first.focus()
            lab.page.keyboard.press("F2")
            settle(lab)
            found[f"{width} x {height}, edited"] = in_the_dialog(lab)
            lab.page.keyboard.press("Escape")
        assert {where: said for where, said in found.items() if said} == {}


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
def test_a_group_fits(browser: Browser, address: str, touch: bool) -> None:
    """The dialog that makes one, and the one that shows it, with two fields."""
    options: dict[str, Any] = TOUCH if touch else {}
    with opened(browser, address, **options) as lab:
        trained(lab, "mlp")
        body = {
            "spec": {"model": {"hidden": [3]}, "training": {"steps": 20}},
            "vary": [
                {"path": "optimizer.lr", "values": [0.001, 0.01, 0.1]},
                {"path": "model.bias", "values": [True, False]},
            ],
            "seeds": [0, 1],
        }
        group = lab.context.request.post(f"{address}/api/groups", data=body).json()["id"]
        lab.page.goto(f"{address}/#group={group}")
        expect(lab.page.locator(".group-bar")).to_contain_text("12 of 12 finished")
        sizes = sorted(WITH_FINGERS if touch else WITH_A_MOUSE)
        found: dict[str, list[str]] = {}
        for width, height in sizes:
            lab.page.set_viewport_size({"width": width, "height": height})
            settle(lab)
            found[f"{width} x {height}, a group"] = lab.page.evaluate(FAULTS)
        lab.page.keyboard.press("Escape")
        lab.page.keyboard.press("a")
        lab.page.get_by_role("dialog").get_by_role("button", name="Compare values…").click()
        lab.page.get_by_role("button", name="Compare a second field").click()
        lab.page.get_by_role("button", name="Values of a range…").click()
        for width, height in sizes:
            lab.page.set_viewport_size({"width": width, "height": height})
            settle(lab)
            found[f"{width} x {height}, a new group"] = lab.page.evaluate(FAULTS)
        lab.context.request.delete(f"{address}/api/groups/{group}")
        assert {where: said for where, said in found.items() if said} == {}


def in_the_dialog(lab: Lab) -> list[str]:
    """The faults of the table and its dialog; a long name may lose its end, which a tip has."""
    said = lab.page.evaluate(FAULTS)
    return [one for one in said if "A name that" not in one or "overlap" in one]


def tab_names(lab: Lab) -> list[str]:
    """The tabs over the middle, by the end of their ids."""
    found: list[str] = lab.page.evaluate(
        "[...document.querySelectorAll('#views [role=tab]')].map(({id}) => id.slice(4))"
    )
    return found


# What scrolls down, apart from the form.
SCROLLS = """
[...document.querySelectorAll("#network, #network *, #panels, #panels *")]
  .filter((one) => one.checkVisibility())
  .filter((one) => ["auto", "scroll"].includes(getComputedStyle(one).overflowY))
  .filter((one) => one.scrollHeight > one.clientHeight + 1)
  .map((one) => `${one.id || one.className} by ${one.scrollHeight - one.clientHeight}`)
"""


@pytest.mark.parametrize("family", SPECS)
def test_on_a_projector_nothing_scrolls(lab: Lab, family: str) -> None:
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    trained(lab, family)
    settle(lab)
    found = {"plain": lab.page.evaluate(SCROLLS)}
    lab.page.keyboard.press("p")
    for name in tab_names(lab):
        lab.page.locator(f"#tab-{name}").click()
        settle(lab)
        found[f"presenting {name}"] = lab.page.evaluate(SCROLLS)
    assert {where: said for where, said in found.items() if said} == {}


def test_attention_is_square_with_many_heads(lab: Lab) -> None:
    many = {"kind": "transformer", "depth": 4, "heads": 8, "width": 64}
    lab.open({"data": {"kind": "reverse"}, "model": many})
    for width, height in sorted(WITH_A_MOUSE):
        lab.page.set_viewport_size({"width": width, "height": height})
        settle(lab)
        lab.until("document.querySelectorAll('.transformer-body canvas').length >= 8")
        sides = lab.page.evaluate(
            "[...document.querySelectorAll('.transformer-body canvas')]"
            ".map((one) => [one.clientWidth, one.clientHeight])"
        )
        assert all(across == pytest.approx(down, abs=1) for across, down in sides)
        assert min(min(side) for side in sides) >= 40


def test_in_presentation_mode_the_picture_is_large_and_the_curve_in_sight(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    trained(lab, "mlp")
    size = "document.querySelector('#panel-output canvas').getBoundingClientRect().height"
    before = lab.page.evaluate(size)
    lab.page.keyboard.press("p")
    lab.until("(least) => " + size + " > least", 1.5 * before)
    for selector in ("#panel-curves .chart", "#quick-settings input", "#play"):
        box = lab.page.locator(selector).first.bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720
    lab.page.get_by_role("tab", name="Network").click()
    lab.until("!document.querySelector('#panel-output').checkVisibility()")
    assert lab.page.locator(".net-unit").first.is_visible()
    lab.page.keyboard.press("p")
    lab.until("document.querySelector('#panel-output').checkVisibility()")


def test_the_presenter_chooses_the_settings(lab: Lab) -> None:
    lab.open()
    lab.page.keyboard.press("p")
    quick = lab.page.locator("#quick-settings")
    assert quick.locator(".knob").count() == 3
    quick.get_by_role("button", name="Choose").click()
    dialog = lab.page.get_by_role("dialog")
    assert dialog.get_by_label("Batch size").is_disabled()
    dialog.get_by_label("Noise").uncheck()
    dialog.get_by_label("Batch size").check()
    dialog.get_by_role("button", name="Close").click()
    assert "Batch size" in quick.inner_text()
    assert "Noise" not in quick.inner_text()
    before = lab.run_id
    quick.get_by_role("slider", name="Learning rate").press("ArrowRight")
    lab.until("document.querySelector('#play:not([disabled])')")
    lab.wait(
        lambda: (
            lab.run()["spec_in_force"]["optimizer"]["lr"] != lab.run()["spec"]["optimizer"]["lr"]
        )
    )
    assert lab.run_id == before
    lab.page.reload()
    lab.until_drawn()
    lab.page.keyboard.press("p")
    lab.until("document.querySelector('#quick-settings').innerText.includes('Batch size')")


# What a notice covers of what can be pressed or read below the network.
COVERED = """
(() => {
  const PRESSED = "button, a[href], input, select, [role=slider], [role=tab], .net-unit";
  const notice = document.querySelector("#notices .notice").getBoundingClientRect();
  return [...document.querySelectorAll(`${PRESSED}, .formula-bar, output`)]
    .filter((one) => one.checkVisibility({visibilityProperty: true}))
    .filter((one) => !one.closest("#notices"))
    .filter((one) => {
      const box = one.getBoundingClientRect();
      const across = Math.min(box.right, notice.right) - Math.max(box.left, notice.left);
      const down = Math.min(box.bottom, notice.bottom) - Math.max(box.top, notice.top);
      return across > 1 && down > 1;
    })
    .map((one) => one.ariaLabel || one.innerText || one.className);
})()
"""


@pytest.mark.parametrize("presenting", [False, True], ids=["plain", "presenting"])
@pytest.mark.parametrize("size", sorted(WITH_A_MOUSE), ids=str)
def test_a_notice_covers_nothing(lab: Lab, size: tuple[int, int], presenting: bool) -> None:
    lab.page.set_viewport_size({"width": size[0], "height": size[1]})
    lab.open()
    before = lab.run_id
    lab.page.keyboard.press("ArrowRight")
    lab.until_step(1)
    if presenting:
        lab.page.keyboard.press("p")
        lab.page.get_by_role("tab", name="Network").click()
    lab.page.keyboard.press("n")
    lab.until("(id) => !location.hash.includes(id)", before)
    notice = lab.page.locator("#notices .notice")
    notice.wait_for()
    settle(lab)
    assert lab.page.evaluate(COVERED) == []
    box = notice.bounding_box()
    assert box
    assert box["y"] + box["height"] <= size[1]


@pytest.mark.parametrize("tab", ["regions", "weights", "gradients"])
def test_a_probe_and_the_output_are_seen_together(lab: Lab, tab: str) -> None:
    lab.open({"model": {"activation": "relu"}})
    lab.page.locator(f"#tab-{tab}").click()
    for selector in ("#panel-output .map-canvas", f"#panel-{tab}", "#panel-curves .chart"):
        box = lab.page.locator(selector).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 900


@pytest.mark.parametrize("size", sorted(WITH_FINGERS), ids=str)
def test_a_tap_on_the_timeline_moves_no_track_and_presses_no_button(
    browser: Browser, address: str, size: tuple[int, int]
) -> None:
    """The buttons that come with an earlier step must not come under the finger."""
    with opened(browser, address, **TOUCH) as lab:
        lab.page.set_viewport_size({"width": size[0], "height": size[1]})
        trained(lab, "mlp")
        run, track = lab.run_id, lab.page.locator("#timeline .track")
        track.scroll_into_view_if_needed()
        before = track.bounding_box()
        assert before
        track.tap(position={"x": 0.3 * before["width"], "y": before["height"] / 3})
        lab.page.get_by_role("button", name="Continue from here").wait_for()
        lab.page.wait_for_timeout(300)
        after = track.bounding_box()
        assert after
        assert after["y"] == pytest.approx(before["y"], abs=1)
        assert lab.run_id == run
        assert lab.run()["status"] == "paused"
