"""Training with machine code that was made before, and training without any."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from livenet.machine_code import cache, sealed
from livenet.training.compiled import available

pytest.importorskip("numba", reason="needs Numba")

TRAIN = """
from pathlib import Path
from livenet.machine_code import translation
translation.FOLDER = Path("nowhere")  # one that was brought needs no Numba
from livenet.spec import resolve
from livenet.training import Trainer
from livenet.training.compiled import available
one = Trainer(resolve({"arithmetic": "compiled"}))
one.step()
print(one.arithmetic, available.problem())
"""


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


def test_code_that_cannot_be_linked_is_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_user_cache", lambda: tmp_path)
    sealed.write(b"no object code", cache.cache_folder() / "single.o")
    monkeypatch.setattr(available, "_found", available._found.__wrapped__)
    found = available.problem()
    assert found is not None
    assert available.code() is None
