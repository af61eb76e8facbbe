"""What a request with a key has made is kept with the run, for a day."""

from __future__ import annotations

from pathlib import Path

import pytest

from livenet.store import keyed
from livenet.store.keyed import DAY, Creation, Keyed, forget_old, recalled
from tests.store.stories import a_run, opened, rows_of

REQUEST = Keyed("ann", "key", "digest")


async def test_kept_with_the_run(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        store.create(a_run(), [REQUEST.answer("one")])
        await store.saved("one")
    async with opened(tmp_path) as store:
        assert await store.read(recalled, "ann", "key") == Creation("digest", "one")
        assert await store.read(recalled, "ben", "key") is None
        assert await store.read(recalled, "ann", "other") is None


async def test_for_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(keyed, "time", lambda: now)
    async with opened(tmp_path) as store:
        store.create(a_run(), [REQUEST.answer("one")])
        await store.saved("one")
        now += DAY - 1
        await store.read(forget_old)
        assert await store.read(recalled, "ann", "key") == Creation("digest", "one")
        now += 2
        assert await store.read(recalled, "ann", "key") is None
        await store.read(forget_old)
        assert rows_of(tmp_path, "answers") == []
