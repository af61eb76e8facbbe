"""The tab of sizes: each layer, the total, and the formulas in print."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.lab import opened

pytestmark = [pytest.mark.browser]

SPECS: list[dict[str, Any]] = [
    {"model": {"hidden": [5, 5, 5]}},
    {"data": {"kind": "reverse", "samples": 100}, "model": {"width": 16, "heads": 2}},
]


@pytest.mark.parametrize("spec", SPECS)
def test_every_model_has_its_sizes(browser: Browser, address: str, spec: dict[str, Any]) -> None:
    with opened(browser, address) as lab:
        lab.open(spec)
        lab.page.get_by_role("tab", name="Sizes").click()
        sizes = lab.page.locator(".sizes")
        answer = lab.context.request.post(f"{address}/api/specs/describe", data={"spec": spec})
        found = answer.json()
        expect(sizes).to_contain_text(f"{found['parameters']:,} parameters in total")
        expect(sizes.locator("li")).to_have_count(len(found["layers"]))
        printed = sizes.locator(".sizes-printed")
        expect(printed).to_have_count(len(found["counts"]))
        for row, count in zip(printed.all(), found["counts"], strict=True):
            expect(row).to_contain_text("Right" if count["right"] else "Wrong")
            expect(row).to_contain_text(f"{count['value']:,}")
