"""The type of a value in a JSON column, which each database has under a name of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class JsonKind(FunctionElement[str]):
    """``null``, ``true``, ``false``, ``integer``, ``real``, ``text``, ``array`` or ``object``; NULL
    where a document has nothing at the path.

    To add a database, add a function that compiles it, as for SQLite.
    """

    name = "json_kind"
    type = String()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], path: Sequence[str]) -> None:
        place = "$" + "".join(f'."{name}"' for name in path)
        super().__init__(column, literal(place))


@compiles(JsonKind, "sqlite")
def _of_sqlite(element: JsonKind, compiler: Any, **options: Any) -> str:
    return f"json_type({compiler.process(element.clauses, **options)})"
