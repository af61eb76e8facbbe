"""Finding runs: a page at a time, in any order, by any conditions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from livenet.errors import BadRequest
from livenet.spec import resolve
from livenet.store import Journal, Series
from livenet.store.database import open_database
from livenet.store.listing import Condition, Page, Query, find, ids
from livenet.store.reading import stored_fields, stored_specs
from livenet.store.run import Run
from livenet.store.writes import RunWrite, write
from tests.store.stories import a_run

SPECS: list[dict[str, Any]] = [
    {},
    {"optimizer": {"kind": "sgd", "lr": 0.1, "nesterov": True, "momentum": 0.5}},
    {"optimizer": {"lr": 0.5}, "seed": 7},
    {"data": {"kind": "digits"}, "model": {"kind": "cnn"}},
    {"data": {"kind": "moons"}, "model": {"hidden": [3]}, "training": {"steps": 100}},
    {"model": {"hidden": [3, 2], "activation": "leaky_relu"}},
    {"model": {"hidden": [3, 2], "activation": ["tanh", "leaky_relu"]}},
]
WORDS = ("Name", "name", "Zebra", "apple", "Öl und öl")
STATUSES = ("running", "paused", "finished", "failed")


def made(count: int) -> list[Run]:
    """Runs that differ in everything that can be asked for."""
    return [
        a_run(
            f"run{number:03}",
            name=f"{WORDS[number % 5]} {number % 7}",
            owner=f"owner{number % 3}",
            spec=resolve(SPECS[number % len(SPECS)]),
            status=STATUSES[number % len(STATUSES)],
            step=number * 37 % 101,
            journal=Journal(),
            pinned=number % 5 == 0,
            tags=[tag for tag in "abc" if number % (ord(tag) - 95) == 0],
            created_at=1000.0 + number // 2,  # two at a time are equal
            ended_at=2000.0 + number if number % 4 >= 2 else None,
            metrics={"test_loss": None if number % 6 == 0 else number * 53 % 97 / 10},
            series=Series(),
        )
        for number in range(count)
    ]


RUNS = made(60)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Any:
    opened = open_database(Path(tmp_path_factory.mktemp("list")))
    fields = [stored_fields(run) | {"rows": 0, "columns": [], "bytes": 0} for run in RUNS]
    write(
        opened,
        [
            RunWrite(run.id, new=True, fields=each, specs=stored_specs(run), tags=run.tags)
            for run, each in zip(RUNS, fields, strict=True)
        ],
    )
    yield opened
    opened.dispose()


def lr(run: Run) -> float:
    return float(run.spec.optimizer.lr)


def loss(run: Run) -> float | None:
    return run.metrics["test_loss"]


def condition(text: str) -> Condition:
    return Condition.parse(text, "metric" if text.startswith("test_") else "spec")


def activation(run: Run) -> str | None:
    """The kind of the activation; None of a list of several."""
    written = run.spec.document()["model"]["activation"]
    if isinstance(written, dict):
        return str(written["kind"])
    return written if isinstance(written, str) else None


def momentum(run: Run) -> float | None:
    """Only some optimizers have one."""
    return getattr(run.spec.optimizer, "momentum", None)


MATCHES: list[tuple[Query, Any]] = [
    (Query(), lambda run: True),
    (Query(ids=["run003", "run044", "nobody"]), lambda run: run.id in ("run003", "run044")),
    (Query(statuses=["paused", "failed"]), lambda run: run.status in ("paused", "failed")),
    (Query(owner="owner1"), lambda run: run.owner == "owner1"),
    (Query(tags=["a"]), lambda run: "a" in run.tags),
    (Query(tags=["a", "b"]), lambda run: {"a", "b"} <= set(run.tags)),
    (Query(name="NAME 3"), lambda run: run.name.lower() == "name 3"),
    (Query(name="ÖL 3"), lambda run: run.name == "Öl und öl 3"),
    (Query(name="_ame"), lambda run: False),
    (Query(name="\0"), lambda run: False),
    (Query(name="Name\0"), lambda run: False),
    (Query(tags=["\0"]), lambda run: False),
    (Query(owner="owner1\0"), lambda run: False),
    (Query(name="%"), lambda run: False),
    (Query(family="cnn"), lambda run: run.spec.model.kind == "cnn"),
    (Query(data="moons"), lambda run: run.spec.data.kind == "moons"),
    (Query(pinned=True), lambda run: run.pinned),
    (Query(pinned=False), lambda run: not run.pinned),
    (Query(created_after=1010.0), lambda run: run.created_at >= 1010.0),
    (Query(created_before=1010.0), lambda run: run.created_at < 1010.0),
    (Query(spec=[condition("optimizer.lr=0.5")]), lambda run: lr(run) == 0.5),
    (Query(spec=[condition("optimizer.lr!=0.5")]), lambda run: lr(run) != 0.5),
    (Query(spec=[condition("optimizer.lr>=0.1")]), lambda run: lr(run) >= 0.1),
    (Query(spec=[condition("optimizer.lr<0.1")]), lambda run: lr(run) < 0.1),
    (Query(spec=[condition("optimizer.kind=sgd")]), lambda run: run.spec.optimizer.kind == "sgd"),
    (Query(spec=[condition("seed=7")]), lambda run: run.spec.seed == 7),
    (Query(spec=[condition("model.norm=batch")]), lambda run: False),
    (Query(spec=[condition("model.norm!=batch")]), lambda run: False),
    (Query(spec=[condition("model.norm=null")]), lambda run: False),
    (Query(spec=[condition("model.blocks!=null")]), lambda run: run.spec.model.kind == "cnn"),
    (Query(spec=[condition("model.blocks!=3")]), lambda run: run.spec.model.kind == "cnn"),
    (Query(spec=[condition("model.hidden=[3]")]), lambda run: run.spec.data.kind == "moons"),
    (Query(spec=[condition("optimizer.momentum!=0.1")]), lambda run: momentum(run) is not None),
    (Query(spec=[condition("optimizer.momentum!=0.5")]), lambda run: False),
    (Query(spec=[condition("optimizer.nesterov=true")]), lambda run: momentum(run) is not None),
    (Query(spec=[condition("optimizer.nesterov=1")]), lambda run: False),
    (Query(spec=[condition("optimizer.nesterov!=true")]), lambda run: False),
    (Query(spec=[condition("seed!=false")]), lambda run: True),
    (Query(spec=[condition("seed=false")]), lambda run: False),
    (Query(spec=[condition("seed!=nan")]), lambda run: True),
    (Query(spec=[condition("model.activation=tanh")]), lambda run: activation(run) == "tanh"),
    (Query(spec=[condition("model.activation.kind=tanh")]), lambda run: activation(run) == "tanh"),
    (Query(spec=[condition("model.activation!=tanh")]), lambda run: activation(run) != "tanh"),
    (
        Query(spec=[condition("model.activation.kind!=tanh")]),
        lambda run: activation(run) not in ("tanh", None),
    ),
    (
        Query(spec=[condition("model.activation.kind!=null")]),
        lambda run: activation(run) is not None,
    ),
    (
        Query(spec=[condition("model.activation=leaky_relu")]),
        lambda run: activation(run) == "leaky_relu",
    ),
    (
        Query(spec=[condition("model.activation.kind=leaky_relu")]),
        lambda run: activation(run) == "leaky_relu",
    ),
    (
        Query(spec=[condition('model.activation={"kind":"leaky_relu","alpha":0.01}')]),
        lambda run: activation(run) == "leaky_relu",
    ),
    (
        Query(spec=[condition('model.activation=["tanh",{"kind":"leaky_relu","alpha":0.01}]')]),
        lambda run: activation(run) is None,
    ),
    (Query(spec=[condition("model.activation=leaky")]), lambda run: False),
    (Query(spec=[condition("optimizer=sgd")]), lambda run: run.spec.optimizer.kind == "sgd"),
    (Query(spec=[condition("regularization=l1")]), lambda run: False),
    (Query(spec=[condition("regularization!=l1")]), lambda run: True),
    (Query(spec=[condition("training.steps=null")]), lambda run: run.spec.training.steps is None),
    (Query(spec=[condition("training.steps!=9")]), lambda run: True),
    (Query(spec=[condition("training.steps!=100")]), lambda run: run.spec.training.steps is None),
    (
        Query(metrics=[condition("test_loss!=0.5")]),
        lambda run: loss(run) not in (None, 0.5),
    ),
    (Query(metrics=[condition("test_nope!=1")]), lambda run: False),
    (Query(metrics=[condition("test_nope=null")]), lambda run: True),
    (
        Query(metrics=[condition("test_loss<=3.5")]),
        lambda run: (loss(run) or 99.0) <= 3.5,
    ),
    (Query(metrics=[condition("test_loss=null")]), lambda run: loss(run) is None),
    (Query(metrics=[condition("test_loss!=null")]), lambda run: loss(run) is not None),
    (
        Query(owner="owner2", statuses=["paused"], spec=[condition("optimizer.lr<1")]),
        lambda run: run.owner == "owner2" and run.status == "paused" and lr(run) < 1,
    ),
]


@pytest.mark.parametrize(("query", "matches"), MATCHES)
def test_conditions(database: Any, query: Query, matches: Any) -> None:
    wanted = {run.id for run in RUNS if matches(run)}
    page = find(database, query)
    assert {row["id"] for row in page.runs} == wanted
    assert page.total == len(wanted)
    assert {run for run, _ in ids(database, query)} == wanted


ORDERS: dict[str, Any] = {
    "created_at": lambda run: run.created_at,
    "ended_at": lambda run: run.ended_at,
    "name": lambda run: run.name.casefold(),
    "status": lambda run: run.status,
    "step": lambda run: run.step,
    "metrics.test_loss": loss,
}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 7, 59, 60, 500])
def test_pages_in_any_order(database: Any, order: str, descending: bool, limit: int) -> None:
    """Each run once; those without a value come last."""
    key = ORDERS[order]
    known = sorted(
        (run for run in RUNS if key(run) is not None), key=lambda run: (key(run), run.id)
    )
    unknown = sorted((run for run in RUNS if key(run) is None), key=lambda run: run.id)
    if descending:
        known, unknown = known[::-1], unknown[::-1]
    found: list[str] = []
    page = Page([], None, 0)
    while page.next or not found:
        query = Query(order=f"{'-' * descending}{order}", limit=limit, cursor=page.next)
        page = find(database, query)
        assert len(page.runs) <= limit
        found += [row["id"] for row in page.runs]
    assert found == [run.id for run in known + unknown]


def test_an_entry_is_the_summary_of_its_run(database: Any) -> None:
    for row in find(database, Query()).runs:
        (run,) = (one for one in RUNS if one.id == row["id"])
        assert row == run.summary()


def test_changes_are_those_of_the_spec_in_force(database: Any) -> None:
    row = find(database, Query(ids=["run002"])).runs[0]
    assert row["changes"] == {"seed": 7, "optimizer.lr": 0.5}


@pytest.mark.parametrize(
    ("query", "path"),
    [
        (Query(order="colour"), "order"),
        (Query(order="metrics."), "order"),
        (Query(order="metrics.a') --"), "order"),
        (Query(cursor="nonsense"), "cursor"),
        (Query(cursor="W10"), "cursor"),
        (Query(cursor="ÿ"), "cursor"),
    ],
)
def test_what_makes_no_list(database: Any, query: Query, path: str) -> None:
    with pytest.raises(BadRequest) as refused:
        find(database, query)
    assert refused.value.path == path
    assert refused.value.hint or path == "order"


def test_a_cursor_belongs_to_its_order(database: Any) -> None:
    page = find(database, Query(order="step", limit=5))
    with pytest.raises(BadRequest, match="cursor"):
        find(database, Query(order="name", limit=5, cursor=page.next))


@pytest.mark.parametrize("text", [
    "", "lr", "=3", "a b=3", "lr>big", "lr>true", "lr~3", "a'b=3", "lr=true", "lr!=false", "lr=a",
    "lr<nan", "lr<1e999", "lr=inf",
])  # fmt: skip
def test_what_makes_no_condition(text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        Condition.parse(text, "metric")
    assert refused.value.path == "metric"
    assert refused.value.hint


@pytest.mark.parametrize("sign", ["=", "!=", "<", ">="])
@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("optimiser.lr", "Did you mean 'optimizer.lr'?"),
        ("optimizer.lr.x", "Did you mean 'optimizer.lr'?"),
        ("nope", "Give a path of a spec"),
        (".", "Give a path of a spec"),
    ],
)
def test_a_field_that_no_spec_has(path: str, sign: str, hint: str) -> None:
    with pytest.raises(BadRequest, match="No spec has a field") as refused:
        Condition.parse(f"{path}{sign}0.1", "spec")
    assert refused.value.path == "spec"
    assert hint in refused.value.hint


def test_none_is_a_word() -> None:
    """Some fields have it as a value; what is missing is null."""
    assert condition("model.norm=none").value == "none"
    assert condition("model.norm=null").value is None


def test_every_field_of_every_run_can_be_asked_for(database: Any) -> None:
    """A run matches its own value, and what is not it only if the field is there."""
    for run in RUNS[: len(SPECS)]:
        for path, value in leaves(run.spec.document()):
            if path == "model.blocks":  # too long for a condition
                continue
            text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
            for sign, here in (("=", True), ("!=", False)):
                found = find(database, Query(ids=[run.id], spec=[condition(f"{path}{sign}{text}")]))
                assert found.total == (here if value is not None or sign == "=" else False)
            other = condition(f"{path}!=something else")
            assert find(database, Query(ids=[run.id], spec=[other])).total == 1


def leaves(document: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def test_only_a_condition_makes_it_selective() -> None:
    assert not Query(order="step", limit=3, cursor="x").selective
    assert not Query(statuses=[], tags=[], spec=[], metrics=[]).selective
    assert Query(ids=[]).selective
    assert all(query.selective for query, _ in MATCHES[1:])
