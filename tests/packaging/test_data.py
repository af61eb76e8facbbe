"""The files of data are taken out of scikit-learn's wheel, the very one, or the set-up stops."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import hatch_build

WHEEL = "scikit_learn-1.9.1-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl"


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """One with the same names in it and other content."""
    path = tmp_path / WHEEL
    with zipfile.ZipFile(path, "w") as archive:
        for name in (*hatch_build.DATA, "sklearn/other.py"):
            archive.writestr(name, f"content of {name}")
    return path


def test_the_files_are_taken_out_and_nothing_else(wheel: Path, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "of an earlier version").touch()
    hatch_build.extract(wheel, files)
    assert {path.name: path.read_text() for path in files.iterdir()} == {
        name.rpartition("/")[2]: f"content of {name}" for name in hatch_build.DATA
    }
    hatch_build.check_data(files)


def test_a_wheel_that_lacks_a_file_changes_nothing(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "kept").touch()
    with zipfile.ZipFile(tmp_path / WHEEL, "w") as archive:
        for name in hatch_build.DATA[1:]:
            archive.writestr(name, "")
    with pytest.raises(hatch_build.MissingError, match=r"breast_cancer\.csv"):
        hatch_build.extract(tmp_path / WHEEL, files)
    assert [path.name for path in files.iterdir()] == ["kept"]


@pytest.mark.parametrize("missing", ["digits.csv.gz", "iris.rst", "COPYING"])
def test_every_file_is_missed(wheel: Path, tmp_path: Path, missing: str) -> None:
    hatch_build.extract(wheel, tmp_path / "files")
    (tmp_path / "files" / missing).unlink()
    with pytest.raises(hatch_build.MissingError, match=f"{missing}.*make setup"):
        hatch_build.check_data(tmp_path / "files")


def test_another_wheel_of_that_name_is_refused(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """By its hash; pip asks no registry here."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    downloaded = tmp_path / "downloaded"
    downloaded.mkdir()
    with pytest.raises(hatch_build.MissingError, match="could not download"):
        hatch_build.download(downloaded)
    assert "DO NOT MATCH THE HASHES" in capfd.readouterr().err


def test_a_part_that_is_not_there_is_named() -> None:
    with pytest.raises(SystemExit, match="there is no dat, only data vendor"):
        hatch_build.main(["dat"])
