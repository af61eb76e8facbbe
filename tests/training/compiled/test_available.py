"""Where machine code is kept, when it is made again, and training without it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from livenet.training.compiled import available

pytest.importorskip("numba", reason="needs Numba")

WITHOUT = """
import sys
sys.modules["numba"] = None
from livenet.spec import resolve
from livenet.training import Trainer
from livenet.training.compiled import available
one = Trainer(resolve({"arithmetic": "compiled"}))
one.step()
print(one.arithmetic, available.problem())
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(available, "_user_cache", lambda: tmp_path)
    return tmp_path / "livenet"


def test_the_folder_is_private_and_named_by_the_digest(home: Path) -> None:
    found = available.cache_folder()
    assert found == home / f"compiled-{available.digest()}"
    assert os.name == "nt" or found.stat().st_mode & 0o077 == 0


def test_an_edit_of_any_source_changes_the_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = available.digest()
    assert available.digest() == before
    file = tmp_path / "kernels.py"
    file.write_text("pass")
    monkeypatch.setattr(available, "COMPILED", tmp_path)
    seen = {before, available.digest()}
    file.write_text("...")
    seen.add(available.digest())
    for module in available.SOURCES:
        changed = tmp_path / f"{module.__name__}.txt"
        changed.write_text(Path(str(module.__file__)).read_text() + "\n")
        with monkeypatch.context() as patch:
            patch.setattr(module, "__file__", str(changed))
            seen.add(available.digest())
    assert len(seen) == 3 + len(available.SOURCES)


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_code_that_others_could_have_written_is_not_loaded(home: Path) -> None:
    first = available.cache_folder()
    (first / "code").write_text("theirs")
    first.chmod(0o777)
    other = available.cache_folder()
    assert other != first
    assert list(other.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_a_cache_that_cannot_be_written_is_copied(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = available.cache_folder()
    (first / "code").write_text("ours")
    monkeypatch.setattr(os, "access", lambda *_: False)  # as on a read-only disk, for any user
    other = available.cache_folder()
    assert other != first
    assert (other / "code").read_text() == "ours"
    assert other.stat().st_mode & 0o077 == 0


def test_old_code_is_removed(home: Path) -> None:
    for age in range(10):
        old = home / f"compiled-{age}"
        old.mkdir(parents=True)
        os.utime(old, (age, age))
    used = available.cache_folder()
    left = {one.name for one in home.iterdir()}
    assert left == {used.name, *(f"compiled-{age}" for age in (6, 7, 8, 9))}


def test_without_numba_runs_train_on_tensors() -> None:
    said = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True
    ).stdout
    assert said.startswith("torch Small networks are not compiled: ")
