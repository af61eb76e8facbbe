"""A wheel of this checkout, built once for the tests that look into it or install it."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("pyproject.toml", "LICENSE", "README.md", "hatch_build.py", "backend", "frontend")


def copy_sources(target: Path) -> None:
    """What a wheel is made of, copied so that a build leaves no trace in the checkout."""
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("node_modules", "vendor", "__pycache__")
            shutil.copytree(source, target / name, ignore=ignored)
        elif source.exists():
            shutil.copy(source, target)


def build_wheel(sources: Path) -> subprocess.CompletedProcess[str]:
    """Builds into sources/dist, with the build backend at hand: no registry is asked."""
    return subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation"],
        cwd=sources,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sources = tmp_path_factory.mktemp("sources")
    copy_sources(sources)
    if find_spec("numba"):
        command = [sys.executable, "hatch_build.py", "translation"]
        subprocess.run(command, cwd=sources, check=True)
    built = build_wheel(sources)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = (sources / "dist").glob("*.whl")
    return path
