"""What the server needs of its machine, and what it says where that is not there."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from livenet.api.serving.resources import FREE_BYTES, handles_for, take_folder, within_handles
from livenet.errors import LivenetError
from livenet.settings import Settings
from tests.api.rights import without_rights

Usage = namedtuple("Usage", "total used free")


def refusal(folder: Path) -> LivenetError:
    with pytest.raises(LivenetError) as caught:
        take_folder(folder)
    return caught.value


def test_a_folder_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    with take_folder(folder):
        assert [path.name for path in folder.iterdir()] == ["lock"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "runs"
    path.write_text("")
    assert refusal(path).message == f"{path} is a file, not a folder"
    assert "cannot be written to" in refusal(path / "below").message


def test_a_disk_that_is_nearly_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, FREE_BYTES - 1))
    error = refusal(tmp_path)
    assert "has 256 MB left" in error.message
    assert "Make room" in error.hint


def test_two_servers_do_not_share_a_folder(tmp_path: Path) -> None:
    with take_folder(tmp_path):
        assert "Another Livenet" in refusal(tmp_path).message
    take_folder(tmp_path).close()


PROGRAM = """
import sys
from pathlib import Path
from livenet.api.serving.resources import take_folder
from livenet.errors import LivenetError
try:
    take_folder(Path(sys.argv[1]))
except LivenetError as error:
    sys.exit(error.message)
"""


def taken_by_another(folder: Path, preexec: Any) -> str:
    """What a process without some rights says of a folder."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=preexec,
    )
    return done.stderr.strip()


def test_a_folder_without_rights(tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    folder.mkdir(mode=0o500)
    for path in (folder, folder / "below"):
        said = taken_by_another(path, without_rights())
        assert said == f"The data folder {path} cannot be written to: Permission denied"


def test_a_disk_that_takes_nothing(tmp_path: Path) -> None:
    """By a real write: what a disk says of itself and what it takes are two things."""

    def no_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    said = taken_by_another(tmp_path, no_files)
    assert said == f"The data folder {tmp_path} cannot be written to: File too large"


@pytest.fixture
def handles() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_limit_is_raised_as_far_as_is_wanted(handles: None) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (300, hard))
    settings = Settings(workers=2, max_sockets=200)
    found, held, said = within_handles(settings)
    assert found == settings
    assert said == ""
    assert held == handles_for(settings) == resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def within(hard: int, settings: str) -> str:
    """The limit cannot be raised again: in a process of its own."""
    program = (
        "import resource\n"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({hard}, {hard}))\n"
        "from livenet.api.serving.resources import handles_for, within_handles\n"
        "from livenet.errors import LivenetError\n"
        "from livenet.settings import Settings\n"
        f"try: found, held, said = within_handles(Settings({settings}))\n"
        "except LivenetError as error: print(error.message, error.hint)\n"
        "else: print(found.max_sockets, held, handles_for(found) <= held, said)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_too_few_handles_are_fewer_streams() -> None:
    said = within(600, "workers=2, max_sockets=2000")
    assert said.startswith("192 600 True This process may open 600 files: 192 streams")
    assert "ulimit -n 4216" in said


def test_hardly_any_handles_are_refused() -> None:
    said = within(250, "workers=2, max_sockets=2000")
    assert said.startswith("This process may open 250 files, and 4216 are wanted")
    assert "LIVENET_MAX_SOCKETS" in said
    assert within(250, "workers=1, max_sockets=10").startswith("10 250 True")
