"""The engine says that machine code is being made, until it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from livenet.engine.server.local import LocalEngine
from livenet.engine.server.preparation import PREPARING, Preparation
from livenet.machine_code import objects
from livenet.settings import Settings


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "single.o"
    monkeypatch.setattr(objects, "awaited", lambda: made)
    return made


def test_it_is_said_while_the_file_is_missing(file: Path) -> None:
    preparation = Preparation()
    assert preparation.words() is None  # not known yet
    preparation._find()
    assert preparation.words() == PREPARING
    file.touch()
    assert preparation.words() is None


def test_nothing_is_said_without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    def awaited() -> Path:
        raise ImportError("llvmlite")

    monkeypatch.setattr(objects, "awaited", awaited)
    preparation = Preparation()
    preparation._find()
    assert preparation.words() is None


def test_it_is_in_the_health_until_a_worker_is_ready(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = LocalEngine(Settings(workers=1))
    engine._preparation._find()
    assert engine.health()["preparing"] == PREPARING
    ready = type("Ready", (), {"device": "cpu", "uncompiled": "no compiler"})()
    monkeypatch.setattr(type(engine._fleet), "ready", [ready])
    assert engine.health()["preparing"] is None
