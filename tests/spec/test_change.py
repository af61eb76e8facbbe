"""Which knobs may be turned while a run goes on."""

from collections.abc import Iterator
from typing import Any

import pytest

from livenet.errors import CommandError, SpecError
from livenet.spec import RunSpec, changed, live_paths, resolve
from livenet.spec.optimizer import KINDS as OPTIMIZERS
from livenet.spec.optimizer import SCHEDULES

KINDS = [kind.model_fields["kind"].default for kind in OPTIMIZERS]
PLANS = [kind.model_fields["kind"].default for kind in SCHEDULES]
OTHER: dict[str, Any] = {
    "lr": 0.25,
    "momentum": 0.5,
    "nesterov": True,
    "beta1": 0.5,
    "beta2": 0.75,
    "eps": 1e-4,
    "bias_correction": False,
    "weight_decay": 0.5,
    "gamma": 0.5,
    "centered": True,
    "every": 7,
    "factor": 0.125,
    "steps": 77,
    "floor": 0.5,
    "l1": 0.5,
    "l2": 0.25,
    "dropout": 0.5,
    "batch_size": 3,
    "series_every": 9,
}


def _spec(optimizer: str, schedule: str) -> RunSpec:
    return resolve({"optimizer": {"kind": optimizer, "schedule": {"kind": schedule}}})


def _at(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document[name]
    return document


def _leaves(document: dict[str, Any], path: str = "") -> Iterator[str]:
    for name, value in document.items():
        yield f"{path}{name}"
        if isinstance(value, dict):
            yield from _leaves(value, f"{path}{name}.")


@pytest.mark.parametrize("schedule", PLANS)
@pytest.mark.parametrize("optimizer", KINDS)
def test_every_live_path_takes_another_value_and_changes_nothing_else(
    optimizer: str, schedule: str
) -> None:
    spec = _spec(optimizer, schedule)
    for path in live_paths(spec):
        name = path.split(".")[-1]
        if path == "optimizer.schedule":
            value: Any = {"kind": "cosine", "steps": 9, "floor": 0.25}
        elif name == "kind":
            value = "cosine" if schedule == "step" else "step"
        else:
            value = OTHER[name]
        after = changed(spec, {path: value}).document()
        assert _at(after, path) == value
        before = spec.document()
        root = "optimizer.schedule" if path.startswith("optimizer.schedule") else path
        for leaf in _leaves(before):
            inside = leaf.startswith(root) or root.startswith(leaf)
            assert inside or _at(after, leaf) == _at(before, leaf)


@pytest.mark.parametrize("optimizer", KINDS)
def test_every_other_path_would_need_a_restart(optimizer: str) -> None:
    spec = _spec(optimizer, "constant")
    document = spec.document()
    for path in _leaves(document):
        if path in live_paths(spec):
            continue
        with pytest.raises(CommandError) as caught:
            changed(spec, {path: _at(document, path)})
        assert caught.value.path == path
        assert "optimizer.lr" in caught.value.hint
        assert "new run" in caught.value.message


def test_a_schedule_of_another_kind_brings_its_own_fields() -> None:
    changes = {"optimizer.schedule.steps": 50, "optimizer.schedule.kind": "cosine"}
    after = changed(resolve({}), changes)
    assert after.document()["optimizer"]["schedule"] == {
        "kind": "cosine",
        "steps": 50,
        "floor": 0.0,
    }


@pytest.mark.parametrize(
    ("path", "value", "word"),
    [
        ("optimizer.lr", -1, "at least 0"),
        ("training.batch_size", 10_000, "250"),
        ("regularization.dropout", "half", "number"),
        ("optimizer.schedule.kind", "cosin", "cosine"),
        ("training.steps", 0, "at least 1"),
    ],
)
def test_a_bad_value_is_refused_at_its_path(path: str, value: object, word: str) -> None:
    with pytest.raises(SpecError) as caught:
        changed(resolve({}), {path: value})
    assert caught.value.path == path
    assert word in f"{caught.value.message} {caught.value.hint}"


def test_one_bad_change_refuses_them_all() -> None:
    spec = resolve({})
    with pytest.raises(SpecError):
        changed(spec, {"optimizer.lr": 0.5, "training.batch_size": 0})
    assert spec == resolve({})


@pytest.mark.parametrize(
    "path", ["", "lr", "optimizr.lr", "optimizer.lr.x", "seed.x", "optimizer.schedule.every"]
)
@pytest.mark.parametrize("seed", [0, 5])
def test_a_path_that_is_no_field_of_the_spec_says_so(path: str, seed: int) -> None:
    """Not that it would need a restart, which would not help."""
    with pytest.raises(CommandError) as caught:
        changed(resolve({"seed": seed}), {path: 1})
    assert caught.value.path == path
    assert "no field" in caught.value.message


def test_no_changes_are_refused() -> None:
    with pytest.raises(CommandError):
        changed(resolve({}), {})
