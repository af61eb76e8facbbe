"""Where machine code is kept, when it is made again, and training without it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from livenet.training.compiled import available

pytest.importorskip("numba", reason="needs Numba")

TRAIN = """
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
    ages = range(available.KEPT + 6)
    for age in ages:
        old = home / f"compiled-{age}"
        old.mkdir(parents=True)
        os.utime(old, (age, age))
    used = available.cache_folder()
    left = {one.name for one in home.iterdir()}
    assert left == {used.name, *(f"compiled-{age}" for age in ages[6:])}


def trained_without(module: str, folder: Path, **settings: str) -> str:
    """What a process says that cannot import a module: its arithmetic, and why."""
    (folder / f"{module}.py").write_text("raise ImportError('hidden')")
    path = os.pathsep.join((str(folder), *sys.path))
    command = [sys.executable, "-c", TRAIN]
    made = os.environ | settings | {"PYTHONPATH": path}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=made).stdout


@pytest.mark.skipif(sys.platform != "linux", reason="moves the cache")
@pytest.mark.parametrize("module", ["numba", "llvmlite"])
def test_without_a_compiler_runs_train_on_tensors(module: str, tmp_path: Path) -> None:
    said = trained_without(module, tmp_path, XDG_CACHE_HOME=str(tmp_path / "empty"))
    assert said.startswith("torch Small networks are not compiled: ")
    assert said.endswith("ImportError: hidden\n")


def test_code_that_was_made_before_needs_no_compiler(tmp_path: Path) -> None:
    assert available.problem() is None  # it is made now, if it was not
    assert trained_without("numba", tmp_path) == "compiled None\n"


def test_code_that_cannot_be_linked_is_no_code(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (available.cache_folder() / "single.o").write_bytes(available.sealed(b"no object code"))
    monkeypatch.setattr(available, "_found", available._found.__wrapped__)
    found = available.problem()
    assert found is not None
    assert available.code() is None


@pytest.mark.parametrize("damage", ["cut", "changed", "empty"])
def test_damaged_code_is_made_again(
    home: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    whole = available.sealed(b"object code of some length")
    file = available.cache_folder() / "single.o"
    damaged = {"cut": whole[:-5], "changed": b"O" + whole[1:], "empty": b""}
    file.write_bytes(damaged[damage])

    def compiled(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        Path(command[-1]).write_bytes(whole)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", compiled)
    assert available.object_code() == b"object code of some length"
