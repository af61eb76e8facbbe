"""What only some systems have, and what stands in for it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from livenet import system
from livenet.api.serving.resources import within_handles
from livenet.engine.worker.worker import limit_memory
from livenet.settings import Settings


def without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    for name in names:
        monkeypatch.setitem(sys.modules, name, None)


def test_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 1 <= system.core_count() <= (os.cpu_count() or 1)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert system.core_count() == os.cpu_count()
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert system.core_count() == 1


def test_a_lock_is_one_holders(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("ab") as one, (tmp_path / "lock").open("ab") as other:
        assert system.lock_file(one)
        assert not system.lock_file(other)


def test_a_lock_as_windows_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked: list[int] = []

    def locking(handle: int, mode: int, count: int) -> None:
        if locked:
            raise PermissionError(13, "Permission denied")
        locked.append(count)

    without(monkeypatch, "fcntl")
    fake: Any = SimpleNamespace(locking=locking, LK_NBLCK=2)
    monkeypatch.setitem(sys.modules, "msvcrt", fake)
    with (tmp_path / "lock").open("ab") as file:
        assert system.lock_file(file)
        assert not system.lock_file(file)


def test_without_locks_a_folder_is_taken_on_trust(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "fcntl", "msvcrt")
    with (tmp_path / "lock").open("ab") as one, (tmp_path / "lock").open("ab") as other:
        assert system.lock_file(one)
        assert system.lock_file(other)


def test_without_limits_nothing_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "resource")
    limit_memory(1)
    settings = Settings(max_sockets=10**6)
    found, _, said = within_handles(settings)
    assert found == settings
    assert said == ""


def test_a_limit_that_cannot_be_raised_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS, where the limit that is told is not the one that holds."""

    def refuse(what: int, limits: tuple[int, int]) -> None:
        raise ValueError("current limit exceeds maximum limit")

    fake: Any = SimpleNamespace(
        RLIMIT_NOFILE=7, RLIM_INFINITY=-1, getrlimit=lambda _: (2560, -1), setrlimit=refuse
    )
    monkeypatch.setitem(sys.modules, "resource", fake)
    found, held, said = within_handles(Settings(workers=1, max_sockets=2000))
    assert held == 2560
    assert found.max_sockets == 1176
    assert "ulimit" in said
