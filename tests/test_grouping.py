"""Tests of one group run in one process, one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = """
import os
from pathlib import Path
import pytest

@pytest.mark.xdist_group("heavy")
@pytest.mark.parametrize("number", range(12))
def test_heavy(number):
    Path(__file__).with_name(f"process-{os.getpid()}").touch()

@pytest.mark.parametrize("number", range(12))
def test_light(number):
    pass
"""


def test_a_group_has_one_process(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    options = ("-p", "xdist", "-p", "tests.grouping", "-n", "2", "--dist", "loadgroup")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "24 passed" in done.stdout
    assert len(list(tmp_path.glob("process-*"))) == 1
