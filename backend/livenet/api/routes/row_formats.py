"""The formats of rows: JSON, NDJSON and CSV, each encoded piece by piece."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Literal

from pydantic_core import to_json

from livenet.api.routes.excerpt import Columns, Excerpt

Format = Literal["json", "ndjson", "csv"]
Names = Sequence[str]


@dataclass(frozen=True)
class RowFormat:
    """How rows are written. A value that is not finite is null, or an empty cell."""

    media_type: str
    begin: Callable[[Names], bytes]
    piece: Callable[[Names, Columns], bytes]
    between: bytes = b""
    end: bytes = b""

    def texts(self, excerpt: Excerpt) -> Iterator[bytes]:
        """The whole text in pieces; each takes about a millisecond to make."""
        before = self.begin(excerpt.names)
        for piece in excerpt.pieces():
            yield before + self.piece(excerpt.names, piece)
            before = self.between
        if not excerpt.rows:
            yield before
        yield self.end


def _begin_json(names: Names) -> bytes:
    return b'{"columns":%b,"rows":[' % to_json(names)


def _json_rows(names: Names, columns: Columns) -> bytes:
    return _matrix(columns)[1:-1]


def _matrix(columns: Columns) -> bytes:
    """The rows as a JSON array of arrays of numbers and nulls, without spaces."""
    return to_json(list(zip(*columns, strict=True)), inf_nan_mode="null")


def _no_heading(names: Names) -> bytes:
    return b""


def _lines(names: Names, columns: Columns) -> bytes:
    rows = zip(*columns, strict=True)
    objects = (dict(zip(names, row, strict=True)) for row in rows)
    return b"".join(to_json(row, inf_nan_mode="null") + b"\n" for row in objects)


def _csv_heading(names: Names) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow(names)
    return text.getvalue().encode()


def _csv_rows(names: Names, columns: Columns) -> bytes:
    """The JSON has numbers and nulls only: without its brackets it is CSV."""
    rows = _matrix(columns)[2:-2].replace(b"],[", b"\n").replace(b"null", b"")
    return rows + b"\n"


FORMATS: dict[Format, RowFormat] = {
    "json": RowFormat("application/json", _begin_json, _json_rows, b",", b"]}"),
    "ndjson": RowFormat("application/x-ndjson", _no_heading, _lines),
    "csv": RowFormat("text/csv; charset=utf-8", _csv_heading, _csv_rows),
}


def table_text(kind: Format, names: Names, rows: Sequence[Sequence[object]]) -> bytes:
    """A small table in one piece; its cells are any JSON values.

    In CSV a text is itself, other values are their JSON, and null is an empty cell. A text that a
    spreadsheet would take for a formula has an apostrophe before it.
    """
    if kind == "json":
        return to_json({"columns": list(names), "rows": list(rows)})
    if kind == "ndjson":
        return b"".join(to_json(dict(zip(names, row, strict=True))) + b"\n" for row in rows)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return to_json(value).decode()
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def format_of(accept: str) -> Format:
    """The format that the header Accept names; JSON if it names none of them."""
    named = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    for kind, one in FORMATS.items():
        if one.media_type.partition(";")[0] in named:
            return kind
    return "json"
