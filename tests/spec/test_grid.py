"""The specs of a group: each combination once, and each as if it had been written by hand."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from livenet.errors import SpecError
from livenet.settings import Limits
from livenet.spec import resolve
from livenet.spec.grid import MAX_RUNS, Variation, variants

BASE: dict[str, Any] = {"training": {"steps": 10}}
LIMITS = Limits()


def test_each_combination_in_order() -> None:
    vary = [Variation("optimizer.lr", [0.1, 0.01]), Variation("model.hidden", [[2], [3, 3]])]
    found = variants(BASE, vary, [5, 6], LIMITS)
    assert [tuple(one.varied.values()) for one in found] == list(
        itertools.product([0.1, 0.01], [[2], [3, 3]], [5, 6])
    )
    for one in found:
        lr, hidden, seed = one.varied.values()
        by_hand = BASE | {"optimizer": {"lr": lr}, "model": {"hidden": hidden}, "seed": seed}
        assert one.spec == resolve(by_hand)
    assert BASE == {"training": {"steps": 10}}  # unchanged


def test_fields_of_a_kind_that_is_given_by_its_name() -> None:
    """A value replaces one field of a part, and leaves the others."""
    given = BASE | {"model": {"activation": "leaky_relu"}, "optimizer": {"kind": "sgd"}}
    vary = [Variation("model.activation.alpha", [0.2]), Variation("optimizer.lr", [0.3])]
    (one,) = variants(given, vary, [0], LIMITS)
    document = one.spec.document()
    assert document["model"]["activation"] == {"kind": "leaky_relu", "alpha": 0.2}
    assert (document["optimizer"]["kind"], document["optimizer"]["lr"]) == ("sgd", 0.3)


@pytest.mark.parametrize("path", ["data.kind", "training.steps", "model.kind"])
def test_any_field_varies(path: str) -> None:
    section, name = path.split(".")
    values: dict[str, list[Any]] = {
        "data.kind": ["moons", "spiral"],
        "training.steps": [3, 4],
        "model.kind": ["mlp"],
    }
    found = variants(BASE, [Variation(path, values[path])], [0], LIMITS)
    assert [one.spec.document()[section][name] for one in found] == values[path]


@pytest.mark.parametrize(
    ("given", "vary", "seeds", "path", "message"),
    [
        ({}, [], [0], "training.steps", "need an end"),
        (BASE, [("optimizer.lr", [0.1, -1.0])], [0], "optimizer.lr", "With optimizer.lr = -1"),
        (BASE, [("optimizer.rate", [1])], [0], "optimizer.rate", "rate"),
        (BASE, [("optimiser.lr", [1])], [0], "optimiser", "no field"),
        (BASE, [("seed", [1])], [0], "vary", "seeds, too"),
        (BASE, [("optimizer.lr", [1]), ("optimizer.lr", [2])], [0], "vary", "twice"),
        (BASE, [("optimizer", [{}]), ("optimizer.lr", [2])], [0], "vary", "a part of it"),
        (BASE, [("model.hidden.0", [2]), ("model", [{}])], [0], "vary", "a part of it"),
        (BASE, [("optimizer.lr", [0.1, 0.1])], [0], "vary", "twice"),
        (BASE, [("optimizer.lr", [1, 1.0])], [0], "vary", "twice"),
        (BASE, [("model.hidden.0", [1])], [0], "model.hidden", "With model.hidden"),
        (BASE | {"model": {"hidden": [3]}}, [("model.hidden.0", [1])], [0], "vary", "hidden is"),
        (BASE, [], [3, 3], "seeds", "twice"),
        (BASE, [], [-1], "seed", "With seed = -1"),
        (BASE, [("optimizer.lr", [n / 1000 for n in range(1, 101)])], range(9), "vary", "900"),
    ],
)
def test_what_is_refused(
    given: dict[str, Any], vary: Any, seeds: Any, path: str, message: str
) -> None:
    with pytest.raises(SpecError, match=message) as refused:
        variants(given, [Variation(*one) for one in vary], list(seeds), LIMITS)
    assert refused.value.path == path
    assert refused.value.hint


def test_names_that_only_begin_alike_are_no_parts() -> None:
    vary = [Variation("optimizer.beta1", [0.9]), Variation("optimizer.beta2", [0.99])]
    assert len(variants(BASE, vary, [0], LIMITS)) == 1
    with pytest.raises(SpecError, match="no field"):
        variants(BASE, [Variation("model", [{}]), Variation("models.hidden", [[2]])], [0], LIMITS)


def test_true_is_another_value_than_one() -> None:
    given = BASE | {"training": {"steps": 10}}
    with pytest.raises(SpecError, match="With"):  # and not that it is given twice
        variants(given, [Variation("optimizer.lr", [1, True])], [0], LIMITS)


def test_the_largest_group() -> None:
    vary = [Variation("optimizer.lr", [0.001 * n for n in range(1, 101)])]
    assert len(variants(BASE, vary, range(5), LIMITS)) == MAX_RUNS
