"""A run of the tests that is interrupted leaves nothing behind: no process, no temporary folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from tests.kept import start_kept
from tests.server import eventually

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("heavy")]

ROOT = Path(__file__).parents[1]
VARIABLE = "TESTS_RUN"  # marks all processes of one run of the sample
STARTS_WITHIN = 180.0
ENDS_WITHIN = 240.0  # an interrupted run still ends its page, its runs and its server
SAMPLE = """
import time
from pathlib import Path

from tests.e2e.conftest import address, browser, lab

def test_that_takes_long(lab):
    lab.open()
    lab.page.keyboard.press("Space")
    lab.until_step(1)
    Path(__file__).with_name("ready").touch()
    time.sleep(600)
"""


class Sample:
    """A run of the tests whose only one has a server, a browser and a run that trains."""

    def __init__(self, folder: Path, temporary: str, *options: str) -> None:
        self.mark = uuid4().hex
        (folder / "test_sample.py").write_text(SAMPLE)
        command = [sys.executable, "-m", "pytest", "--rootdir", str(ROOT), "-p", "no:cacheprovider"]
        command += ["-c", str(ROOT / "pyproject.toml"), "--basetemp", str(folder / "base")]
        self.seen: set[psutil.Process] = set()
        self._ready = folder / "ready"
        self.process = start_kept(
            [*command, *options, str(folder / "test_sample.py")],
            cwd=ROOT,
            env=os.environ | {VARIABLE: self.mark, "TMPDIR": temporary},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def until_ready(self) -> None:
        """Waits until its test trains, and notes all processes that it has by then."""
        eventually(lambda: self._ready.exists() or self.process.poll() is not None, STARTS_WITHIN)
        assert self.process.poll() is None
        self.seen = {*self._marked(), *psutil.Process(self.process.pid).children(recursive=True)}

    def left(self) -> list[psutil.Process]:
        """All that it has started and that has not ended."""
        return [one for one in {*self.seen, *self._marked()} if _lives(one)]

    def _marked(self) -> list[psutil.Process]:
        found = []
        for one in psutil.process_iter():
            with suppress(psutil.Error):
                if one.environ().get(VARIABLE) == self.mark:
                    found.append(one)
        return found

    def end(self) -> None:
        for one in self.left():
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait()


def _lives(one: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    return False


def _command(one: psutil.Process) -> str:
    """The command line of a process; "" if it has ended."""
    with suppress(psutil.NoSuchProcess):
        return " ".join(one.cmdline())
    return ""


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder with a name so short that a socket in it has an address."""
    made = Path(tempfile.mkdtemp(prefix="t-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.parametrize(
    ("whom", "sent"),
    [
        ("the run", signal.SIGINT),
        pytest.param("the run", signal.SIGTERM, marks=pytest.mark.soak),
        pytest.param("the run", signal.SIGKILL, marks=pytest.mark.soak),
        pytest.param("its controller", signal.SIGINT, marks=pytest.mark.soak),
        ("its controller", signal.SIGKILL),
        pytest.param("its worker", signal.SIGKILL, marks=pytest.mark.soak),
    ],
)
def test_nothing_is_left(tmp_path: Path, temporary: Path, whom: str, sent: signal.Signals) -> None:
    options = () if whom == "the run" else ("-n", "1", "--max-worker-restart", "0")
    sample = Sample(tmp_path, str(temporary), *options)
    try:
        sample.until_ready()
        commands = [_command(one) for one in sample.seen]
        for name in ("livenet serve", "forkserver", "--type=renderer"):
            assert any(name in command for command in commands), name
        told = psutil.Process(sample.process.pid)
        if whom == "its worker":
            (told,) = (one for one in told.children() if "stdin.readline" in _command(one))
        told.send_signal(sent)
        eventually(lambda: sample.process.poll() is not None, ENDS_WITHIN)
        eventually(lambda: not sample.left(), ENDS_WITHIN)
    finally:
        sample.end()
    left = {path.name for path in temporary.iterdir()}
    assert all(name.startswith("torchinductor_") for name in left), left  # a cache of one name
