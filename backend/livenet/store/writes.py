"""What is to be written, and the transaction that writes it. Runs in the writer's thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, and_, bindparam, delete, insert, update
from sqlalchemy.sql.schema import Table

from livenet.store.groups import Group, insert_group
from livenet.store.tables import answers, blocks, entries, imported, runs, snapshots, specs, tags

AT_ONCE = 200  # keys in one DELETE


@dataclass(frozen=True)
class RunWrite:
    """All changes of one run since the last transaction; each names the columns of its table.

    It states what is to be there and not what to add, so that it can be written twice: a commit
    whose answer was an error may have happened.
    """

    run: str
    new: bool = False
    deleted: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)
    specs: Mapping[str, Any] | None = None
    tags: Sequence[str] | None = None
    entries: Sequence[Mapping[str, Any]] = ()
    blocks: Sequence[Mapping[str, Any]] = ()
    snapshots: Sequence[Mapping[str, Any]] = ()
    dropped: Sequence[int] = ()
    """Steps whose snapshots are dropped."""
    answers: Sequence[Mapping[str, Any]] = ()
    imported: str | None = None
    """The file that it was read from."""


def write(
    database: Engine,
    writes: Sequence[RunWrite],
    group: Group | None = None,
    answered: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Writes all of it, or nothing; with no writes, finds out whether it could. Raises
    DBAPIError.

    ``group`` is a new one, and ``answered`` the rows of what has made it.
    """
    with database.begin() as connection:
        if group is not None:
            insert_group(connection, group)
        if not writes:
            connection.execute(delete(answers).where(answers.c.at < 0))
        _delete_runs(connection, [one.run for one in writes if one.new or one.deleted])
        kept = [one for one in writes if not one.deleted]
        if new := [{"id": one.run, **one.fields} for one in kept if one.new]:
            connection.execute(insert(runs), new)
        _update_runs(connection, [one for one in kept if one.fields and not one.new])
        if respecified := [{"run": one.run, **one.specs} for one in kept if one.specs]:
            names = [row["run"] for row in respecified]
            connection.execute(delete(specs).where(specs.c.run.in_(names)))
            connection.execute(insert(specs), respecified)
        for table, key in ((entries, "number"), (blocks, "number"), (snapshots, "step")):
            rows = [{"run": one.run, **row} for one in kept for row in getattr(one, table.name)]
            _replace(connection, table, key, rows)
        _delete(
            connection, snapshots, "step", [(one.run, step) for one in kept for step in one.dropped]
        )
        if retagged := [one for one in kept if one.tags is not None]:
            names = [one.run for one in retagged]
            connection.execute(delete(tags).where(tags.c.run.in_(names)))
            if rows := [{"run": one.run, "tag": tag} for one in retagged for tag in one.tags or ()]:
                connection.execute(insert(tags), rows)
        for answer in (*answered, *(answer for one in kept for answer in one.answers)):
            same = and_(answers.c.scope == answer["scope"], answers.c.key == answer["key"])
            connection.execute(delete(answers).where(same))
            connection.execute(insert(answers), answer)
        for one in kept:
            if one.imported is not None:
                connection.execute(delete(imported).where(imported.c.file == one.imported))
                connection.execute(insert(imported), {"file": one.imported, "run": one.run})


def _delete_runs(connection: Connection, names: Sequence[str]) -> None:
    for start in range(0, len(names), AT_ONCE):
        part = names[start : start + AT_ONCE]
        connection.execute(delete(runs).where(runs.c.id.in_(part)))


def _update_runs(connection: Connection, writes: Iterable[RunWrite]) -> None:
    """Updates rows of ``runs``, those with the same columns together."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for one in writes:
        values = {f"_{name}": value for name, value in one.fields.items()}
        groups.setdefault(tuple(one.fields), []).append({"_id": one.run, **values})
    for names, rows in groups.items():
        statement = (
            update(runs)
            .where(runs.c.id == bindparam("_id"))
            .values({name: bindparam(f"_{name}", type_=runs.c[name].type) for name in names})
        )
        connection.execute(statement, rows)


def _replace(
    connection: Connection, table: Table, key: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    if rows:
        _delete(connection, table, key, [(row["run"], row[key]) for row in rows])
        connection.execute(insert(table), list(rows))


def _delete(
    connection: Connection, table: Table, key: str, keys: Sequence[tuple[str, int]]
) -> None:
    """Deletes rows by run and key; the keys of one run together."""
    by_run: dict[str, list[int]] = {}
    for run, value in keys:
        by_run.setdefault(run, []).append(value)
    for run, values in by_run.items():
        for start in range(0, len(values), AT_ONCE):
            part = values[start : start + AT_ONCE]
            same = and_(table.c.run == run, table.c[key].in_(part))
            connection.execute(delete(table).where(same))
