"""Finds runs: which ones, in which order, a page at a time."""

from __future__ import annotations

import json
import operator
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.sql.elements import ColumnClause

from livenet.errors import BadRequest, did_you_mean
from livenet.spec.paths import all_paths
from livenet.store.json_kind import JsonKind
from livenet.store.tables import runs, specs, tags

MAX_PAGE = 500  # runs
FAR = 1e308  # sorts runs without a value behind all others
ORDERS = ("created_at", "ended_at", "used_at", "name", "status", "step", "seconds", "rows")
_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CONDITION = re.compile(
    r"(?P<path>[A-Za-z_0-9.]{1,200}?)(?P<sign><=|>=|!=|=|<|>)(?P<value>.{0,200})"
)
Sign = Literal["<=", ">=", "!=", "=", "<", ">"]
Value = str | float | bool | None
Where = Literal["spec", "metric"]


@dataclass(frozen=True)
class Condition:
    """A comparison of a field of the spec in force, or of a metric."""

    path: str
    sign: Sign
    value: Value

    @classmethod
    def parse(cls, text: str, where: Where) -> Condition:
        """``optimizer.lr>=0.1``. Raises BadRequest, also for a field that no spec has."""
        found = _CONDITION.fullmatch(text)
        if found is None:
            raise BadRequest(
                f"{text[:100]!r} is no condition",
                path=where,
                hint="Give a name, one of = != < <= > >=, and a value: optimizer.lr=0.1",
            )
        path, word = found["path"], found["value"]
        if where == "spec" and path not in all_paths():
            raise BadRequest(
                f"No spec has a field {path[:100]!r}",
                path=where,
                hint=did_you_mean(
                    path, all_paths(), "Give a path of a spec, such as optimizer.lr or data.kind."
                ),
            )
        value = _value(word)
        number = isinstance(value, float)
        sign: Any = found["sign"]
        if sign not in ("=", "!=") and not number:
            raise BadRequest(
                f"{text[:100]!r} compares with {word[:50]!r}, which is no number",
                path=where,
                hint="Only numbers have an order; use = or != for others.",
            )
        if where == "metric" and not number and value is not None:
            raise BadRequest(
                f"{text[:100]!r} compares a metric with {word[:50]!r}, which is no number",
                path=where,
                hint="Give a number, or null for runs without a finite value.",
            )
        return cls(path, sign, value)


def _value(word: str) -> Value:
    if word in ("true", "false"):
        return word == "true"
    if word == "null":
        return None
    try:
        number = float(word)
    except ValueError:
        return word
    return number if isfinite(number) else word


@dataclass(frozen=True)
class Query:
    """Which runs to find; all conditions have to hold. Times are Unix seconds."""

    ids: Sequence[str] | None = None
    statuses: Sequence[str] = ()
    owner: str | None = None
    tags: Sequence[str] = ()
    name: str | None = None
    """A part of the name, in any case."""
    family: str | None = None
    data: str | None = None
    group: str | None = None
    pinned: bool | None = None
    created_after: float | None = None
    created_before: float | None = None
    spec: Sequence[Condition] = ()
    metrics: Sequence[Condition] = ()
    order: str = "-created_at"
    limit: int = 100
    cursor: str | None = None

    @property
    def selective(self) -> bool:
        """Whether it has any condition at all."""
        several = self.statuses, self.tags, self.spec, self.metrics
        one = (self.ids, self.owner, self.name, self.family, self.data, self.group, self.pinned)
        times = self.created_after, self.created_before
        return any(several) or any(value is not None for value in one + times)


@dataclass(frozen=True)
class Page:
    """Some of the runs that match."""

    runs: list[dict[str, Any]]
    next: str | None
    """The cursor of the next page; None at the end."""
    total: int
    """The number of all that match."""


COLUMNS = (
    *(
        "id",
        "name",
        "owner",
        "status",
        "step",
        "epoch",
        "parent",
        "group",
        "pinned",
        "metrics",
        "error",
    ),
    *("family", "data", "created_at", "ended_at", "seconds", "rows", "changes"),
)


def find(database: Engine, query: Query) -> Page:
    """Runs that match a query, at most ``limit`` of them. Raises BadRequest."""
    key, descending = _order(query.order)
    asked: Select[Any] = select(*(runs.c[name] for name in COLUMNS), key.label("_key"))
    asked = asked.where(*_where(query))
    if query.cursor is not None:
        asked = asked.where(_after(query, key, descending))
    elif query.spec:  # counted with the page: such a condition reads the spec of each run
        asked = asked.add_columns(func.count().over().label("_total"))
    ordered = (key.desc(), runs.c.id.desc()) if descending else (key, runs.c.id)
    with database.connect() as connection:
        found = connection.execute(asked.order_by(*ordered).limit(query.limit + 1)).mappings().all()
        if query.spec and query.cursor is None:
            total = int(found[0]["_total"]) if found else 0
        else:
            counted = select(func.count()).select_from(runs).where(*_where(query))
            total = int(connection.scalar(counted) or 0)
        page = [dict(row) for row in found[: query.limit]]
        more = len(found) > query.limit
        words: dict[str, list[str]] = {row["id"]: [] for row in page}
        asked_tags = select(tags.c.run, tags.c.tag).where(tags.c.run.in_(words))
        for run, tag in connection.execute(asked_tags.order_by(tags.c.tag)):
            words[run].append(tag)
    next_cursor = _cursor(query, page[-1]) if more and page else None
    for row in page:
        del row["_key"]
        row.pop("_total", None)
        row["tags"] = words[row["id"]]
    return Page(page, next_cursor, total)


def ids(database: Engine, query: Query) -> Sequence[tuple[str, str]]:
    """The ids and statuses of all runs that match, oldest first, at most ``limit``."""
    asked = select(runs.c.id, runs.c.status).where(*_where(query)).order_by(runs.c.created_at)
    with database.connect() as connection:
        return [(row[0], row[1]) for row in connection.execute(asked.limit(query.limit))]


def _where(query: Query) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    if query.ids is not None:
        made.append(runs.c.id.in_(query.ids))
    if query.statuses:
        made.append(runs.c.status.in_(query.statuses))
    made += [
        runs.c[name] == value
        for name in ("owner", "family", "data", "group", "pinned")
        if (value := getattr(query, name)) is not None
    ]
    # Looked up for each run in the order of the list, which ends at the page's last.
    made += [exists().where(tags.c.run == runs.c.id, tags.c.tag == tag) for tag in query.tags]
    if query.name is not None:
        made.append(func.lower(runs.c.name).contains(query.name.casefold(), autoescape=True))
        if "\0" in query.name:  # where LIKE would end; no name has it
            made.append(false())
    if query.created_after is not None:
        made.append(runs.c.created_at >= query.created_after)
    if query.created_before is not None:
        made.append(runs.c.created_at < query.created_before)
    if query.spec:
        fits = [_compare(specs.c.spec_in_force, one.path.split("."), one) for one in query.spec]
        made.append(runs.c.id.in_(select(specs.c.run).where(*fits)))
    made += [_compare(runs.c.metrics, [one.path], one) for one in query.metrics]
    return made


def _compare(column: Any, path: list[str], condition: Condition) -> ColumnElement[bool]:
    """Whether a document has a field, and its value is as the condition says.

    A value of another type is another value, so that 1 is not true. Null is a value in a spec; a
    metric that is null has none. A part of a spec that has a kind is also found by its kind alone,
    which is all that is stored of a choice without knobs.
    """
    part, value = column[tuple(path)], condition.value
    kind: ColumnElement[str] = JsonKind(column, path)
    text = part.as_string()
    of_spec = column is specs.c.spec_in_force
    if of_spec and path[-1] == "kind":
        whole = path[:-1]
        kind = func.coalesce(kind, case((JsonKind(column, whole) == "text", "text")))
        text = func.coalesce(text, column[tuple(whole)].as_string())
    elif of_spec and isinstance(value, str) and not value.startswith("{"):
        text = func.coalesce(column[(*path, "kind")].as_string(), text)
    null = kind == "null"
    has = kind.is_not(None) if of_spec else and_(kind.is_not(None), not_(null))
    if value is None:
        if condition.sign == "!=":
            return and_(kind.is_not(None), not_(null))
        return null if of_spec else not_(has)
    if isinstance(value, bool):
        same = kind == ("true" if value else "false")
        return same if condition.sign == "=" else and_(has, not_(same))
    if isinstance(value, float):
        typed, found = kind.in_(("integer", "real")), part.as_float()
    else:
        typed, found = kind.in_(("text", "array", "object")), text
    if condition.sign == "!=":
        return and_(has, not_(and_(typed, found == value)))
    # The comparison first: it rules out most runs, and the document is read for each of the two.
    return and_(_SIGNS[condition.sign](found, value), typed)


def _order(order: str) -> tuple[ColumnElement[Any], bool]:
    """The key to sort by, and whether the largest comes first."""
    descending, name = order.startswith("-"), order.removeprefix("-")
    last = -FAR if descending else FAR  # runs without a value come last
    if name.startswith("metrics."):
        metric = name.removeprefix("metrics.")
        if not re.fullmatch(r"\w{1,60}", metric):
            raise BadRequest(f"{metric[:60]!r} is no name of a metric", path="order")
        return func.coalesce(runs.c.metrics[(metric,)].as_float(), last), descending
    if name not in ORDERS:
        raise BadRequest(
            f"order is {order[:60]!r}",
            path="order",
            hint=f"{did_you_mean(name, ORDERS)} Or metrics. and a metric's name; a leading minus "
            "puts the largest first.",
        )
    if name == "name":
        return func.lower(runs.c.name), descending
    column: ColumnClause[Any] | Any = runs.c[name]
    return (func.coalesce(column, last) if name == "ended_at" else column), descending


def _cursor(query: Query, last: dict[str, Any]) -> str:
    made = json.dumps([query.order, last["_key"], last["id"]])
    return urlsafe_b64encode(made.encode()).decode().rstrip("=")


def _after(query: Query, key: ColumnElement[Any], descending: bool) -> ColumnElement[bool]:
    try:
        text = query.cursor or ""
        order, value, run = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if (
            order != query.order
            or not isinstance(run, str)
            or not isinstance(value, str | float | int)
        ):
            raise ValueError(order)
    except (ValueError, TypeError) as error:
        raise BadRequest(
            "cursor is none of this list",
            path="cursor",
            hint="Take `next` of the answer before, with the same order.",
        ) from error
    beyond = key < value if descending else key > value
    further = runs.c.id < run if descending else runs.c.id > run
    return or_(beyond, and_(key == value, further))
