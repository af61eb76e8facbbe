"""Groups of runs in the database: made together, compared by a metric of each."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import time
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select

from livenet.errors import Diverged
from livenet.store.ids import new_id
from livenet.store.tables import groups, runs

SEED = "seed"


@dataclass(frozen=True)
class Group:
    """Runs of one spec, with other values of the fields in ``vary`` and other seeds.

    ``parallel`` of them train at the same time. ``statuses`` counts its runs.
    """

    name: str
    owner: str
    spec: Mapping[str, Any]
    vary: Sequence[Mapping[str, Any]]
    """Fields and their values: ``{"path": "optimizer.lr", "values": [0.1, 0.01]}``."""
    seeds: Sequence[int]
    parallel: int
    id: str = field(default_factory=new_id)
    created_at: float = field(default_factory=time)
    statuses: Mapping[str, int] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "owner": self.owner,
            "spec": self.spec,
            "vary": list(self.vary),
            "seeds": list(self.seeds),
            "parallel": self.parallel,
            "created_at": self.created_at,
            "runs": sum(self.statuses.values()),
            "statuses": dict(self.statuses),
        }

    def row(self) -> dict[str, Any]:
        """Its row in the table."""
        names = "id name owner spec seeds parallel created_at"
        return {name: getattr(self, name) for name in names.split()} | {"vary": list(self.vary)}


@dataclass(frozen=True)
class Member:
    """A run of a group: what differs from the others, and where it is."""

    id: str
    varied: Mapping[str, Any]
    status: str
    step: int
    seconds: float
    metrics: Mapping[str, float | None]
    error: str | None = None
    """Code of what stopped or paused it."""

    def value(self, metric: str) -> float | None:
        """The metric in its last row; None if there is none, if it is not finite, and for a run
        that diverged: the last row before that says nothing of the setting."""
        value = self.metrics.get(metric)
        finite = value is not None and math.isfinite(value) and self.error != Diverged.code
        return value if finite else None


def insert_group(connection: Connection, group: Group) -> None:
    connection.execute(insert(groups), group.row())


def load_group(database: Engine, group: str) -> Group | None:
    """A group with the counts of its runs; None if there is none."""
    with database.connect() as connection:
        found = connection.execute(select(groups).where(groups.c.id == group)).mappings().first()
        if found is None:
            return None
        return Group(**found, statuses=_statuses(connection, [group])[group])


def list_groups(
    database: Engine, owner: str | None, limit: int, before: tuple[float, str] | None
) -> list[Group]:
    """Groups (of an owner), newest first, after a place in that order."""
    asked = select(groups).order_by(groups.c.created_at.desc(), groups.c.id.desc()).limit(limit)
    if owner is not None:
        asked = asked.where(groups.c.owner == owner)
    if before is not None:
        at, id = before
        older = groups.c.created_at < at
        asked = asked.where(older | ((groups.c.created_at == at) & (groups.c.id < id)))
    with database.connect() as connection:
        found = connection.execute(asked).mappings().all()
        counts = _statuses(connection, [row["id"] for row in found])
    return [Group(**row, statuses=counts[row["id"]]) for row in found]


def _statuses(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    made: dict[str, dict[str, int]] = {id: {} for id in ids}
    asked = select(runs.c.group, runs.c.status, func.count()).where(runs.c.group.in_(ids))
    for id, status, count in connection.execute(asked.group_by(runs.c.group, runs.c.status)):
        made[id][status] = count
    return made


def members(database: Engine, group: str) -> list[Member]:
    """The runs of a group that are still there, in the order of its grid."""
    names = [runs.c[name] for name in ("id", "varied", "status", "step", "seconds", "metrics")]
    names.append(runs.c.error["code"].as_string())
    asked = select(*names).where(runs.c.group == group).order_by(runs.c.created_at, runs.c.id)
    with database.connect() as connection:
        found = [Member(*row) for row in connection.execute(asked)]
        order = connection.execute(select(groups).where(groups.c.id == group)).mappings().first()
    if order is None:
        return found
    values = [*(one["values"] for one in order["vary"]), order["seeds"]]
    return sorted(found, key=lambda one: _place(one, values))


def _place(member: Member, choices: Sequence[Sequence[Any]]) -> tuple[int, ...]:
    """Its place in the grid: true is another value than 1."""
    return tuple(
        [(type(other), other) for other in values].index((type(value), value))
        for value, values in zip(member.varied.values(), choices, strict=True)
    )


def parallel_of_waiting(database: Engine) -> dict[str, int]:
    """How many runs train at the same time, of each group with a run that waits."""
    waits = select(runs.c.group).where(runs.c.status == "queued", runs.c.group.is_not(None))
    with database.connect() as connection:
        found = select(groups.c.id, groups.c.parallel).where(groups.c.id.in_(waits))
        return {row[0]: row[1] for row in connection.execute(found)}


def delete_group(database: Engine, group: str) -> None:
    """Deletes a group whose runs are deleted."""
    with database.begin() as connection:
        connection.execute(delete(groups).where(groups.c.id == group))


def delete_empty_groups(database: Engine) -> None:
    """Deletes groups of which no run is left."""
    kept = select(runs.c.group).where(runs.c.group.is_not(None))
    with database.begin() as connection:
        connection.execute(delete(groups).where(groups.c.id.not_in(kept)))


def table_of(found: Sequence[Member]) -> dict[str, Any]:
    """A row for each run: its id, what differs, where it is, and its last metrics."""
    varied = list(found[0].varied) if found else []
    metrics = list(dict.fromkeys(name for one in found for name in one.metrics))
    columns = ["run", *varied, "status", "step", "seconds", *metrics]
    rows = [
        [
            one.id,
            *one.varied.values(),
            one.status,
            one.step,
            one.seconds,
            *(_finite(one.metrics.get(name)) for name in metrics),
        ]
        for one in found
    ]
    return {"columns": columns, "rows": rows}


def summary_of(found: Sequence[Member], metric: str) -> list[dict[str, Any]]:
    """Statistics of a metric over the seeds, for each combination of the other values.

    ``deviation`` is the sample standard deviation, √(Σ(x − x̄)² / (n − 1)), None for fewer than two
    values. Runs without a finite value, and those that diverged, are counted as ``missing``;
    ``ended`` are those that will not change any more.
    """
    places: dict[tuple[Any, ...], list[Member]] = {}
    for one in found:
        key = tuple(_key(value) for name, value in one.varied.items() if name != SEED)
        places.setdefault(key, []).append(one)
    return [_statistics(of_place, metric) for of_place in places.values()]


def _statistics(of_place: Sequence[Member], metric: str) -> dict[str, Any]:
    all_values = [one.value(metric) for one in of_place]
    values = [value for value in all_values if value is not None]
    statuses = Counter(one.status for one in of_place)
    return {
        "values": {name: value for name, value in of_place[0].varied.items() if name != SEED},
        "count": len(values),
        "missing": len(of_place) - len(values),
        "ended": sum(statuses[name] for name in ("finished", "stopped", "failed")),
        "mean": statistics.fmean(values) if values else None,
        "deviation": statistics.stdev(values) if len(values) > 1 else None,
        "least": min(values, default=None),
        "greatest": max(values, default=None),
        "runs": [
            {
                "run": one.id,
                "seed": one.varied[SEED],
                "status": one.status,
                "step": one.step,
                "value": value,
                "error": one.error,
            }
            for one, value in zip(of_place, all_values, strict=True)
        ],
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _key(value: Any) -> Any:
    """A value as a part of a key: lists and objects have none of their own."""
    return value if isinstance(value, str | int | float | bool | None) else repr(value)
