"""Digests change with whatever machine code depends on."""

from __future__ import annotations

import shutil
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import hatch_build
from livenet.machine_code import versions

pytest.importorskip("llvmlite", reason="needs LLVM")
from llvmlite import binding  # after the check for LLVM


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources of machine code."""
    for source in versions.sources():
        target = tmp_path / source.relative_to(versions.PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    monkeypatch.setattr(versions, "PACKAGE", tmp_path)
    return tmp_path


def test_an_edit_of_any_source_changes_both_digests(package: Path) -> None:
    assert len(versions.sources()) > 15
    seen = [(versions.translation_digest(), versions.code_digest())]
    assert (versions.translation_digest(), versions.code_digest()) == seen[0]
    for source in versions.sources():
        source.write_text(source.read_text() + "\n")
        seen.append((versions.translation_digest(), versions.code_digest()))
    for digests in zip(*seen, strict=True):
        assert len(set(digests)) == len(versions.sources()) + 1


@pytest.mark.parametrize("package", ["numba", "llvmlite"])
def test_another_version_of_the_compiler_changes_both(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = versions.translation_digest(), versions.code_digest()
    monkeypatch.setattr(versions, "version", lambda of: version(of) + ".1" * (of == package))
    assert versions.translation_digest() != before[0]
    assert versions.code_digest() != before[1]


def test_another_kind_of_system_changes_both(monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions.translation_digest(), versions.code_digest()
    monkeypatch.setattr(binding, "get_default_triple", lambda: "riscv64-unknown-linux-gnu")
    assert versions.translation_digest() != before[0]
    assert versions.code_digest() != before[1]


def test_processor_and_python_change_the_code_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    translation, code = versions.translation_digest(), versions.code_digest()
    with monkeypatch.context() as patch:
        patch.setattr(binding, "get_host_cpu_name", lambda: "another")
        assert versions.translation_digest() == translation
        assert versions.code_digest() != code
    monkeypatch.setattr(sys, "version", "4.0")
    assert versions.translation_digest() == translation
    assert versions.code_digest() != code


def test_the_build_knows_the_same_sources() -> None:
    """It compares their dates, in an environment without LLVM."""
    found = [path for glob in hatch_build.TRANSLATED for path in versions.PACKAGE.glob(glob)]
    assert sorted(found) == versions.sources()
