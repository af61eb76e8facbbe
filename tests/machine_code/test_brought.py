"""An installation that brings a translation: same code, without Numba, and nothing is written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from livenet.machine_code import sealed, versions

pytest.importorskip("numba", reason="needs Numba")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="moves the cache")]

TRAIN = """
import sys
from livenet.spec import resolve
from livenet.training import Trainer
from livenet.training.compiled import available
one = Trainer(resolve({"arithmetic": "compiled"}))
one.step()
print(one.arithmetic, available.problem(), "numba" in sys.modules)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package in it, as it is installed, and its translation."""
    folder = tmp_path_factory.mktemp("installed")
    ignored = shutil.ignore_patterns("__pycache__", "*.bc")
    shutil.copytree(versions.PACKAGE, folder / "livenet", ignore=ignored)
    run(folder, "-m", "livenet.training.compiled", "translation")
    return folder


def run(folder: Path, *words: str, **settings: str) -> str:
    made = os.environ | settings | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *words]
    done = subprocess.run(command, capture_output=True, text=True, env=made, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_both_ways_make_the_same_code(installed: Path, tmp_path: Path) -> None:
    """Byte for byte: the translations are made in different processes, by different numbers of
    them, and one of them is in a file for a while."""
    files = [str(tmp_path / name) for name in ("of the brought one.o", "of a new one.o")]
    run(installed, "-m", "livenet.machine_code", "single", files[0])
    one_core = "import os, sys; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))});"
    main = "from livenet.training.compiled.__main__ import main; main(sys.argv[1:])"
    words = one_core + main if hasattr(os, "sched_setaffinity") else "import sys;" + main
    run(installed, "-c", words, "single", files[1])
    brought, new = (sealed.read(Path(file)) for file in files)
    assert brought is not None
    assert len(brought) > 50_000
    assert brought == new


def test_the_first_start_needs_no_numba_and_writes_to_the_cache_alone(
    installed: Path, tmp_path: Path
) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "numba.py").write_text("raise ImportError('hidden')")
    before = sorted(path.stat().st_mtime_ns for path in installed.rglob("*"))
    words = f"import sys; sys.path.insert(0, {str(hidden)!r})\n{TRAIN}"
    said = run(installed, "-c", words, XDG_CACHE_HOME=str(tmp_path), HOME=str(tmp_path))
    assert said == "compiled None False\n"
    assert sorted(path.stat().st_mtime_ns for path in installed.rglob("*")) == before
    assert [file.name for file in tmp_path.rglob("*.o")] == ["single.o"]
    assert versions.code_digest() in str(next(tmp_path.rglob("*.o")))
