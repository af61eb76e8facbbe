"""The examples of a test do not depend on which other modules are loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# The module and its test lie outside of tests/, where hypothesis looks for no constants.
TEST = """
import sys
from hypothesis import given, settings, strategies as st
from tests import conftest
{loaded}

@settings(max_examples=200)
@given(st.text(max_size=30), st.integers())
def draw(text, number):
    print(ascii(text), number)

draw()
"""


def drawn(folder: Path, loaded: str) -> str:
    script = folder / "script.py"
    script.write_text(TEST.format(loaded=loaded))
    done = subprocess.run(
        [sys.executable, str(script)],
        env={"PYTHONPATH": f"{ROOT}:{folder}", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    words = ", ".join(repr(f"word {number}") for number in range(40))
    (tmp_path / "loaded.py").write_text(f"WORDS = [{words}]\nNUMBER = 1234567\n")
    return tmp_path


def test_examples_are_the_same_whatever_is_loaded(folder: Path) -> None:
    alone = drawn(folder, "")
    assert len(alone.splitlines()) == 200
    assert drawn(folder, "import loaded") == alone
