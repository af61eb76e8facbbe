"""Opens the database of a store, and brings it to the present version.

SQLite in the data folder, in WAL mode: readers do not wait for the writer, and a commit is on the
disk when it returns (``synchronous=FULL``). Everything else about the store is plain SQL, except
livenet.store.json_kind.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from math import isfinite
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError

from livenet.errors import LivenetError
from livenet.store.tables import REVISION, metadata

FILE = "livenet.sqlite"
PAGE_CACHE = 8 * 2**20  # bytes per connection
MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(folder: Path, *, durable: bool = True) -> Engine:
    """The database in a folder, made if it is missing.

    ``durable`` False does not wait for the disk: for a folder that is removed at the end. Raises
    LivenetError, with nothing changed, if the file is damaged or of a later version.
    """
    path = folder / FILE
    if path.exists():
        _check_readable(path)
    made = create_engine(
        f"sqlite:///{path}",
        json_serializer=lambda value: json.dumps(finite(value), allow_nan=False),
    )

    @event.listens_for(made, "connect")
    def _configure(connection: sqlite3.Connection, _: object) -> None:
        # Its own knows only the case of ASCII.
        connection.create_function("lower", 1, str.casefold, deterministic=True)
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'OFF'}",
            "foreign_keys=ON",
            "busy_timeout=10000",
            f"cache_size={-PAGE_CACHE // 1024}",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    try:
        path.touch(mode=0o600)  # for its owner alone, and so are the files that SQLite adds
        with made.begin() as connection:
            _bring_up_to_date(connection)
    except (DBAPIError, OSError) as error:
        made.dispose()
        raise LivenetError(
            f"The store {path} cannot be opened: {getattr(error, 'orig', error)}",
            path="--data",
            hint="Check that the disk has space and that this account may write there.",
        ) from error
    with suppress(DBAPIError), made.begin() as connection:  # a full disk can be read all the same
        connection.execute(text("ANALYZE runs"))  # for the planner: most runs have the same status
    return made


def _check_readable(path: Path) -> None:
    """Raises LivenetError for a file that is no store, or one of a later version.

    The file is opened for reading alone, so that nothing in it changes.
    """
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            found = (
                connection.execute("SELECT version_num FROM alembic_version").fetchone()
                if "alembic_version" in names
                else None
            )
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise LivenetError(
            f"The store {path} is damaged: {error}",
            path="--data",
            hint="Restore the folder from a backup, or name another folder. docs/operating.md "
            "says how to rescue what can be read. Nothing was changed.",
        ) from error
    if found is None:
        if names:
            raise LivenetError(
                f"{path} is a database of something else",
                path="--data",
                hint="Name another folder. Nothing was changed.",
            )
        return
    if found[0] != REVISION and found[0] not in revisions():
        raise LivenetError(
            f"The store {path} was written by a later version of Livenet (format {found[0]}; this "
            f"version knows {REVISION})",
            path="--data",
            hint="Install that version again, or name another folder. Nothing was changed.",
        )


def revisions() -> list[str]:
    """The revisions of all migrations, by their files' names (``0001_first.py``)."""
    return sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("0*.py"))


def _bring_up_to_date(connection: Connection) -> None:
    if not inspect(connection).has_table("alembic_version"):
        metadata.create_all(connection)
        connection.execute(
            text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        )
        connection.execute(text("INSERT INTO alembic_version VALUES (:it)"), {"it": REVISION})
    elif connection.scalar(text("SELECT version_num FROM alembic_version")) != REVISION:
        migrate(connection)


def migrate(connection: Connection, revision: str = "head") -> None:
    """Brings a database of an earlier version to a revision."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def finite(value: Any) -> Any:
    """A document with null for numbers that JSON does not have."""
    if isinstance(value, dict):
        return {key: finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [finite(part) for part in value]
    return None if isinstance(value, float) and not isfinite(value) else value
