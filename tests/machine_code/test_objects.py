"""Which way object code is made, and what is not used."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from livenet.machine_code import cache, objects, sealed, translation
from livenet.machine_code.objects import EMITS, TRANSLATES, object_code

pytest.importorskip("llvmlite", reason="needs LLVM")

MADE = b"object code of some length"
Process = SimpleNamespace


class Makers:
    """In place of processes that make object code: notes them, and ``failing`` ones fail."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.failing: set[str] = set()

    def start(self, module: str, precision: str, file: Path) -> Process:
        self.started.append(module)

        def communicate() -> tuple[str, str]:
            if module in self.failing:
                return "", f"Traceback\nRuntimeError: {module} fails\n"
            sealed.write(MADE, file)
            return "", ""

        return Process(communicate=communicate, returncode=int(module in self.failing))


@pytest.fixture
def makers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Makers:
    """With an empty cache, and no translation."""
    made = Makers()
    monkeypatch.setattr(cache, "_user_cache", lambda: tmp_path)
    monkeypatch.setattr(translation, "FOLDER", tmp_path / "files")
    monkeypatch.setattr(objects, "_started", made.start)
    monkeypatch.setattr(objects, "_begun", {})
    return made


def test_without_a_translation_one_is_made(makers: Makers) -> None:
    assert object_code() == MADE
    assert makers.started == [TRANSLATES]


def test_a_translation_that_was_brought_is_used(makers: Makers) -> None:
    translation.keep(b"bitcode")
    assert object_code() == MADE
    assert makers.started == [EMITS]


def test_it_has_single_precision_only(makers: Makers) -> None:
    translation.keep(b"bitcode")
    assert object_code("double") == MADE
    assert makers.started == [TRANSLATES]


def test_what_the_cache_has_is_not_made(makers: Makers) -> None:
    for _ in range(2):
        assert object_code() == MADE
    assert makers.started == [TRANSLATES]


def test_a_translation_of_other_sources_is_not_used(
    makers: Makers, monkeypatch: pytest.MonkeyPatch
) -> None:
    translation.keep(b"bitcode")
    monkeypatch.setattr(translation, "translation_digest", lambda: "of other sources")
    assert object_code() == MADE
    assert makers.started == [TRANSLATES]


@pytest.mark.parametrize("damage", ["cut", "changed", "empty"])
@pytest.mark.parametrize("of", ["translation", "object code"])
def test_what_is_damaged_is_made_again(makers: Makers, damage: str, of: str) -> None:
    file = cache.cache_folder() / "single.o"
    if of == "translation":
        translation.keep(b"bitcode")
        file = translation.place()
    whole = sealed.sealed(b"of some length")
    file.write_bytes({"cut": whole[:-5], "changed": b"O" + whole[1:], "empty": b""}[damage])
    assert object_code() == MADE
    assert makers.started == [TRANSLATES]


def test_if_no_code_comes_of_a_translation_another_is_made(makers: Makers) -> None:
    translation.keep(b"bitcode")
    makers.failing = {EMITS}
    assert object_code() == MADE
    assert makers.started == [EMITS, TRANSLATES]


def test_if_nothing_helps_the_last_reason_is_said(makers: Makers) -> None:
    translation.keep(b"bitcode")
    makers.failing = {EMITS, TRANSLATES}
    with pytest.raises(RuntimeError, match=f"RuntimeError: {TRANSLATES} fails"):
        object_code()


def test_code_that_is_not_what_was_made_is_refused(
    makers: Makers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "write", lambda content, file: file.write_bytes(content))
    with pytest.raises(RuntimeError, match=r"single\.o is not what was made"):
        object_code()


@pytest.mark.parametrize("writable", [True, False])
def test_what_has_begun_is_waited_for(
    makers: Makers, monkeypatch: pytest.MonkeyPatch, writable: bool
) -> None:
    if not writable:  # each look at the cache is then a temporary copy of its own
        monkeypatch.setattr(os, "access", lambda *_: False)
    objects.begin()
    assert makers.started == [TRANSLATES]
    assert object_code() == MADE
    assert makers.started == [TRANSLATES]
    assert objects.awaited().exists() is writable


def test_nothing_begins_if_the_cache_has_it(makers: Makers) -> None:
    object_code()
    objects.begin()
    assert object_code() == MADE
    assert makers.started == [TRANSLATES]


def test_only_the_newest_translation_is_kept(makers: Makers) -> None:
    translation.keep(b"bitcode")
    (translation.FOLDER / "0123.bc").write_bytes(b"of earlier sources")
    translation.keep(b"more bitcode")
    assert list(translation.FOLDER.iterdir()) == [translation.place()]
    assert translation.brought() == b"more bitcode"


def test_a_package_that_cannot_be_read_has_none(makers: Makers, tmp_path: Path) -> None:
    (tmp_path / "files").write_text("no folder")
    assert translation.brought() is None


def test_the_code_of_a_translation_calls_the_c_library_alone() -> None:
    from llvmlite import binding

    from livenet.machine_code.emission import emitted

    def bitcode(name: str) -> bytes:
        text = f"""
            declare float @{name}(float)
            define float @livenet_one(float %x) {{
                %y = call float @{name}(float %x)
                ret float %y
            }}
        """
        module: Any = binding.parse_assembly(text)
        return bytes(module.as_bitcode())

    assert b"livenet_one" in emitted(bitcode("tanhf"))
    with pytest.raises(RuntimeError, match="the code calls PyErr_Clear: a plain function may"):
        emitted(bitcode("PyErr_Clear"))
    with pytest.raises(RuntimeError):
        emitted(b"no bitcode")
