"""The tables of the store, in SQLAlchemy Core. Nothing here is particular to one database.

runs       one row a run: its state, and all that a list shows; kept short, for lists read all
specs      the spec that it began with, and the one in force
tags       the words by which its owner finds it
entries    its journal
blocks     its rows, ``BLOCK`` of them in each, as columns of doubles
snapshots  packed trainer states by step
groups     runs that were made together, to be compared
answers    what was answered to a request with an Idempotency-Key
imported   files of earlier versions that were read

A change here needs a migration in ``migrations/versions`` and its revision in ``REVISION``;
``tests/store/test_database.py`` compares both.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

REVISION = "0001"  # of the last migration
BLOCK = 512  # rows

metadata = MetaData()


def _run() -> Column[str]:
    """The run that a row belongs to, first part of its key."""
    return Column("run", String(64), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)


runs = Table(
    "runs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(400), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("privileged", Boolean, nullable=False),
    Column("group", String(64)),
    Column("varied", JSON(none_as_null=True)),
    Column("parent", JSON(none_as_null=True)),
    Column("pinned", Boolean, nullable=False),
    Column("status", String(16), nullable=False),
    Column("until_step", BigInteger),
    Column("until_epoch", BigInteger),
    Column("step", BigInteger, nullable=False),
    Column("epoch", Double, nullable=False),
    Column("pace", Double),
    Column("metrics", JSON, nullable=False),
    Column("error", JSON(none_as_null=True)),
    Column("family", String(32), nullable=False),
    Column("data", String(32), nullable=False),
    Column("changes", JSON, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("ended_at", Double),
    Column("used_at", Double, nullable=False),
    Column("seconds", Double, nullable=False),
    Index("runs_by_status", "status"),
    Index("runs_by_owner", "owner", "used_at", "bytes"),
    Index("runs_by_group", "group"),
    Index("runs_by_age", "created_at", "id"),
)

specs = Table(
    "specs",
    metadata,
    _run(),
    Column("spec", JSON, nullable=False),
    Column("spec_in_force", JSON, nullable=False),
)

tags = Table(
    "tags",
    metadata,
    _run(),
    Column("tag", String(64), primary_key=True),
    Index("tags_by_word", "tag"),
)

entries = Table(
    "entries",
    metadata,
    _run(),
    Column("number", Integer, primary_key=True),
    Column("step", BigInteger, nullable=False),
    Column("command", JSON, nullable=False),
)

blocks = Table(
    "blocks",
    metadata,
    _run(),
    Column("number", Integer, primary_key=True),
    Column("columns", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    _run(),
    Column("step", BigInteger, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

groups = Table(
    "groups",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(400), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("spec", JSON, nullable=False),
    Column("vary", JSON, nullable=False),
    Column("seeds", JSON, nullable=False),
    Column("parallel", Integer, nullable=False),
    Column("created_at", Double, nullable=False),
    Index("groups_by_age", "created_at", "id"),
)

answers = Table(
    "answers",
    metadata,
    Column("scope", String(128), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("answer", JSON, nullable=False),
    Column("at", Double, nullable=False),
    Index("answers_by_age", "at"),
)

imported = Table(
    "imported",
    metadata,
    Column("file", String(255), primary_key=True),
    Column("run", String(64), nullable=False),
)
