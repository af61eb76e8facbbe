"""Python types as TypeScript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from livenet.pictures import Packed
from livenet.wire.documents import Of
from livenet.wire.typescript.source import WIDTH, comment, documented
from livenet.wire.typescript.types import Untranslated, alias, interface, is_record, written

Array = NDArray[np.float32]
Colors = Literal["red", "blue"]


class Base(BaseModel):
    """What both have."""

    id: str = Field(description="its name")


class Empty(Base):
    pass


class Thing(Empty):
    """A thing."""

    kind: Literal["thing"] = "thing"
    size: int = 3
    """In pixels."""
    own: str = Field(alias="schema")


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, float] = Field(init=False)
    kind: str


@dataclass(frozen=True)
class Mark:
    """A mark of ``values``."""

    values: Annotated[Array, Packed("float32", "(H, W)")]
    """Row 0 is on top."""
    right: Annotated[Array, Packed("int8", "(N,)")] | None = None
    many: tuple[Annotated[Array, Packed("float32", "(N,)")], ...] = ()


class Partly(TypedDict):
    a: int
    b: NotRequired[int]


def name_of(hint: Any) -> str | None:
    return str(hint.__name__) if is_record(hint) else {Colors: "Colors"}.get(hint)


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (str, "string"),
        (int, "number"),
        (float, "number"),
        (bool, "boolean"),
        (None, "null"),
        (Any, "Json"),
        (float | None, "number | null"),
        (int | float | str, "number | string"),
        (Literal["a", 1], '"a" | 1'),
        (list[int], "number[]"),
        (list[int | None], "(number | null)[]"),
        (tuple[str, ...], "string[]"),
        (tuple[float, float] | tuple[None, None], "[number, number] | [null, null]"),
        (dict[str, list[int]], "{ [name: string]: number[] }"),
        (Mapping[str, Any], "{ [name: string]: Json }"),
        (Colors, "Colors"),
        (list[Colors], "Colors[]"),
        (Thing | None, "Thing | null"),
        (Annotated[int, Field(ge=0)], "number"),
        (Annotated[Array, Packed("float32", "(N,)")] | None, "Tensor | null"),
        (Annotated[dict[str, Any], Of(Thing)] | None, "Thing | null"),
    ],
    ids=str,
)
def test_a_type(hint: Any, expected: str) -> None:
    assert written(hint, name_of) == expected


@pytest.mark.parametrize("hint", [set[int], bytes, Array, list[bytes]], ids=str)
def test_what_has_no_form_is_refused(hint: Any) -> None:
    with pytest.raises(Untranslated, match="no form in TypeScript"):
        written(hint, name_of)


def test_a_model_extends_the_base_that_has_fields() -> None:
    assert interface(Thing, name_of, sent=False) == [
        "/** A thing. */",
        "export interface Thing extends Base {",
        '  kind: "thing";',
        "  /** In pixels. */",
        "  size: number;",
        "  schema: string;",
        "}",
    ]


def test_what_is_sent_may_leave_out_what_has_a_default() -> None:
    found = interface(Thing, name_of, sent=True)
    assert '  kind?: "thing";' in found
    assert "  size?: number;" in found
    assert "  schema: string;" in found


def test_a_dataclass_tells_the_shapes_of_its_arrays() -> None:
    assert interface(Mark, name_of, sent=False) == [
        "/** A mark of `values`. */",
        "export interface Mark {",
        "  /** (H, W). Row 0 is on top. */",
        "  values: Tensor;",
        "  /** (N,) */",
        "  right: Tensor | null;",
        "  /** (N,) */",
        "  many: Tensor[];",
        "}",
    ]


def test_a_typed_dict_says_itself_what_may_be_missing() -> None:
    found = interface(Partly, name_of, sent=False)
    assert found == ["export interface Partly {", "  a: number;", "  b?: number;", "}"]


def test_what_a_model_has_beside_its_fields() -> None:
    assert "  [name: string]: number | string;" in interface(Open, name_of, sent=False)


def test_an_alias_is_written_out_where_it_is_declared() -> None:
    assert alias("Colors", Colors, "Two.", name_of) == [
        "/** Two. */",
        'export type Colors = "red" | "blue";',
    ]


def test_a_long_union_has_a_line_each() -> None:
    words = tuple(f"word{number}" for number in range(20))
    first, *middle, last = alias("Words", Literal[words], "", name_of)
    assert first == "export type Words ="
    assert middle[0] == '  | "word0"'
    assert last == '  | "word19";'


def test_comments_keep_within_the_width() -> None:
    assert comment("") == []
    assert comment("Short.") == ["/** Short. */"]
    long = comment("word " * 60 + "\n\nA second ``paragraph``.", "  ")
    assert (long[0], long[-3:]) == ("  /**", ["   *", "   * A second `paragraph`.", "   */"])
    assert max(map(len, long)) <= WIDTH


def test_docstrings_stand_below() -> None:
    assert documented(Thing) == {"size": "In pixels."}
