"""Ids can be given to a command line."""

from __future__ import annotations

import pytest

from livenet.store import ids


def test_no_id_begins_like_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["-a0qEtGEV2uM", "--0qEtGEV2uM", "a-0qEtGEV2uM"])
    monkeypatch.setattr(ids, "token_urlsafe", lambda _: next(drawn))
    assert ids.new_id() == "a-0qEtGEV2uM"


def test_ids_differ() -> None:
    made = {ids.new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(one) for one in made} == {12}
