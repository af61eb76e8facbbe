"""The walk of a transformer on the page: its stages by section, and the picture of a head."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.lab import Lab, opened
from tests.e2e.walking import asked, opened_at, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

SPEC: dict[str, Any] = {
    "data": {"kind": "reverse", "samples": 60, "length": 5, "symbols": 6},
    "model": {"kind": "transformer", "form": "decoder", "width": 16, "heads": 2, "depth": 2},
}
LONG: dict[str, Any] = {
    "data": {"kind": "delayed_recall", "samples": 40, "delay": 60},
    "model": {"kind": "transformer", "width": 64, "heads": 1, "depth": 1},
    "training": {"batch_size": 4},
}
PHONE = {"width": 390, "height": 844}


def until(lab: Lab, label: str) -> None:
    expect(lab.page.locator(".stage[aria-current=step]")).to_have_text(label)
    expect(lab.page.locator(".steps")).to_have_attribute("aria-busy", "false")


def section(lab: Lab, name: str) -> Locator:
    return lab.page.get_by_role("button", name=re.compile(rf"^{name}, \d+ stages?$"))


def go(lab: Lab, layer: int, label: str) -> None:
    section(lab, f"Forward, Layer {layer}").click()
    until(lab, "Norm")
    lab.page.locator(".stage", has_text=re.compile(f"^{label}$")).click()
    until(lab, label)


def numbers(cells: Locator) -> list[float]:
    """NaN where none is shown."""
    texts = cells.all_inner_texts()
    return [float(one.replace("−", "-")) if re.search(r"\d", one) else np.nan for one in texts]


def cells(lab: Lab, step: int, line: str) -> Locator:
    """The cells of the line whose label begins so."""
    body = lab.page.locator(".head-step").nth(step - 1)
    label = body.locator(".head-label").filter(has_text=re.compile(line)).first
    return label.locator("xpath=following-sibling::*[1]").locator(".head-cell")


def head(lab: Lab, **options: Any) -> tuple[list[Any], dict[str, Any]]:
    """The head's matrices and sums as a script has them; None in them is hidden."""
    picture = asked(lab, **options)
    (plot,) = (plot for plot in picture["plots"] if plot["id"] == "head")
    found = [item["values"] for item in plot["marks"][0]["items"]]
    return [np.array(one, float) for one in found], picture["facts"]


def close(shown: list[float], wanted: Any, places: float = 0.0051) -> None:
    """To the decimals that are shown."""
    np.testing.assert_allclose(shown, np.asarray(wanted, float), rtol=0.006, atol=places)


def sums(lab: Lab, step: int) -> list[float]:
    return numbers(lab.page.locator(".head-step").nth(step - 1).locator(".head-sums b:visible"))


def test_the_numbers_of_a_head_are_those_of_the_server(lab: Lab) -> None:
    opened_at(lab, SPEC, steps=5)
    page = lab.page
    go(lab, 2, "Match")
    (s, q, k, products), facts = head(lab, stage="match2")
    fact = facts["attention"]
    close(numbers(cells(lab, 1, "^q")), q[:, 0])
    close(numbers(cells(lab, 1, "^k")), k[:, 0])
    close(numbers(cells(lab, 1, "^products")), products[:, 0])
    close(numbers(cells(lab, 2, "scores")), s[:, 0])
    close(sums(lab, 1), [fact["sum"], fact["score"]])
    assert np.isnan(numbers(cells(lab, 2, "shares"))).all(), "not computed yet"
    assert np.isnan(numbers(cells(lab, 3, "output"))).all()
    assert sums(lab, 2) == sums(lab, 3) == []
    expect(page.locator(".head-step[aria-current]")).to_contain_text("How well")

    page.keyboard.press("ArrowRight")
    until(lab, "Shares")
    (*_, a, _), facts = head(lab, stage="shares2")
    fact = facts["attention"]
    close(numbers(cells(lab, 2, "shares")), a[:, 0], 0.00051)
    close(sums(lab, 2), [fact["exp"], fact["total"], fact["share"]])
    assert np.isnan(numbers(cells(lab, 3, "output"))).all()

    page.keyboard.press("ArrowRight")
    until(lab, "Values")
    (*_, values, output), facts = head(lab, stage="values2")
    for place, row in enumerate(values):
        close(numbers(cells(lab, 3, rf"v.*?{place + 1}\D.* of ")), row)
    close(numbers(cells(lab, 3, "output")), output[:, 0])
    assert sums(lab, 3)[-1] == pytest.approx(output[0, 0], rel=0.006)
    strip = page.locator(".place").evaluate_all("(all) => all.map((one) => one.offsetLeft)")
    grid = cells(lab, 2, "scores").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().left)"
    )
    np.testing.assert_allclose(np.diff(strip), np.diff(grid), atol=0.6)


def test_a_score_chooses_the_key_and_a_number_is_worked_out(lab: Lab) -> None:
    opened_at(lab, SPEC, steps=5)
    page = lab.page
    go(lab, 1, "Shares")
    scores = cells(lab, 2, "scores")
    scores.nth(1).click()
    expect(scores.nth(1)).to_have_attribute("aria-checked", "true")
    expect(page.locator(".place").nth(1)).to_have_class(re.compile("key"))
    (_, _, k, *_), facts = head(lab, stage="shares1", key=1)
    assert facts["key"] == 1
    expect(page.locator(".head-label.key").first).to_contain_text("place 2")
    close(numbers(cells(lab, 1, "^k")), k[:, 0])
    cells(lab, 2, "shares").nth(0).click()
    expect(scores.nth(0)).to_have_attribute("aria-checked", "true")
    scores.nth(0).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(scores.nth(0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(scores.nth(1)).to_be_focused()
    expect(scores.nth(1)).to_have_attribute("aria-checked", "true")
    until(lab, "Shares")  # the arrow moved the key, not the stage

    page.locator(".stage", has_text=re.compile("^Values$")).click()
    until(lab, "Values")
    output = cells(lab, 3, "output")
    output.nth(3).click()
    expect(output.nth(3)).to_have_attribute("aria-checked", "true")
    picture = asked(lab, stage="values1", key=1, row=3)
    worked = next(plot for plot in picture["plots"] if plot["id"] == "values")["marks"][0]["worked"]
    beside = page.locator(".head-step").nth(2).locator(".head-sums")
    expect(beside.locator(".caption").first).to_have_text("number 4 of the output")
    assert sums(lab, 3)[-1] == pytest.approx(worked["value"], rel=0.006)
    assert sum(sums(lab, 3)[:-1]) == pytest.approx(worked["value"], abs=0.01)
    page.get_by_role("button", name="Show the matrices of all places").click()
    expect(page.locator(".steps-equations .equation").first).to_be_visible()
    chosen = page.locator(".steps-equations [aria-selected=true]").first
    expect(chosen).to_have_text(said(worked["value"]))


def test_a_wide_head_and_a_long_sequence_show_a_part_that_moves(lab: Lab) -> None:
    opened_at(lab, LONG, steps=1)
    page = lab.page
    go(lab, 1, "Values")
    (_, q, *_, values, _), facts = head(lab, stage="values1")
    places, d = facts["steps"], facts["attention"]["d"]
    assert (places, d) == (61, 64)
    column = 1
    for step, items, whole in ((1, "Numbers", d), (2, "Places", places)):
        window = page.locator(".head-step").nth(step - 1).locator(".head-window")
        first, last = part(window, items, whole)
        assert last - first < 20
        window.get_by_role("button", name=f"{items} after these").or_(
            window.get_by_role("button", name=f"{items} before these")
        ).and_(page.locator(":enabled")).first.click()
        expect(window).not_to_contain_text(f"{first}–{last} of")
        moved, end = part(window, items, whole)
        if step == 1:
            assert moved == last + 1
            close(numbers(cells(lab, 1, "^q")), q[moved - 1 : end, 0])
            column = moved
        else:
            assert moved == (last + 1 if moved > first else max(1, first - (last - first + 1)))
            rows = page.locator(".head-cells.value")
            assert rows.count() == end - moved + 1
            shown = numbers(rows.first.locator(".head-cell"))
            close(shown, values[moved - 1, column - 1 : column - 1 + len(shown)])


def part(window: Locator, items: str, whole: int) -> tuple[int, int]:
    expect(window).to_contain_text(f"of {whole}")
    found = re.search(rf"{items} (\d+)–(\d+) of", window.inner_text())
    assert found is not None
    return int(found[1]), int(found[2])


def test_sections_fold_and_lead_to_their_first_stage(lab: Lab) -> None:
    opened_at(lab, SPEC, steps=5)
    page = lab.page
    stages = asked(lab)["facts"]["stages"]
    place = page.locator(".stage-place")
    for group, name, first in (
        ("Backward", "Layer 1", "back_mlp1"),
        ("Forward", "Layer 2", "norm2"),
        ("Backward", "Output", "delta"),
        ("Forward", "Embed", "symbols"),
    ):
        section(lab, f"{group}, {name}").click()
        at = [stage["id"] for stage in stages].index(first)
        expect(place).to_have_text(f"{at + 1} of {len(stages)}")
        own = [one for one in stages if (one["section"], one["group"]) == (name, group.lower())]
        opened = page.get_by_role("list", name=f"{group}, {name}", exact=True)
        expect(opened.get_by_role("button")).to_have_count(len(own))
        names = page.locator(".stage-bar button.stage").evaluate_all(
            "(all) => all.map((one) => one.ariaLabel ?? one.textContent)"
        )
        assert len(set(names)) == len(names)
    # From the last stage of a section to the next one, by keyboard.
    section(lab, "Forward, Output").focus()
    page.keyboard.press("Enter")
    until(lab, "Norm")
    expect(page.locator(".stage[aria-current=step]")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    until(lab, "MLP")
    expect(page.locator(".steps-title")).to_contain_text("Layer 2 · MLP")


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 720}, PHONE])
def test_with_many_layers_the_present_stage_is_in_sight(
    browser: Browser, address: str, viewport: dict[str, int]
) -> None:
    deep = {**SPEC, "model": {**SPEC["model"], "depth": 12, "width": 8}}
    with opened(browser, address, viewport=viewport) as lab:
        opened_at(lab, deep, steps=1)
        present = lab.page.locator(".stage[aria-current=step]")
        for name, label in (("Forward, Layer 9", "Norm"), ("Backward", "θ")):
            section(lab, name).click()
            expect(present).to_contain_text(label)
            expect(present).to_be_in_viewport(ratio=1)
        section(lab, "Backward, Layer 12").click()
        expect(lab.page.locator(".stage-place")).to_have_text(re.compile(r"^\d+ of 191$"))
        expect(present).to_be_in_viewport(ratio=1)
        width = lab.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"]
