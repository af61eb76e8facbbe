"""The whole server is killed while clients command it: nothing that it acknowledged is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.durability import Clients

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("heavy")]


@pytest.mark.parametrize(("kills", "runs"), [(3, 4), pytest.param(100, 10, marks=pytest.mark.soak)])
def test_killed_at_any_moment(tmp_path: Path, kills: int, runs: int) -> None:
    clients = Clients(tmp_path, seed=kills)
    try:
        clients.begin(runs)
        for _ in range(kills):
            clients.until_killed(clients.random.uniform(0.05, 1.5))
            clients.restart()
            clients.check()
        for told in [told for told in clients.runs.values() if not told.deleted]:
            clients.check_story(told)
    finally:
        clients.server.stop()
