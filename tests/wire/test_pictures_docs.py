"""docs/pictures.md against the classes, and a frame read by what the page says and nothing else."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest
from numpy.typing import NDArray

from livenet import pictures
from livenet.pictures import ROLES, Colors, Dtype, Line, Mark, Picture, Plot
from livenet.wire.frame import Metadata, Reference, document, encode
from livenet.wire.typescript.types import packed_in
from tests.api.examples import DOCS
from tests.wire.every_mark import MARKS, PICTURE, TOLERANCE, alike

PAGE = (DOCS / "pictures.md").read_text(encoding="utf-8")
# A heading, or the line before a table, and the class whose fields the table after it has.
TABLES: dict[str, type] = {
    "## A picture": pictures.Picture,
    "### A plot": pictures.Plot,
    "### An axis": pictures.Axis,
    **{f"### {kind.kind}": kind for kind in get_args(Mark)},
    "A layer of it:": pictures.GraphLayer,
    "An operand, an item of it:": pictures.Operand,
    "A sign, an item of it:": pictures.Sign,
    "Its worked entry:": pictures.Worked,
    "A term of that:": pictures.Term,
}
EACH = pytest.mark.parametrize("heading", TABLES)


def table(heading: str) -> list[list[str]]:
    """The cells of the first table below a line, without its head."""
    before, found, after = PAGE.partition(f"\n{heading}\n")
    assert found, f"docs/pictures.md has no {heading!r}"
    assert f"\n{heading}\n" not in after, f"docs/pictures.md has {heading!r} twice"
    assert before
    block = re.search(r"(?:^\|.*\n)+", after, re.MULTILINE)
    assert block, f"docs/pictures.md has no table below {heading!r}"
    rows = [line.strip("| ").split(" |") for line in block[0].splitlines()]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def names(heading: str) -> list[str]:
    return [row[0].strip("`") for row in table(heading)]


def fields_of(kind: type) -> dict[str, dataclasses.Field[Any]]:
    """All fields but the name that tells marks apart, which is the heading."""
    assert dataclasses.is_dataclass(kind)
    return {part.name: part for part in dataclasses.fields(kind) if part.name != "kind"}


def test_every_mark_has_a_section() -> None:
    headings = re.findall(r"^### (.*)$", PAGE.split("\n## Marks\n")[1], re.MULTILINE)
    assert headings == [kind.kind for kind in get_args(Mark)]


@EACH
def test_every_field_stands_there(heading: str) -> None:
    assert names(heading) == list(fields_of(TABLES[heading]))
    assert all(row[3] for row in table(heading)), "every field says what it is"


@EACH
def test_shapes_and_types_are_those_of_the_class(heading: str) -> None:
    hints = get_type_hints(TABLES[heading], include_extras=True)
    for name, said, *_ in table(heading):
        hint = hints[name.strip("`")]
        null = " or null" if type(None) in get_args(hint) else ""
        for packed in packed_in(hint):
            assert said.removeprefix("list of ") == f"{packed.shape} {packed.dtype}{null}", name
        assert ("or null" in said) == bool(null), name


@EACH
def test_what_a_field_usually_has_is_its_default(heading: str) -> None:
    for name, part in fields_of(TABLES[heading]).items():
        (usual,) = (row[2] for row in table(heading) if row[0] == f"`{name}`")
        if part.default_factory is not dataclasses.MISSING:
            assert json.loads(usual.strip("`")) == part.default_factory(), name
        elif part.default is dataclasses.MISSING:
            assert usual == "", name
        else:
            plain = list(part.default) if isinstance(part.default, tuple) else part.default
            assert json.loads(usual.strip("`")) == plain, name


def test_palettes_roles_and_types_are_all_named() -> None:
    types, palettes, roles, metadata, references = (
        names(heading)
        for heading in (
            "- In a frame an array is a tensor, and a number outside of arrays that is not finite "
            "is null.",
            next(line for line in PAGE.splitlines() if line.startswith("A **palette**")),
            next(line for line in PAGE.splitlines() if line.startswith("A **role**")),
            "The header is an object. Its `__metadata__` is an object of texts:",
            "A reference in the picture is an object of these:",
        )
    )
    assert sorted(types) == sorted(get_args(Dtype))
    assert palettes == list(get_args(Colors))
    assert roles == list(ROLES)
    assert metadata == list(get_type_hints(Metadata))
    assert references == list(get_type_hints(Reference))


# What follows is written from the page alone: NumPy, JSON, and no word of livenet.wire.

ITEMS = {"F32": "<f4", "F16": "<f2", "U8": "<u1", "I8": "<i1", "U16": "<u2", "U32": "<u4"}


def read(frame: bytes) -> dict[str, Any]:
    """The metadata of a frame, with its picture restored."""
    length = int.from_bytes(frame[:8], "little")
    header = json.loads(frame[8 : 8 + length].decode("utf-8"))
    metadata: dict[str, Any] = header.pop("__metadata__")
    tensors = {name: tensor(frame, 8 + length, entry) for name, entry in header.items()}
    return metadata | {"picture": restored(json.loads(metadata["picture"]), tensors)}


def tensor(frame: bytes, start: int, entry: dict[str, Any]) -> NDArray[Any]:
    begin, end = entry["data_offsets"]
    item = np.dtype(ITEMS[entry["dtype"]])
    assert (start + begin) % item.itemsize == 0, "it begins at a multiple of its item's size"
    flat = np.frombuffer(frame[start + begin : start + end], item)
    return flat.reshape(entry["shape"])


def restored(value: Any, tensors: dict[str, NDArray[Any]]) -> Any:
    if isinstance(value, list):
        return [restored(one, tensors) for one in value]
    if not isinstance(value, dict):
        return value
    if "tensor" not in value:
        return {name: restored(one, tensors) for name, one in value.items()}
    found = tensors[value["tensor"]]
    assert list(found.shape) == value["shape"]
    if "lo" not in value:
        return found
    return value["lo"] + (value["hi"] - value["lo"]) * found.astype(float) / 255


def test_a_reader_made_from_the_page_reads_every_mark() -> None:
    found = read(encode(PICTURE, channel="output", seq=9, time=1.5))
    assert {mark["kind"] for plot in found["picture"]["plots"] for mark in plot["marks"]} == {
        mark.kind for mark in MARKS
    }
    assert (found["channel"], found["seq"], float(found["time"])) == ("output", "9", 1.5)
    alike(found["picture"], document(PICTURE), 3 * TOLERANCE["uint8"])


def test_a_gap_is_nan_in_a_frame_and_null_in_json() -> None:
    picture = Picture(0, (Plot("p", (Line(np.arange(3.0), np.array([0.0, np.nan, 2.0])),)),))
    (mark,) = read(encode(picture))["picture"]["plots"][0]["marks"]
    assert np.isnan(mark["y"]).tolist() == [False, True, False]
    assert document(picture)["plots"][0]["marks"][0]["y"] == [0.0, None, 2.0]
