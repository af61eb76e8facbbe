"""Nothing of the wire is forgotten: where a new mark, message or document has to be named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from livenet.api.app import ROUTERS
from livenet.api.routes.documents import HealthDocument
from livenet.pictures import Mark
from livenet.spec.data import KINDS as DATA
from livenet.spec.model import BLOCKS
from livenet.spec.model import KINDS as MODELS
from livenet.spec.objective import KINDS as OBJECTIVES
from livenet.spec.optimizer import KINDS as OPTIMIZERS
from livenet.spec.optimizer import SCHEDULES
from livenet.wire import catalogue, documents, messages, outbound
from livenet.wire.documents import Document
from livenet.wire.messages import Message
from livenet.wire.parsing import COMMANDS
from livenet.wire.typescript.__main__ import main, stale
from livenet.wire.typescript.contract import CALLED, files
from tests.wire.every_mark import MARKS

ROOT = Path(__file__).parents[3]
APP = ROOT / "frontend" / "app"
TYPES = APP / "types"
NOT_READ = {HealthDocument}
"""Answers that are for machines, not for the page."""


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def script_with(line: str) -> str:
    """The text of the page's one module that has such a line, wherever it lies."""
    texts = (path.read_text(encoding="utf-8") for path in APP.rglob("*.js"))
    (found,) = (text for text in texts if line in text)
    return found


def members(union: Any) -> list[type]:
    found: list[type] = []
    for part in get_args(union):
        found += [part] if isinstance(part, type) else members(part)
    return found


def kind_of(one: Any) -> str:
    """What tells a member of a union from the others."""
    if issubclass(one, BaseModel):
        return str(get_args(one.model_fields["kind"].annotation)[0])
    return str(one.kind)


def declared() -> set[str]:
    """The names that the files as they lie there declare."""
    texts = (path.read_text(encoding="utf-8") for path in TYPES.glob("*.d.ts"))
    return {
        name
        for text in texts
        for name in re.findall(r"^export (?:interface|type) (\w+)", text, re.MULTILINE)
    }


def mark_places() -> dict[str, list[str]]:
    """What every mark has to be in, and which marks are."""
    page, drawn = text_of("docs/pictures.md").split("\n## Marks\n")[1], script_with("RENDERERS = ")
    table = drawn.partition("RENDERERS = ")[2].partition("})")[0]
    return {
        "frontend/app/types/pictures.d.ts": re.findall(
            r'^  kind: "(\w+)"', text_of("frontend/app/types/pictures.d.ts"), re.MULTILINE
        ),
        "docs/pictures.md, below Marks": re.findall(r"^### (\w+)$", page, re.MULTILINE),
        # The network's own view draws a graph, and an equation is made of elements.
        "RENDERERS of the page": [
            *re.findall(r"^  (\w+): ", table, re.MULTILINE),
            "graph",
            "equation",
        ],
        "MARKS of tests/wire/every_mark.py": [mark.kind for mark in MARKS],
    }


def message_places(union: Any) -> dict[str, list[str]]:
    """What every message of a union has to be in, and which are."""
    page = text_of("docs/stream.md").split("\n## From the server\n")
    coming = union is messages.Inbound
    headings = re.findall(r"^### (.*)$", page[0] if coming else page[1], re.MULTILINE)
    types = text_of("frontend/app/types/api.d.ts")
    alias = types.partition(f"export type {'Inbound' if coming else 'Outbound'} =")[2]
    names = re.findall(r"\w+", alias.partition(";")[0])
    by_name = {CALLED.get(one, one.__name__): kind_of(one) for one in members(union)}
    places = {
        "docs/stream.md, as a heading": ", ".join(headings).split(", "),
        "frontend/app/types/api.d.ts": [by_name.get(name, name) for name in names],
    }
    if coming:
        looks = ["subscribe", "unsubscribe", "series", "ack"]
        places["Command of livenet.wire.messages, or a look"] = [*COMMANDS, *looks]
    else:
        heard = script_with("@param {Outbound} message").partition("@param {Outbound} message")[2]
        cases = re.findall(r'^      case "(\w+)":', heard, re.MULTILINE)
        places["the switch over messages of the page's connection"] = cases
    return places


def everywhere(kinds: list[str], places: dict[str, list[str]]) -> None:
    """Each kind in each place, and nothing else there."""
    for place, there in places.items():
        assert set(there) == set(kinds), (
            f"{place}: missing {sorted(set(kinds) - set(there))}, "
            f"unknown {sorted(set(there) - set(kinds))}"
        )


def test_marks_are_known_everywhere() -> None:
    everywhere([kind_of(one) for one in get_args(Mark)], mark_places())


@pytest.mark.parametrize("union", [messages.Inbound, outbound.Outbound], ids=["in", "out"])
def test_messages_are_known_everywhere(union: Any) -> None:
    everywhere([kind_of(one) for one in members(union)], message_places(union))


def test_a_forgotten_kind_is_named_with_its_place() -> None:
    with pytest.raises(AssertionError, match=r"a page: missing \['b'\], unknown \['c'\]"):
        everywhere(["a", "b"], {"a page": ["a", "c"]})


@pytest.mark.parametrize(
    ("union", "kinds"),
    [
        ("DataSpec", DATA),
        ("ModelSpec", MODELS),
        ("BlockSpec", BLOCKS),
        ("ObjectiveSpec", OBJECTIVES),
        ("OptimizerSpec", OPTIMIZERS),
        ("ScheduleSpec", SCHEDULES),
    ],
)
def test_unions_of_the_spec_have_every_row_of_their_table(
    union: str, kinds: tuple[type[Any], ...]
) -> None:
    types = text_of("frontend/app/types/specs.d.ts")
    names = re.findall(r"\w+", types.partition(f"export type {union} =")[2].partition(";")[0])
    assert sorted(names) == sorted(f"{kind.__name__}Spec" for kind in kinds)


def wire_classes(*modules: ModuleType) -> Iterator[type[Any]]:
    """The classes of documents and messages that the modules have of their own."""
    for module in modules:
        for value in vars(module).values():
            own = isinstance(value, type) and value.__module__ == module.__name__
            if own and issubclass(value, BaseModel) and value not in (Document, Message):
                yield value


def answers() -> Iterator[type[Any]]:
    """What the routes answer with."""
    for router in ROUTERS:
        for route in router.routes:
            model = getattr(route, "response_model", None)
            if isinstance(model, type) and model not in NOT_READ:
                yield model


@pytest.mark.parametrize(
    "one", dict.fromkeys([*wire_classes(documents, catalogue, messages, outbound), *answers()])
)
def test_every_document_and_message_is_in_the_page_s_types(one: type) -> None:
    name = CALLED.get(one, one.__name__)
    assert name in declared(), (
        f"{one.__module__}.{one.__name__} is in no file of frontend/app/types: give it a place in "
        "FILES of livenet.wire.typescript.contract, and run 'make types'"
    )


def test_the_page_s_types_are_up_to_date() -> None:
    assert stale(TYPES) == [], "Run 'make types'."


def test_what_is_not_up_to_date_is_named(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) is None
    assert main(["--check", str(tmp_path)]) is None
    first, second, *_ = files()
    (tmp_path / first).write_text("export type Mark = never;\n", encoding="utf-8")
    (tmp_path / second).unlink()
    said = main(["--check", str(tmp_path)])
    assert said is not None
    assert f"{tmp_path / first} is not what the Python types say" in said
    assert f"{tmp_path / second} is not there" in said
    assert said.endswith("Run 'make types'.")
