"""The files that the page saves, and their names."""

from __future__ import annotations

import re
from typing import Literal

import pytest

from tests.e2e.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]


def saved(lab: Lab, role: Literal["button", "link"], name: str) -> str:
    with lab.page.expect_download() as saving:
        lab.page.get_by_role(role, name=name).click()
    assert saving.value.failure() is None
    return str(saving.value.suggested_filename)


def test_files_have_the_name_of_the_run_and_their_step(lab: Lab) -> None:
    lab.open({"data": {"kind": "moons"}, "model": {"hidden": [5]}, "training": {"steps": 40}})
    lab.page.keyboard.press("Space")
    lab.until_step(40)
    name = re.sub(r"[^a-z0-9]+", "-", lab.run()["name"].lower())
    assert name.startswith("moons-5")
    lab.page.get_by_role("button", name="Export").click()
    assert saved(lab, "button", "Settings The spec") == f"{name}-spec.json"
    assert saved(lab, "link", "Weights") == f"{name}-step-40.safetensors"
    assert saved(lab, "link", "Curves") == f"{name}-step-40.csv"
