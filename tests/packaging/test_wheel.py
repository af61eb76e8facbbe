"""A wheel carries the page and all that the page loads, or is not built."""

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.packaging.conftest import build_wheel, copy_sources

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_has_page_package_and_licences(contents: set[str]) -> None:
    assert {
        "livenet/__init__.py",
        "livenet/_frontend/index.html",
        "livenet/_frontend/vendor/uplot/uPlot.min.css",
        "livenet/_frontend/vendor/uplot/LICENSE",
        "livenet/_frontend/vendor/katex/katex.min.css",
        "livenet/_frontend/vendor/katex/fonts/KaTeX_Main-Regular.woff2",
        "livenet/_frontend/vendor/katex/LICENSE",
        "livenet/_frontend/vendor/lit-html/directives/repeat.js",
        "livenet/_frontend/vendor/lit-html/LICENSE",
        "livenet/_frontend/vendor/signals-core/LICENSE",
    } <= contents


def test_has_no_tools_or_caches(contents: set[str]) -> None:
    unwanted = re.compile(r"node_modules|package(-lock)?\.json|tsconfig|__pycache__|/\.|^tests/")
    assert not [name for name in contents if unwanted.search(name)]


def test_every_address_of_the_import_map_is_in_the_wheel(wheel: Path, contents: set[str]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        page = archive.read("livenet/_frontend/index.html").decode()
    script = re.search(r'<script type="importmap">(.*?)</script>', page, re.DOTALL)
    assert script is not None
    for name, address in json.loads(script[1])["imports"].items():
        path = "livenet/_frontend/" + address.removeprefix("./").removeprefix("/")
        assert path in contents or (
            path.endswith("/") and any(known.startswith(path) for known in contents)
        ), f"{name} is mapped to {address}"


def test_vendored_modules_import_only_vendored_modules(wheel: Path, contents: set[str]) -> None:
    imports = re.compile(r"""(?:\bfrom|\bimport)\s*["'](\.[^"']*)["']""")
    with zipfile.ZipFile(wheel) as archive:
        for name in contents:
            if "/vendor/" in name and name.endswith((".js", ".mjs")):
                for address in imports.findall(archive.read(name).decode()):
                    target = (Path("/", name).parent / address).resolve()
                    assert str(target)[1:] in contents, f"{name} imports {address}"


@pytest.mark.parametrize("missing", ["vendor", "vendor/katex/katex.mjs", "index.html"])
def test_is_not_built_without_the_frontend(tmp_path: Path, missing: str) -> None:
    copy_sources(tmp_path)
    path = tmp_path / "frontend" / missing
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    built = build_wheel(tmp_path)
    assert built.returncode != 0
    assert f"frontend/{missing}" in built.stdout + built.stderr
    assert "run `make setup`" in built.stdout + built.stderr
    assert not list(tmp_path.glob("dist/*.whl"))
