"""ARCHITECTURE.md: what it names is where it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| `([^`]+)` \| `([^`]+)` \|$", TEXT, flags=re.MULTILINE)
ROOTS = (ROOT, ROOT / "backend" / "livenet", ROOT / "frontend" / "app")
NAMED = re.findall(r"`([a-z_]+/[\w/.-]*|[a-z_]+\.(?:py|js))(?:: (\w+))?`", TEXT)


def test_the_questions_are_answered() -> None:
    assert len(ROWS) >= 15


@pytest.mark.parametrize(("what", "path", "name"), ROWS)
def test_a_thing_is_one_step_away(what: str, path: str, name: str) -> None:
    assert name in (ROOT / path).read_text(encoding="utf-8"), what


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED)))
def test_every_file_that_a_path_goes_through_is_there(path: str, name: str) -> None:
    found = [root / path for root in ROOTS if (root / path).exists()]
    assert found, path
    if name:
        text = found[0].read_text(encoding="utf-8")
        assert re.search(rf"(def|class) {name}\b", text), f"{path}: {name}"


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_links_lead_somewhere(document: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)", (ROOT / document).read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target
