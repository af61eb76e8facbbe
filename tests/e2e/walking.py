"""The walk "Step by step" on the page: how it is opened, and what stands there, against REST."""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any
from urllib.parse import quote

import numpy as np
from playwright.sync_api import expect

from tests.e2e.lab import Lab

FEW_TERMS = 12  # of a long sum that stand alone on the page


def opened_at(lab: Lab, spec: dict[str, Any], steps: int) -> None:
    """Opens a run, trains it a little, and takes its next step apart."""
    lab.open(spec)
    trained(lab, steps)
    lab.page.get_by_role("tab", name="Step by step").click()
    lab.page.wait_for_selector(".steps-equations .equation")


def trained(lab: Lab, steps: int) -> None:
    """Trains the run on the page so many steps, and pauses it."""
    url = f"{lab.address}/api/runs/{lab.run_id}/commands"
    assert lab.context.request.post(url, data={"kind": "step", "steps": steps}).ok
    lab.until_step(steps)
    lab.until_paused()


def asked(lab: Lab, at: int | None = None, **options: Any) -> dict[str, Any]:
    """The picture as a script has it, at a step of training."""
    query = quote(json.dumps(options)) + ("" if at is None else f"&step={at}")
    url = f"{lab.address}/api/runs/{lab.run_id}/probes/step_by_step?options={query}"
    answer = lab.context.request.get(url, headers={"accept": "application/json"})
    assert answer.ok, answer.text()
    found: dict[str, Any] = answer.json()
    return found


def equations(picture: dict[str, Any]) -> list[dict[str, Any]]:
    return [mark for plot in picture["plots"] for mark in plot["marks"] if "items" in mark]


def until_place(lab: Lab, at: int, count: int) -> None:
    """Waits until the numbers of the stage ``at``, from 0, have come."""
    expect(lab.page.locator(".stage-place")).to_have_text(f"{at + 1} of {count}")
    expect(lab.page.locator(".steps")).to_have_attribute("aria-busy", "false")


def said(value: float | None) -> str:
    """A number as the page writes it: three significant digits, halves away from zero."""
    if value is None or np.isnan(value):
        return ""
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    rounded = Context(prec=3, rounding=ROUND_HALF_UP).create_decimal(Decimal(float(value)))
    size = abs(value)
    if size < 0.9995e-3 or size >= 1e6:
        mantissa, exponent = f"{rounded:.2e}".split("e")
        return f"{mantissa.replace('-', '−')}e{int(exponent)}"
    if size >= 999.5:
        return f"{Decimal(float(value)).quantize(Decimal(1), ROUND_HALF_UP):,}".replace("-", "−")
    digits = 2 - rounded.adjusted()
    return f"{rounded:.{digits}f}".replace("-", "−")


READ = """(all) => all.map((equation) => {
  const textsOf = (all) => [...all].map((one) => one.textContent);
  const texts = (selector) => textsOf(equation.querySelectorAll(selector));
  return {
    operands: [...equation.querySelectorAll(".operand")].map((operand) => ({
      label: operand.querySelector(".operand-cells").getAttribute("aria-label"),
      cells: textsOf(operand.querySelectorAll(".cell")),
    })),
    entry: equation.querySelector(".worked").hidden ? [] : texts(".worked .entry .worked-value"),
    terms: equation.querySelector(".worked").hidden ? [] : texts(".worked .term .worked-value"),
  };
})"""


def compare(lab: Lab, picture: dict[str, Any]) -> int:
    """Holds the equations on the page to those of a script: every number that is shown of the
    matrices, the entry, and its terms. Returns how many numbers were read."""
    more = lab.page.locator(".head-more[aria-expanded=false]")
    if more.is_visible():  # the matrices beside the picture of a head
        more.press("Enter")
    own = [plot for plot in picture["plots"] if plot["id"] != "head"]
    wanted = equations({**picture, "plots": own})
    found = lab.page.locator(".steps-equations .equation").evaluate_all(READ)
    assert len(found) == len(wanted), picture["facts"]["stage"]
    return sum(_compared(one, other) for one, other in zip(found, wanted, strict=True))


def _compared(found: dict[str, Any], wanted: dict[str, Any]) -> int:
    where = wanted["formula"]
    operands = [item for item in wanted["items"] if item["item"] == "operand"]
    if wanted["table"]:  # the column at the left, the row above, then the products
        operands = [operands[1], operands[2], operands[0]]
    assert len(found["operands"]) == len(operands), where
    for shown, operand in zip(found["operands"], operands, strict=True):
        assert shown["cells"] == _cells(shown["label"], operand), (where, operand["symbol"])
    worked = wanted["worked"]
    assert found["entry"] == ([said(worked["value"])] if worked else []), where
    assert found["terms"] == (_terms(worked) if worked else []), where
    read = [cell for shown in found["operands"] for cell in shown["cells"] if cell]
    return len(read) + len(found["terms"])


def _cells(label: str, operand: dict[str, Any]) -> list[str]:
    """The texts of an operand's cells, given what is shown: "W, 16 × 9, rows 1 to 8 of 16"."""
    values = np.array(operand["values"], dtype=np.float32)
    if operand["pixels"]:
        return [""] * values.size
    rows = _side(label, "rows", operand["row"], operand["rows"])
    columns = _side(label, "columns", operand["column"], operand["columns"])
    return [said(float(value)) for value in values[rows, columns].flat]


def _side(label: str, side: str, first: int, count: int) -> slice:
    """Of what was sent, the part that a label says is shown."""
    found = re.search(rf"{side} (\d+) to (\d+) of {count}\b", label)
    start, end = (int(found[1]) - 1, int(found[2])) if found else (0, count)
    assert start >= first, "what is shown was sent"
    return slice(start - first, end - first)


def _terms(worked: dict[str, Any]) -> list[str]:
    """A long sum has its largest terms in their order, and the others as one."""
    values = [term["value"] for term in worked["terms"]]
    if worked["joined"] == "+" and len(values) > FEW_TERMS + 1:
        order = sorted(range(len(values)), key=lambda at: -abs(values[at]))
        kept = set(order[:FEW_TERMS])
        rest = sum(value for at, value in enumerate(values) if at not in kept)
        values = [value for at, value in enumerate(values) if at in kept] + [rest]
    return [said(value) for value in values]
