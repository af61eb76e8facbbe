"""Browser tests have a second try, no other tests have, and who needed it is listed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
SETTINGS = """
[pytest]
markers = browser
filterwarnings = error
"""
SAMPLE = """
from pathlib import Path
import pytest

def tries(name):
    with Path(__file__).with_name(name).open("a+") as file:
        file.write("x")
        file.seek(0)
        return len(file.read())

@pytest.fixture(scope="module")
def made():
    return tries("made")

@pytest.fixture
def torn():
    yield
    assert tries("torn") > 1, "still open"

@pytest.mark.browser
@pytest.mark.xdist_group("one")
def test_once(made):
    assert tries("once") > 1, "too slow"
    assert made > 1, "the module's fixture is not made anew"

@pytest.mark.browser
def test_teardown(torn):
    pass

@pytest.mark.browser
def test_always():
    assert tries("always") > 2, "broken"

@pytest.mark.browser
def test_never():
    assert tries("never") == 1

def test_no_browser():
    assert tries("no_browser") > 1, "tried once"
"""


@pytest.mark.parametrize("options", [(), ("-n", "2", "--dist", "loadgroup")], ids=["one", "two"])
def test_tries(tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "pytest.ini").write_text(SETTINGS)
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    command = [sys.executable, "-m", "pytest", "-p", "xdist", "-p", "tests.second_try"]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [*command, *options],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "2 failed, 3 passed, 3 rerun" in done.stdout
    listed = done.stdout.partition("needed a second try (a defect to mend)")[2]
    for name, end, reason in (
        ("once", "passed then", "too slow"),
        ("teardown", "passed then", "still open"),
        ("always", "failed again", "broken"),
    ):
        assert f"needed a second try, and {end}: test_sample.py::test_{name}" in listed
        assert reason in listed
    assert "tried once" not in listed.partition("short test summary")[0]
    for name, times in (("once", 2), ("always", 2), ("never", 1), ("no_browser", 1)):
        assert len((tmp_path / name).read_text()) == times, name
