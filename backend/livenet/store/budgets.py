"""What the store keeps of whom, and which runs may be deleted to keep less. Runs in any thread."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice

from sqlalchemy import ColumnElement, Connection, Engine, and_, case, func, select, true

from livenet.store.tables import runs


@dataclass(frozen=True)
class Amount:
    """A number of runs, and the bytes of all that is stored of them."""

    runs: int = 0
    bytes: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.runs + other.runs, self.bytes + other.bytes)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.runs - other.runs, self.bytes - other.bytes)

    def most(self, other: Amount) -> Amount:
        """The larger of both numbers and of both sizes."""
        return Amount(max(self.runs, other.runs), max(self.bytes, other.bytes))

    @property
    def positive(self) -> bool:
        """Whether it has any runs or bytes more than none."""
        return self.runs > 0 or self.bytes > 0


@dataclass(frozen=True, order=True)
class Unused:
    """A run that may be deleted. The order is that of deletion: the longest unused comes first."""

    used_at: float
    """Unix seconds."""
    id: str
    bytes: int = field(compare=False)
    owner: str = field(compare=False)
    privileged: bool = field(compare=False, default=False)

    @property
    def amount(self) -> Amount:
        return Amount(1, self.bytes)


@dataclass(frozen=True)
class Share:
    """What the store keeps of one owner."""

    all: Amount = Amount()
    limited: Amount = Amount()
    """What counts towards the limits of a person: runs that are not privileged."""
    oldest: float | None = None
    """When the longest unused run was used, or an earlier time; None if there is no unused run."""


def amounts(database: Engine, owner: str, without: Sequence[str]) -> tuple[Amount, Amount]:
    """What counts towards the limits of a person, and what is stored of all runs; some runs are
    left out."""
    with database.connect() as connection:
        own = _amount(connection, without, runs.c.owner == owner, ~runs.c.privileged)
        return own, _amount(connection, without)


def _amount(connection: Connection, without: Sequence[str], *where: ColumnElement[bool]) -> Amount:
    """Subtracts the runs that are left out: to exclude them, every row would be read, and not the
    index alone."""
    number, size = func.count(), func.coalesce(func.sum(runs.c.bytes), 0)
    asked = select(number.label("runs"), size.label("bytes")).select_from(runs).where(*where)
    every, some = asked.subquery(), asked.where(runs.c.id.in_(without)).subquery()
    left = select(every.c.runs - some.c.runs, every.c.bytes - some.c.bytes)
    found = connection.execute(left.select_from(every.join(some, true()))).one()
    return Amount(found[0], found[1])


def shares(database: Engine, without: Sequence[str]) -> dict[str, Share]:
    """What is stored of each owner, some runs left out."""
    limited = ~runs.c.privileged
    asked = select(
        runs.c.owner,
        func.count(),
        func.sum(runs.c.bytes),
        func.sum(case((limited, 1), else_=0)),
        func.sum(case((limited, runs.c.bytes), else_=0)),
        func.min(case((_unused(), runs.c.used_at))),
    ).group_by(runs.c.owner)
    if without:
        asked = asked.where(runs.c.id.not_in(without))
    with database.connect() as connection:
        return {
            owner: Share(Amount(number, size), Amount(few, less), oldest)
            for owner, number, size, few, less, oldest in connection.execute(asked)
        }


def unused(
    database: Engine,
    owners: Sequence[str],
    used: Collection[str],
    most: int,
    limited: bool = False,
) -> dict[str, list[Unused]]:
    """The runs of owners that may be deleted, in that order, at most so many of each; without
    ``used``. ``limited`` leaves privileged runs out."""
    columns = (runs.c.used_at, runs.c.id, runs.c.bytes, runs.c.owner, runs.c.privileged)
    asked = select(*columns).where(runs.c.owner.in_(owners), _unused())
    if limited:
        asked = asked.where(~runs.c.privileged)
    asked = asked.order_by(runs.c.owner, runs.c.used_at, runs.c.id)
    found: dict[str, list[Unused]] = {owner: [] for owner in owners}
    with database.connect() as connection:
        # Used runs are left out here: to name thousands of them in the query takes longer.
        rows = (row for row in connection.execute(asked) if row.id not in used)
        for owner, group in groupby(rows, key=lambda row: row.owner):
            found[owner] = [Unused(*row) for row in islice(group, most)]
            if len(owners) == 1:  # the rest of them need not be read
                break
    return found


def _unused() -> ColumnElement[bool]:
    return and_(~runs.c.pinned, runs.c.status.not_in(("running", "queued")))
