"""A wheel carries the page and all that the page loads, or is not built."""

import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest

import hatch_build
from livenet.machine_code.sealed import SEAL, sealed
from livenet.machine_code.versions import translation_digest
from tests.packaging.conftest import build_wheel, copy_sources

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]

PAGE = "livenet/_frontend/"


@pytest.fixture(scope="module")
def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_has_page_package_and_licences(contents: set[str]) -> None:
    licences = {
        f"{PAGE}licenses/{name}/LICENSE"
        for name in ("katex", "lit-html", "signals-core", "swagger-ui", "uplot")
    }
    pages = {f"{PAGE}index.html", f"{PAGE}docs/index.html"}
    assert {"livenet/__init__.py"} | pages | licences <= contents


def test_has_the_files_of_data_with_their_licence(contents: set[str]) -> None:
    folder = "livenet/data/files/"
    found = {name.removeprefix(folder) for name in contents if name.startswith(folder)}
    names = ("breast_cancer", "diabetes", "digits", "iris", "wine_data")
    assert {"COPYING", "digits.csv.gz", *(f"{name}.rst" for name in names)} <= found


def test_has_the_translation_of_its_sources(wheel: Path) -> None:
    pytest.importorskip("numba", reason="needs Numba")
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.endswith(".bc")]
        assert names == [f"livenet/machine_code/files/{translation_digest()}.bc"]
        content = archive.read(names[0])
    assert sealed(content[:-SEAL]) == content
    assert content.startswith(b"BC\xc0\xde")
    assert wheel.name.endswith("-py3-none-any.whl")  # another system goes without


def test_a_translation_older_than_its_sources_stays_out(tmp_path: Path) -> None:
    copy_sources(tmp_path)
    folder = tmp_path / hatch_build.TRANSLATIONS
    folder.mkdir(exist_ok=True)
    old = folder / "0123.bc"
    old.touch()
    assert old in hatch_build.translations(tmp_path)
    later = old.stat().st_mtime + 1
    os.utime(tmp_path / "backend/livenet/training/compiled/kernels.py", (later, later))
    assert hatch_build.translations(tmp_path) == []
    built = build_wheel(tmp_path)
    assert built.returncode == 0, built.stderr
    assert "no translation goes into the wheel" in built.stdout + built.stderr
    (wheel,) = tmp_path.glob("dist/*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert not [name for name in archive.namelist() if name.endswith(".bc")]


def test_has_no_sources_tools_or_caches(contents: set[str]) -> None:
    unwanted = re.compile(
        r"node_modules|package(-lock)?\.json|tsconfig|bundle\.js|__pycache__|/\.|^tests/"
        rf"|{PAGE}(app|styles|vendor|dist)/"
    )
    assert not [name for name in contents if unwanted.search(name)]


def test_all_that_the_pages_name_is_in_the_wheel(wheel: Path, contents: set[str]) -> None:
    """Fonts and source maps too, which are named by other files."""
    seen = set()
    with zipfile.ZipFile(wheel) as archive:
        unread = {f"{PAGE}index.html", f"{PAGE}docs/index.html"}
        while unread:
            name = unread.pop()
            seen.add(name)
            if name.endswith((".html", ".css", ".js")):
                unread |= _named(archive.read(name).decode()) - seen
    assert seen <= contents
    for ending in (".css", ".js", ".js.map", ".svg", ".woff2"):
        assert [name for name in seen if name.endswith(ending)], ending


def _named(text: str) -> set[str]:
    """Files that an HTML, CSS or JavaScript file of ours loads."""
    addresses = re.findall(r"""\s(?:src|href)="(?:\.?\.?/)?(assets/[^"]+)\"""", text)
    beside = re.findall(r"url\(\"?\./([^\")]+)\"?\)|sourceMappingURL=([\w.-]+)", text)
    return {PAGE + one for one in addresses} | {
        f"{PAGE}assets/{font or source}" for font, source in beside
    }


@pytest.mark.parametrize(
    "missing",
    [
        "frontend/dist",
        "frontend/dist/index.html",
        "frontend/dist/assets/*.css",
        "frontend/app",
        "backend/livenet/data/files/COPYING",
    ],
)
def test_is_not_built_without_a_part(tmp_path: Path, missing: str) -> None:
    copy_sources(tmp_path)
    for path in tmp_path.glob(missing):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    built = build_wheel(tmp_path)
    assert built.returncode != 0
    assert missing in built.stdout + built.stderr
    assert "run `make setup`" in built.stdout + built.stderr
    assert not list(tmp_path.glob("dist/*.whl"))


def test_is_not_built_of_an_old_bundle(tmp_path: Path) -> None:
    copy_sources(tmp_path)
    later = (tmp_path / "frontend/dist/index.html").stat().st_mtime + 1
    os.utime(tmp_path / "frontend/app/start.js", (later, later))
    built = build_wheel(tmp_path)
    assert built.returncode != 0
    assert "frontend/app/start.js is newer" in built.stdout + built.stderr
