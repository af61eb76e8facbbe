"""The file of the store: its versions, and what happens to one that is not ours."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from livenet.errors import LivenetError
from livenet.store.database import FILE, migrate, open_database, revisions
from livenet.store.tables import REVISION, metadata
from tests.store.stories import a_run, contents, opened


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_migrations_end_at_the_tables(tmp_path: Path) -> None:
    """A store of any earlier version becomes what a new one is."""
    database = create_engine(f"sqlite:///{tmp_path / 'old.sqlite'}")
    with database.begin() as connection:
        migrate(connection)
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == REVISION
    database.dispose()
    assert revisions()[-1] == REVISION


def test_a_new_store_has_the_present_version(tmp_path: Path) -> None:
    open_database(tmp_path).dispose()
    with closing(connect(tmp_path / FILE)) as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [(REVISION,)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
async def test_the_planner_knows_that_most_runs_have_one_status(tmp_path: Path) -> None:
    """A list by status reads the first runs in its order, instead of sorting all of them."""
    async with opened(tmp_path) as store:
        for number in range(200):
            store.create(a_run(f"run{number}"))
        await store.saved("run199")
    asked = "WHERE status IN ('stopped') ORDER BY created_at DESC, id DESC LIMIT 100"
    async with opened(tmp_path):
        with closing(connect(tmp_path / FILE)) as connection:
            rows = connection.execute(f"EXPLAIN QUERY PLAN SELECT name FROM runs {asked}")
            plan = " ".join(row[3] for row in rows)
    assert "runs_by_age" in plan
    assert "TEMP B-TREE" not in plan


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    with database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM answers")
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    database.dispose()
    assert FILE in modes
    assert set(modes.values()) == {0o600}


def test_commits_wait_for_the_disk(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    with database.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.dispose()


async def test_a_later_version_is_refused_and_not_touched(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        store.create(a_run())
    with closing(connect(tmp_path / FILE)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = files(tmp_path)
    with pytest.raises(LivenetError, match="later version of Livenet") as refused:
        open_database(tmp_path)
    assert "9999" in refused.value.message
    assert "Nothing was changed" in refused.value.hint
    assert files(tmp_path)[FILE] == before[FILE]


@pytest.mark.parametrize("damage", ["no database", "cut", "header"])
async def test_a_damaged_file_is_refused_and_not_touched(tmp_path: Path, damage: str) -> None:
    async with opened(tmp_path) as store:
        store.create(a_run())
        await store.saved("one")
    path = tmp_path / FILE
    whole = path.read_bytes()
    path.write_bytes(
        {
            "no database": b"something else " * 1000,
            "cut": whole[: len(whole) // 2 + 10],
            "header": b"\xff" * 200 + whole[200:],
        }[damage]
    )
    before = path.read_bytes()
    with pytest.raises(LivenetError, match="damaged") as refused:
        open_database(tmp_path)
    assert "backup" in refused.value.hint
    assert path.read_bytes() == before


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LivenetError, match="cannot be opened") as refused:
        open_database(tmp_path / "missing")
    assert refused.value.hint


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    with closing(connect(tmp_path / FILE)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.commit()
    with pytest.raises(LivenetError, match="something else"):
        open_database(tmp_path)


async def test_a_store_that_was_killed_is_opened(tmp_path: Path) -> None:
    """Its log was not merged into the file: no other process is there to do it."""
    async with opened(tmp_path / "a") as store:
        store.create(a_run())
        await store.saved("one")
        (tmp_path / "b").mkdir()
        for name, data in files(tmp_path / "a").items():
            (tmp_path / "b" / name).write_bytes(data)
    assert (tmp_path / "b" / f"{FILE}-wal").stat().st_size > 0
    async with opened(tmp_path / "b") as store:
        assert contents(await store.load("one"))["tags"] == ["a", "b"]
