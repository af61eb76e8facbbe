"""Where machine code is kept: for this user alone, and not for ever."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from livenet.machine_code import cache, versions

pytest.importorskip("llvmlite", reason="needs LLVM")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache, "_user_cache", lambda: tmp_path)
    return tmp_path / "livenet"


def test_the_folder_is_private_and_named_by_the_digest(home: Path) -> None:
    found = cache.cache_folder()
    assert found == home / f"compiled-{versions.code_digest()}"
    assert os.name == "nt" or found.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_code_that_others_could_have_written_is_not_loaded(home: Path) -> None:
    first = cache.cache_folder()
    (first / "code").write_text("theirs")
    first.chmod(0o777)
    other = cache.cache_folder()
    assert other != first
    assert list(other.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_a_cache_that_cannot_be_written_is_copied(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cache.cache_folder()
    (first / "code").write_text("ours")
    monkeypatch.setattr(os, "access", lambda *_: False)  # as on a read-only disk, for any user
    other = cache.cache_folder()
    assert other != first
    assert (other / "code").read_text() == "ours"
    assert other.stat().st_mode & 0o077 == 0


def test_old_code_is_removed(home: Path) -> None:
    ages = range(cache.KEPT + 6)
    for age in ages:
        old = home / f"compiled-{age}"
        old.mkdir(parents=True)
        os.utime(old, (age, age))
    used = cache.cache_folder()
    left = {one.name for one in home.iterdir()}
    assert left == {used.name, *(f"compiled-{age}" for age in ages[6:])}
