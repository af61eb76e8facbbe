"""What a document may hold at most, and that reading one takes time in its size alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest

from livenet.errors import CommandError, LivenetError, SpecError
from livenet.settings import MAX_LAYERS, Limits, Settings
from livenet.spec import changed, describe, resolve
from livenet.spec.base import Frozen
from livenet.spec.data import KINDS as DATA
from livenet.spec.model import KINDS as MODELS
from livenet.spec.objective import KINDS as OBJECTIVES
from livenet.spec.optimizer import KINDS as OPTIMIZERS
from livenet.spec.run import make_schemas
from livenet.spec.size import DEEPEST, MAX_BITS, MAX_FIELDS, MAX_ITEMS, MAX_PARTS, check_size
from livenet.spec.training import Regularization, Training
from livenet.wire.parsing import parse_command
from tests.spec.counting import counted_findings, operations

BODY = Settings().max_request_bytes
MAX_WORK = 200_000  # operations, a few milliseconds; to describe the default spec takes 6,000
ROOM = Limits(max_layers=MAX_LAYERS, max_parameters=10**12, max_step_seconds=1e9)
THINGS: list[Any] = [
    1, 0, "", "relu", "x1", None, [], {}, {"kind": "conv"}, {"kind": "dense", "a": 1, "b": 2},
    {"kind": "elu", "alpha": 2},
]  # fmt: skip
SECTIONS: dict[str, tuple[type[Frozen], ...]] = {
    "data": DATA,
    "model": MODELS,
    "objective": OBJECTIVES,
    "optimizer": OPTIMIZERS,
    "regularization": (Regularization,),
    "training": (Training,),
}


def fields() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every field: its section, a kind that has it, its name; what kinds share comes once."""
    met = set()
    for section, kinds in SECTIONS.items():
        for kind in kinds:
            fixed = (
                {"kind": kind.model_fields["kind"].default} if "kind" in kind.model_fields else {}
            )
            for name, field in kind.model_fields.items():
                if name != "kind" and (section, name, str(field.annotation)) not in met:
                    met.add((section, name, str(field.annotation)))
                    yield section, fixed, name


def lists(annotation: Any) -> bool:
    """Whether a field may be a list."""
    return get_origin(annotation) is tuple or any(map(lists, get_args(annotation)))


LISTS = [
    (kind.model_fields["kind"].default, name)
    for kind in MODELS
    for name, field in kind.model_fields.items()
    if lists(field.annotation) or get_origin(field.annotation) is tuple
]


def full(thing: Any, size: int = BODY) -> list[Any]:
    """As many of a thing as a body has room for."""
    return [thing] * (size // (len(json.dumps(thing)) + 1))


def many(size: int = BODY) -> dict[str, int]:
    return {f"k{number}": 1 for number in range(size // 8)}


@pytest.fixture(autouse=True, scope="module")
def schemas() -> None:
    make_schemas()  # as a server does when it starts


@pytest.fixture
def findings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    return counted_findings(monkeypatch)


def refused(document: object) -> LivenetError:
    with pytest.raises(SpecError) as caught:
        resolve(document)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("document", "path", "words"),
    [
        ({"model": {"hidden": [1] * 30_000}}, "model.hidden", ("30,000", "32")),
        ({"data": {"noise": ["x"] * 9000}}, "data.noise", ("9,000", f"{MAX_ITEMS:,}")),
        ({"model": {"hidden": [1] * 1000}}, "model.hidden", ("1,000", "32")),
        ({"model": {"kind": "vae", "hidden": [1] * 33}}, "model.hidden", ("33", "32")),
        (
            {"model": {"kind": "cnn", "blocks": [{"kind": "conv"}] * 999}},
            "model.blocks",
            ("999", "32"),
        ),
        ({"data": many()}, f"data.k{MAX_FIELDS}", (f"{BODY // 8:,}", f"{MAX_FIELDS}")),
        (many(), f"k{MAX_FIELDS}", (f"{BODY // 8:,}", f"{MAX_FIELDS}")),
        ({"seed": 1 << MAX_BITS}, "seed", (f"{MAX_BITS + 1:,}", f"{MAX_BITS:,}")),
        ({"seed": 10**5000}, "seed", (f"{MAX_BITS:,}",)),
        ({"model": {"hidden": [3, {1: 2}]}}, "model.hidden.1", ("int",)),
    ],
)
def test_what_is_too_large_is_refused_where_it_stands(
    document: object, path: str, words: tuple[str, ...]
) -> None:
    error = refused(document)
    assert error.path == path
    for word in words:
        assert word in error.message


def test_no_nesting_is_too_deep_to_refuse() -> None:
    document: dict[str, Any] = {}
    document["data"] = document  # as deep as it gets
    assert refused(document).path.startswith("data.data")
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    assert f"{DEEPEST}" in refused({"model": deep}).message
    assert refused(deep).hint


def test_a_document_has_so_many_values_in_all() -> None:
    """Short lists of short lists are long, too."""
    with pytest.raises(SpecError) as caught:
        check_size({"a": [[1] * 100] * (MAX_PARTS // 100)})
    assert f"{MAX_PARTS:,}" in caught.value.message
    assert caught.value.path.startswith("a.")


def test_what_is_held_may_be_as_large_as_that() -> None:
    check_size([[1] * MAX_ITEMS, {f"{number}": None for number in range(MAX_FIELDS)}])
    check_size((1 << MAX_BITS) - 1)
    resolve({"model": {"hidden": [1] * MAX_LAYERS}}, limits=None)
    with pytest.raises(SpecError):
        check_size([1] * (MAX_ITEMS + 1))


def test_an_error_names_where_a_part_lies() -> None:
    with pytest.raises(CommandError) as caught:
        check_size({"a": [0, many()]}, CommandError, "changes")
    assert caught.value.path == f"changes.a.1.k{MAX_FIELDS}"


@pytest.mark.parametrize("size", [BODY, 900 * 8])
@pytest.mark.parametrize("section", SECTIONS)
def test_a_body_full_of_one_thing_is_refused_at_once(
    section: str, size: int, findings: list[int]
) -> None:
    """In every field, of every kind of thing: no finding a thing, no layer a thing."""
    for where, fixed, name in fields():
        if where != section:
            continue
        for thing in THINGS:
            document = {section: {**fixed, name: full(thing, size)}}
            assert operations(lambda given=document: resolve(given), findings) < MAX_WORK, (  # type: ignore[misc]
                section, name, thing, len(document[section][name]),
            )  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        many(),
        *({section: many()} for section in SECTIONS),
        *({section: many(60 * 8)} for section in SECTIONS),
        {"optimizer": {"schedule": {"kind": "step", **many()}}},
        {"model": {"activation": {"kind": "elu", **many()}}},
        {"model": {"kind": "cnn", "blocks": [{"kind": "conv", **many(60 * 8)}] * 30}},
        {"x" * BODY: 1},
        {"data": {"x" * BODY: 1}},
        {"data": {"kind": "x" * BODY}},
        {"model": {"kind": "x" * BODY}},
        {"model": {"kind": "rnn", "cell": "x" * BODY}},
        {"model": {"activation": "x" * BODY}},
        {"model": {"activation": ["x" * (BODY // 32)] * 32}},
        {"model": {"features": ["x" * (BODY // 7)] * 7}},
        {"optimizer": {"schedule": {"kind": "x" * BODY}}},
        {"data": {"kind": "characters", "text": "ab" * (BODY // 2)}},
        {"model": {"hidden": [1] * 800, "activation": ["relu"] * 800}},
        {"model": {"kind": "vae", "form": "conv", "hidden": [1] * 1000}},
    ],
    ids=lambda document: f"{document!r:.40}",
)
def test_other_large_bodies_are_refused_at_once(
    document: dict[str, Any], findings: list[int]
) -> None:
    refused(document)
    assert operations(lambda: resolve(document), findings) < MAX_WORK


def test_large_changes_are_refused_at_once(findings: list[int]) -> None:
    spec = resolve({})
    for changes in (
        many(),
        {"x" * BODY: 1},
        {".".join("a" * (BODY // 2)): 1},
        {"optimizer.schedule": {"kind": "step", **many()}},
        {"optimizer.schedule.kind": "x" * BODY},
        {"optimizer.lr": full(1)},
        {"optimizer.lr": [1] * 1000},
    ):
        with pytest.raises((SpecError, CommandError)) as caught:
            changed(spec, changes)
        assert caught.value.hint
        assert operations(lambda given=changes: changed(spec, given), findings) < MAX_WORK  # type: ignore[misc]


def test_large_commands_are_refused_at_once(findings: list[int]) -> None:
    for thing in THINGS:
        for command in (
            {"kind": "edit", "edits": full(thing)},
            {"kind": "edit", "edits": [{"parameter": "w", "index": full(thing), "value": 0}]},
            {"kind": "pause", **many()},
            {"kind": "x" * BODY},
        ):
            with pytest.raises(CommandError) as caught:
                parse_command(command)
            assert caught.value.hint
            assert operations(lambda given=command: parse_command(given), findings) < MAX_WORK  # type: ignore[misc]


def good(model: str, field: str, count: int) -> dict[str, Any]:
    """A document whose list has so many entries, and that is a whole spec where there is room."""
    entries: dict[str, list[Any]] = {
        "hidden": [1] * count,
        "blocks": [{"kind": "conv", "channels": 1}, {"kind": "batch_norm"}] * (count // 2),
        "activation": ["relu"] * count,
        "features": ["x1", "x2", "x1_squared", "x2_squared"][:count],
    }
    sizes = {"hidden": entries["hidden"]} if field == "activation" else {}
    return {"model": {"kind": model, **sizes, field: entries[field]}}


@pytest.mark.parametrize(("model", "field"), LISTS)
@pytest.mark.parametrize("limits", [ROOM, None], ids=["limits", "none"])
def test_twice_the_layers_are_twice_the_work(
    model: str, field: str, limits: Limits | None, findings: list[int]
) -> None:
    def work(count: int) -> int:
        document = good(model, field, count)
        return operations(lambda: describe(resolve(document, limits)), findings)

    assert describe(resolve(good(model, field, 100), ROOM))
    resolve(good(model, field, 4), limits)  # what is made once is made
    few, twice, thrice = work(100), work(200), work(300)
    assert twice - few < 1.1 * (few + 1000)
    assert thrice - twice < 1.1 * (twice - few) + 1000


def test_layers_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a spec is asked for what depends on them."""
    for kind in MODELS:
        made: list[int] = []
        layers = kind.layers

        def counting(self: Any, spec: Any, layers: Any = layers, made: Any = made) -> Any:
            made.append(1)
            return layers(self, spec)

        monkeypatch.setattr(kind, "layers", counting)
        describe(resolve({"model": {"kind": kind.model_fields["kind"].default}}))
        assert len(made) == 1, kind


def test_every_list_of_a_model_is_known_here() -> None:
    """A new one has to say what its entries may be, for the test above."""
    assert {field for _, field in LISTS} == {"hidden", "blocks", "activation", "features"}
