"""Models on sequences on the page: what is typed, pasted and chosen, and what comes of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

SMALL = {"hidden": 8}
RECALL: dict[str, Any] = {
    "data": {"kind": "delayed_recall", "delay": 6},
    "model": {"kind": "rnn", "cell": "lstm", "depth": 2} | SMALL,
}
TEXT: dict[str, Any] = {
    "data": {"kind": "characters", "length": 16},
    "model": {"kind": "transformer", "width": 16, "heads": 2},
}


def typed(lab: Lab) -> Locator:
    return lab.page.locator(".sequence-controls input").first


def reads(lab: Lab, symbols: str) -> None:
    """Waits until the strip stands over these symbols."""
    read = (
        "[...document.querySelector('.sequence-strip-row')?.children ?? []].map((c) => c.innerText)"
    )
    lab.until(f"(wanted) => {read}.join('') === wanted", symbols)


def test_what_is_typed_is_read_and_what_is_wrong_is_said(lab: Lab) -> None:
    lab.open(RECALL)
    lab.until("document.querySelectorAll('.sequence-strip-cell').length === 14")
    field, problem = typed(lab), lab.page.locator(".sequence-field .problem")
    field.fill("ab!")
    expect(problem).to_contain_text("not a symbol of this task")
    expect(field).to_have_accessible_description(re.compile("not a symbol of this task"))
    field.fill("")
    expect(problem).to_have_text("0 symbols: give 1 to 200.")
    field.fill("B A C ?")
    reads(lab, "BAC?")
    expect(problem).to_be_hidden()
    # The cue at the end asks for the first symbol: it is known, and scored.
    lab.until(
        "document.querySelector('.sequence-strip-cell:is([data-state=right], [data-state=wrong])')"
    )


def test_a_typed_index_is_one_that_there_is(lab: Lab) -> None:
    """Or what stands there is left, and the error says which indices there are."""
    lab.open(RECALL)
    lab.until("document.querySelectorAll('.sequence-strip-cell').length === 14")
    field, problem = lab.page.get_by_label("Test sequence").locator("input"), ".stepper .problem"
    for text in ("abc", "", "1e400", "-5", "99999999999999999999"):
        field.fill(text)
        field.press("Enter")
        expect(lab.page.locator(problem)).to_contain_text("Give a whole number from 0 to ")
        assert field.input_value() == text
    field.fill("3")
    field.press("Enter")
    expect(lab.page.locator(problem)).to_be_hidden()
    lab.page.get_by_role("button", name="Test sequence: next").click()
    expect(field).to_have_value("4")


def test_what_is_typed_stays_while_it_can_be_read(lab: Lab) -> None:
    lab.open(RECALL)
    lab.until("document.querySelectorAll('.sequence-strip-cell').length === 14")
    typed(lab).fill("BAC?")
    reads(lab, "BAC?")
    lab.page.reload()
    lab.until_drawn()
    reads(lab, "BAC?")
    assert typed(lab).input_value() == "B A C ?"
    run = lab.run_id
    lab.page.get_by_role("radio", name="GRU", exact=True).click()
    lab.until("(old) => !location.hash.includes(old)", run)
    reads(lab, "BAC?")
    lab.page.locator("#controls select").first.select_option("parity")
    lab.until("document.querySelectorAll('.sequence-strip-cell').length === 24")
    assert not lab.page.locator(".problem:visible").count()


def settled(lab: Lab, canvas: str) -> str:
    """What a canvas shows once it shows the same for a while: the picture before may stand yet."""
    seen = [""]

    def same() -> bool:
        seen.append(lab.ink(canvas))
        lab.page.wait_for_timeout(300)
        return seen[-1] == lab.ink(canvas)

    lab.wait(same)
    return seen[-1]


def test_every_layer_has_its_states_gates_and_gradients(lab: Lab) -> None:
    lab.open(RECALL)
    layers = lab.page.get_by_role("tablist", name="Which layer")
    for tab in ("States", "Gates", "Gradient by lag"):
        lab.page.get_by_role("tab", name=tab, exact=True).first.click()
        pictures: list[str] = []
        for layer in ("1", "2"):
            layers.get_by_role("tab", name=layer, exact=True).click()
            lab.until(
                "document.querySelector('.rnn-body .picture')?.dataset.state === 'shown'"
                " && document.querySelector('.rnn-body canvas')?.width > 8"
            )
            pictures.append(settled(lab, ".rnn-body canvas"))
        if pictures[0] == pictures[1]:
            lab.until_repainted(".rnn-body canvas", pictures[0])
    expect(lab.page.locator(".gradient-lag-text")).to_contain_text("The gradient")


def test_a_transformer_goes_on_from_what_is_typed(lab: Lab) -> None:
    lab.open(TEXT)
    lab.page.get_by_role("tab", name="Continuations").click()
    lab.until("document.querySelectorAll('.continuations > li').length === 3")
    lab.page.get_by_role("textbox", name="Prompt").fill("the cat ")
    starts = (
        "[...document.querySelectorAll('.continuations .third')].every((one) => one.textContent"
    )
    lab.until(f"{starts} === 'the cat ')")
    written = "[...document.querySelectorAll('.continuations b')].map((one) => one.textContent)"
    cold = f"new Set({written}).size === 1"
    assert not lab.page.evaluate(cold)
    lab.page.get_by_role("slider", name="Temperature").fill("0")
    lab.until(cold)
    before = lab.page.evaluate(written)
    lab.page.keyboard.press("Escape")
    lab.page.get_by_role("button", name="Play").click()
    lab.until(f"(before) => {written}.join() !== before.join()", before)
    lab.page.get_by_role("tab", name="Attention").click()
    lab.until("document.querySelectorAll('.transformer-body .figure-plot').length === 4")


def test_a_decoder_answers_a_source_by_itself_and_is_scored(lab: Lab) -> None:
    """An untrained one answers wrongly: the right answer stands beside its own."""
    model = {"kind": "transformer", "form": "decoder", "width": 16, "heads": 2}
    lab.open({"data": {"kind": "reverse", "length": 6, "symbols": 5}, "model": model})
    lab.page.get_by_role("tab", name="Continuations").click()
    lab.page.get_by_label("Source, up to 6 symbols").fill("0 1 2 3 4 4")
    first = lab.page.locator(".continuations > li").first
    expect(first).to_contain_text("012344→")
    expect(first).to_contain_text("of 6 right; the answer is 443210")
    lab.until("document.querySelectorAll('.continuations .wrong-symbol').length > 0")


def test_a_pasted_text_is_learnt_and_a_refused_one_is_not_lost(lab: Lab) -> None:
    lab.open(TEXT)
    area = lab.page.locator("#controls textarea")
    for text, said in (("too short", "9 characters"), ("x" * 70_000, "at most 50,000")):
        area.fill(text)
        area.blur()
        lab.page.wait_for_selector("#controls .problem")
        lab.until(
            "(said) => document.querySelector('#controls .problem').innerText.includes(said)", said
        )
        assert area.input_value() == text
    lab.problems.clear()  # the browser itself reports the refusals
    typed(lab).fill("be↵🙂")
    problem = lab.page.locator(".sequence-field .problem")
    expect(problem).to_contain_text("not a symbol of this task")
    run = lab.run_id
    area.fill("to be,\n🙂 or not to be\n" * 5)
    area.blur()
    lab.until("(old) => !location.hash.includes(old)", run)
    assert lab.run()["spec"]["data"]["text"] == "to be,\n🙂 or not to be\n" * 5
    reads(lab, "be↵🙂")  # refused before, and known now
    typed(lab).fill("not")
    reads(lab, "not")


def test_a_source_of_full_length_may_be_typed_with_a_part_of_its_answer(lab: Lab) -> None:
    model = {"kind": "transformer", "width": 16, "heads": 2, "form": "decoder"}
    lab.open({"data": {"kind": "reverse", "length": 5}, "model": model})
    lab.until("document.querySelectorAll('.sequence-strip-row')[0]?.children.length === 10")
    typed(lab).fill("5 4 1 0 3 → 5 5")
    reads(lab, "54103→55")
    expect(lab.page.locator(".sequence-strip .caption").first).to_contain_text("the typed answer")
    typed(lab).fill("→")
    expect(lab.page.locator(".sequence-field .problem")).to_have_text("Give a source before →.")
    lab.page.get_by_role("tab", name="Continuations").click()
    field = lab.page.locator(".continuations-panel .sequence-field input")
    expect(field).not_to_have_value("")
    field.fill("5 4 1 0 3 → 3 0")
    expect(lab.page.locator(".continuations li span").first).to_have_text("54103→30")


def test_what_stands_over_heads_is_not_cut_off(lab: Lab) -> None:
    """On a laptop's screen the height decides how wide the many heads of a decoder are."""
    model = {"kind": "transformer", "width": 32, "form": "decoder"}
    for depth, heads in ((2, 4), (4, 4), (4, 8), (6, 8)):
        lab.open({"data": {"kind": "reverse"}, "model": model | {"depth": depth, "heads": heads}})
        lab.until("document.querySelectorAll('.transformer-body .figure-plot').length >= 4")
        lab.until(
            "[...document.querySelectorAll('.transformer-body .figure-head > *')]"
            ".every((one) => one.scrollWidth <= one.clientWidth)"
        )
        lab.until(  # a layer a row
            "(heads) => { const all = document.querySelectorAll('.transformer-body .figure-plot');"
            " const tops = [...all].map((one) => one.offsetTop);"
            " return new Set(tops.slice(0, heads)).size === 1 && tops[heads] !== tops[0]; }",
            heads,
        )


def test_titles_of_heads_are_whole_on_a_projector(lab: Lab) -> None:
    """Its screen is low and the type large: the middle scrolls, what it shows is not squeezed."""
    heads = ".transformer-body :is(.picture-head, .figure-head)"
    lab.page.set_viewport_size({"width": 1024, "height": 768})
    for form in ("encoder", "decoder"):
        model = {"kind": "transformer", "width": 32, "form": form, "depth": 2, "heads": 4}
        lab.open({"data": {"kind": "reverse"}, "model": model})
        for _ in ("ordinary", "presentation"):
            lab.until(  # the heads of both layers, or with little room those of the chosen layer
                "document.querySelectorAll('.transformer-body .figure-plot').length"
                " === (document.querySelector('.transformer-layers').hidden ? 8 : 4)"
            )
            lab.until(
                "[...document.querySelectorAll('.transformer-body .figure-canvas')]"
                ".every((one) => one.clientWidth >= 64)"
            )
            lab.until(
                f"[...document.querySelectorAll('{heads}')]"
                ".every((one) => one.scrollHeight <= one.clientHeight)"
            )
            lab.until(
                "(() => { const plots = document.querySelector('.transformer-body .picture-plots');"
                " return plots.scrollHeight <= plots.clientHeight; })()"
            )
            lab.page.keyboard.press("p")
