"""What make would do in a fresh checkout, and where it is told what it cannot do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CPU_BUILDS = "https://download.pytorch.org/whl/cpu"


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    (tmp_path / "frontend").mkdir()
    for name in (
        "Makefile",
        "constraints.txt",
        "hatch_build.py",
        "pyproject.toml",
        "frontend/bundle.js",
        "frontend/index.html",
        "frontend/package-lock.json",
        "frontend/package.json",
    ):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("app", "docs", "styles"):
        (tmp_path / "frontend" / name).mkdir()
    return tmp_path


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    outer = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "TORCH")  # of the make that runs the tests
    return subprocess.run(
        ["make", *words],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name not in outer},
        capture_output=True,
        text=True,
        timeout=60,
    )


def commands(folder: Path, *words: str) -> str:
    done = make(folder, "--dry-run", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("\\\n", " ")


def extras(said: str) -> list[str]:
    return re.findall(r"--editable '\.\[([\w,]+)\]'", said)


def test_serving_installs_no_test_tools(fresh: Path) -> None:
    said = commands(fresh, "serve")
    assert extras(said) == ["server,build"]
    assert re.findall(r"npm .* ci .*", said)[0].endswith("--omit=dev")
    assert "hatch_build.py data" in said
    assert said.splitlines()[-1].startswith(".venv/bin/livenet serve")
    assert CPU_BUILDS not in said


@pytest.mark.parametrize("target", ["test", "test-fast", "soak", "check", "setup"])
def test_testing_does(fresh: Path, target: str) -> None:
    said = commands(fresh, target)
    assert extras(said) == ["server,build", "server,build,dev"]
    npm = re.findall(r"npm .* ci .*", said)
    assert not npm[0].endswith("--omit=dev")  # the type checker, with all else in one go


def test_torch_for_the_cpu_comes_from_its_own_index(fresh: Path) -> None:
    assert f"--extra-index-url {CPU_BUILDS}" in commands(fresh, "serve", "TORCH=cpu")


def test_another_torch_is_refused(fresh: Path) -> None:
    done = make(fresh, "serve", "TORCH=gpu")
    assert done.returncode != 0
    assert "TORCH is 'default' or 'cpu', not 'gpu'" in done.stderr


def test_tests_are_chosen_by_target(fresh: Path) -> None:
    """The soak has what the others leave out: see also `addopts`."""
    all_of_it = commands(fresh, "test")
    assert "--durations=10" in all_of_it
    assert "tests.browser chromium" in all_of_it
    assert "tests.browser firefox" in all_of_it
    assert re.search(r"pytest .*-m soak", commands(fresh, "soak"))
    fast = commands(fresh, "test-fast")
    assert re.search(r"pytest .*-m 'not soak and not slow and not browser'", fast)
    assert "node --test" in fast
    assert "chromium" not in fast
    assert "tests.browser" not in fast


def test_help_has_every_target_that_is_for_people(fresh: Path) -> None:
    said = make(fresh, "help").stdout
    for target in ("serve", "test", "test-fast", "soak", "check", "bench", "wheel", "setup"):
        assert re.search(rf"^make {target} ", said, re.MULTILINE), target
