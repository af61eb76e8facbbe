"""Which of the page's two forms are there, and which is the newer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from livenet.api.page.frontend import find_frontend
from livenet.errors import LivenetError


def write(path: Path, saved: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (saved, saved))


def checkout(root: Path) -> Path:
    """A checkout that was bundled at 200 s, its sources saved at 100 s; gives the package."""
    for name in ("index.html", "app/start.js", "app/state/store.js", "docs/index.html"):
        write(root / "frontend" / name, 100)
    write(root / "frontend/styles/base.css", 100)
    write(root / "frontend/vendor/katex/katex.mjs", 900)
    write(root / "frontend/dist/index.html", 200)
    return root / "backend" / "livenet"


def test_installed_has_only_the_bundle(tmp_path: Path) -> None:
    write(tmp_path / "livenet/_frontend/index.html", 100)
    found = find_frontend(tmp_path / "livenet")
    assert found.sources is None
    assert found.built == tmp_path / "livenet/_frontend"
    assert found.edited() < found.bundled()


def test_checkout_has_both(tmp_path: Path) -> None:
    found = find_frontend(checkout(tmp_path))
    assert (found.built, found.sources) == (tmp_path / "frontend/dist", tmp_path / "frontend")
    assert (found.edited(), found.bundled()) == (100, 200)


@pytest.mark.parametrize("name", ["index.html", "app/state/store.js", "styles/new.css"])
def test_an_edit_is_seen(tmp_path: Path, name: str) -> None:
    found = find_frontend(checkout(tmp_path))
    write(tmp_path / "frontend" / name, 300)
    assert found.edited() == 300


def test_a_checkout_may_lack_the_bundle(tmp_path: Path) -> None:
    package = checkout(tmp_path)
    (tmp_path / "frontend/dist/index.html").unlink()
    found = find_frontend(package)
    assert found.built is None
    assert found.edited() > found.bundled()


def test_set_up_was_not_finished(tmp_path: Path) -> None:
    with pytest.raises(LivenetError, match="missing"):
        find_frontend(tmp_path / "backend" / "livenet")
    write(tmp_path / "frontend/index.html", 100)
    with pytest.raises(LivenetError, match="vendor") as refused:
        find_frontend(tmp_path / "backend" / "livenet")
    assert "make setup" in refused.value.hint
    assert "bundle.js" in refused.value.hint  # where there is no make
