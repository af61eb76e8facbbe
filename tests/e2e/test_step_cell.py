"""The picture of a recurrent cell on the page, stage by stage, against the REST API."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.lab import Lab, opened
from tests.e2e.walking import asked, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

RECALL = {"kind": "delayed_recall", "samples": 200, "delay": 6}
SPECS: dict[str, dict[str, Any]] = {
    "lstm": {"data": RECALL, "model": {"cell": "lstm", "hidden": 8}},
    "gru": {"data": RECALL, "model": {"cell": "gru", "hidden": 5, "depth": 2}},
    "rnn": {
        "data": {"kind": "waves", "samples": 100, "length": 8},
        "model": {"kind": "rnn", "cell": "rnn", "hidden": 4},
    },
}

STATES = {"h_before": "h_{t-1}", "h": "h_t"}
SYMBOLS = {
    "lstm": {
        **STATES, "C_before": "C_{t-1}", "f": "f_t", "i": "i_t", "C̃": r"\tilde C_t", "o": "o_t",
        "kept": r"f_t\, C_{t-1}", "added": r"i_t\, \tilde C_t", "C": "C_t", "tanh_C": r"\tanh C_t",
    },
    "gru": {
        **STATES, "r": "r_t", "z": "z_t", "n": "n_t", "from_h": "W_h h_{t-1}",
        "reset": r"r_t\, W_h h_{t-1}", "open": "1 - z_t", "added": r"(1 - z_t)\, n_t",
        "kept": r"z_t\, h_{t-1}",
    },
    "rnn": {**STATES, "from_x": "W_x x_t", "from_h": "W_h h_{t-1}", "b": "b", "z": "z_t"},
}  # fmt: skip
"""LaTeX of what a wire is called on the page."""
STAGES = {
    "lstm": {"input": ["h_before", "C_before"], "f": ["f"], "i": ["i"], "candidate": ["C̃"],
             "cell": ["kept", "added", "C"], "o": ["o"], "h": ["tanh_C", "h"]},
    "gru": {"input": ["h_before"], "r": ["r"], "z": ["z"], "n": ["from_h", "reset", "n"],
            "h": ["open", "added", "kept", "h"]},
    "rnn": {"input": ["h_before"], "z": ["from_x", "from_h", "b", "z"], "h": ["h"]},
}  # fmt: skip
"""What each stage computes."""
ROWS = {"lstm": ["f", "i", "C̃", "o"], "gru": ["r", "z", "n"], "rnn": ["h"]}
BACK: dict[str, list[str]] = {"back_h": ["h"], "back_C": ["C"], "before": ["h_before", "C_before"]}

CHIPS = """(chips) => chips.map((chip) => [
  chip.querySelector('annotation')?.textContent,
  chip.querySelector('b').textContent,
  chip.dataset.kind,
])"""


def chips(lab: Lab) -> dict[str, tuple[str, str]]:
    """By LaTeX the number and the state of each chip of the picture."""
    found = lab.page.locator(".steps-cell-chip").evaluate_all(CHIPS)
    return {latex: (figure, kind.split(" ")[1]) for latex, figure, kind in found}


def derivative(kind: str, wire: str) -> str:
    if not wire.startswith("z_"):
        return rf"\partial\ell/\partial {SYMBOLS[kind][wire]}"
    gate = {"z_C̃": r"{\tilde C}", "z_h": "t"}.get(wire, wire[2:])
    return rf"\delta_{gate}"


def walked(lab: Lab, kind: str) -> None:
    """Opens a run, trains it a little, and takes its next step apart."""
    lab.open(SPECS[kind])
    url = f"{lab.address}/api/runs/{lab.run_id}/commands"
    assert lab.context.request.post(url, data={"kind": "step", "steps": 5}).ok
    lab.until_step(5)
    lab.until_paused()
    lab.page.get_by_role("tab", name="Step by step").click()
    lab.page.wait_for_selector(".steps-cell-chip")


def until(lab: Lab, at: int, count: int) -> None:
    expect(lab.page.locator(".stage-place")).to_have_text(f"{at + 1} of {count}")
    expect(lab.page.locator(".steps")).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize("kind", SPECS)
def test_the_numbers_on_the_wires_of_every_stage(lab: Lab, kind: str) -> None:
    walked(lab, kind)
    page = lab.page
    place = 1
    page.locator(".place").nth(place).click()
    expect(page.locator(".place").nth(place)).to_have_attribute("aria-pressed", "true")
    ids = [stage["id"] for stage in asked(lab, place=place)["facts"]["stages"]]
    known: list[str] = []
    for at, id in enumerate(ids):
        until(lab, at, len(ids))
        facts = asked(lab, place=place, stage=id)["facts"]
        if id == "update":
            expect(page.locator(".steps-cell")).to_be_hidden()
            break
        now = STAGES[kind].get(id, [])
        known += now
        shown = chips(lab)
        words = page.locator(".steps-cell-content").get_attribute("aria-label") or ""
        assert facts["wires"].keys() == SYMBOLS[kind].keys()
        for wire, value in facts["wires"].items():
            figure = said(value) if wire in known else ""
            state = "now" if wire in now else "known" if wire in known else "later"
            assert shown[SYMBOLS[kind][wire]] == (figure, state), (id, wire)
            assert figure in words
        passed = ids[: at + 1]
        for wire, value in facts["by_wire"].items():
            home = next((name for name, all in BACK.items() if wire in all), "back_z")
            state = "now" if home == id else "known" if home in passed else "later"
            figure = said(value) if home in passed else ""
            assert shown[derivative(kind, wire)] == (figure, state), (id, wire)
            assert figure in words
        assert len(shown) == len(facts["wires"]) + len(facts["by_wire"]) + 1, "x is read, too"
        assert ("Not computed yet" in words) == any(s == "later" for _, s in shown.values())
        units = page.locator(".cell-unit").all_inner_texts()
        assert units == [said(value) for value in facts["across"]["values"]]
        for row, gate in enumerate(ROWS[kind]):
            texts = page.locator(".cell-table tbody tr").nth(row).locator("td").all_inner_texts()
            numbers, summed = facts["gates"][gate], "z" if kind == "rnn" else gate
            sums = [said(numbers[column]) if summed in known else "" for column in "xhbz"]
            assert texts == [*sums, said(numbers["value"]) if gate in known else ""], (id, gate)
        page.keyboard.press("ArrowRight")


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_a_chosen_unit_is_the_same_everywhere(lab: Lab, kind: str) -> None:
    walked(lab, kind)
    page = lab.page
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    stages = asked(lab)["facts"]["stages"]
    until(lab, 4, len(stages))
    id = stages[4]["id"]
    page.get_by_role("button", name="Unit 4:").click()
    expect(page.locator(".steps-cell h3")).to_contain_text("unit 4 of")
    expect(page.get_by_role("button", name="Unit 4:")).to_have_attribute("aria-pressed", "true")
    picture = asked(lab, stage=id, row=3)
    assert picture["facts"]["unit"] == 3
    state = {"lstm": "C", "gru": "h"}[kind]
    wires = picture["facts"]["wires"]
    assert chips(lab)[SYMBOLS[kind][state]] == (said(wires[state]), "now")
    expect(page.locator(".cell-table .steps-part-head .caption")).to_have_text("unit 4")
    chosen = page.locator(".steps-equations [role=gridcell][aria-selected=true]").first
    expect(chosen).to_have_text(said(wires[state]))
    titles = " ".join(plot["title"] for plot in picture["plots"])
    assert "unit 4" in titles
    for title in [plot["title"] for plot in picture["plots"] if "unit 4" in plot["title"]]:
        expect(page.locator(".steps-charts")).to_contain_text(title)
    # And the other way round: a cell of an equation is a unit as well.
    page.locator(".steps-equations [role=gridcell]").nth(1).click()
    expect(page.locator(".steps-cell h3")).to_contain_text("unit 2 of")
    expect(page.get_by_role("button", name="Unit 2:")).to_have_attribute("aria-pressed", "true")


def test_another_layer_has_its_own_numbers(lab: Lab) -> None:
    walked(lab, "gru")
    expect(lab.page.locator(".steps-cell h3")).to_contain_text("of layer 2")
    assert chips(lab)["x_t"][0] == "layer 1"
    field = lab.page.get_by_role("textbox", name="Layer")
    field.fill("1")
    field.press("Enter")
    expect(lab.page.locator(".steps-cell h3")).to_contain_text("of layer 1")
    facts = asked(lab, layer=1)["facts"]
    assert chips(lab)["x_t"][0] == facts["input"][facts["place"]]
    assert chips(lab)["h_{t-1}"][0] == said(facts["wires"]["h_before"])


SCROLLER = ".steps-cell-scroller"
WIDTHS = f"""() => {{
  const one = document.querySelector('{SCROLLER}');
  return [one.scrollWidth, one.clientWidth, document.documentElement.scrollWidth, innerWidth];
}}"""


def test_a_phone_scrolls_the_picture_to_what_is_computed(browser: Browser, address: str) -> None:
    phone = {"width": 390, "height": 844}
    with opened(browser, address, viewport=phone, has_touch=True, is_mobile=True) as lab:
        walked(lab, "lstm")
        page = lab.page
        inside, room, whole, window = page.evaluate(WIDTHS)
        assert inside > room
        assert whole <= window, "the page itself is as wide as the window"
        expect(page.locator(SCROLLER)).to_have_attribute("tabindex", "0")
        page.get_by_role("button", name="o", exact=True).click()
        expect(page.locator(".steps-cell-chip[data-kind*=' now ']")).to_be_in_viewport(ratio=1)
        for unit in page.locator(".cell-unit").all():
            box = unit.bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= 44


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
@pytest.mark.parametrize("kind", SPECS)
def test_on_a_laptop_all_of_the_picture_is_in_sight(
    browser: Browser, address: str, kind: str, size: tuple[int, int]
) -> None:
    with opened(browser, address, viewport={"width": size[0], "height": size[1]}) as lab:
        walked(lab, kind)
        inside, room, _, _ = lab.page.evaluate(WIDTHS)
        assert inside <= room
        expect(lab.page.locator(SCROLLER)).to_have_attribute("tabindex", "-1")
        expect(lab.page.locator(".steps-cell-content")).to_be_in_viewport(ratio=1)
