"""Any part of a spec becomes a whole one, and a whole one comes back as it was."""

import json
from typing import Any

import pytest

from livenet.settings import Limits
from livenet.spec import RunSpec, resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.spec.choice import Choice
from livenet.spec.data import KINDS as DATA
from livenet.spec.data import Idx, Points
from livenet.spec.initializers import INITIALIZERS
from livenet.spec.model import KINDS as MODELS
from livenet.spec.optimizer import KINDS as OPTIMIZERS
from livenet.spec.optimizer import SCHEDULES
from tests.spec.perceptron import perceptron

FROM_THE_API_PAGE = {
    "seed": 0,
    "data": {"kind": "spiral", "samples": 500, "noise": 0.0, "test_fraction": 0.5},
    "model": {
        "kind": "mlp",
        "features": ["x1", "x2"],
        "hidden": [8, 8],
        "activation": "tanh",
        "initializer": "xavier_normal",
    },
    "objective": {"kind": "bernoulli"},
    "optimizer": {"kind": "adam", "lr": 0.01},
    "regularization": {"l1": 0.0, "l2": 0.0},
    "training": {"batch_size": 10, "steps": 5000, "series_every": 10},
}


def _kinds(rows: Any) -> list[str]:
    return [row.model_fields["kind"].default for row in rows]


EVERY_KIND: list[dict[str, Any]] = [
    *({"data": {"kind": kind}} for kind in _kinds(k for k in DATA if not issubclass(k, Idx))),
    *({"model": {"activation": kind}} for kind in ACTIVATIONS),
    *({"model": {"initializer": kind}} for kind in INITIALIZERS),
    *({"optimizer": {"kind": kind}} for kind in _kinds(OPTIMIZERS)),
    *({"optimizer": {"schedule": {"kind": kind}}} for kind in _kinds(SCHEDULES)),
    {"model": {"activation": ["relu", {"kind": "elu", "alpha": 2}], "hidden": [3, 4]}},
    {"model": {"hidden": [], "bias": False}},
    {"model": {"hidden": [5, 5], "residual": True}},
    {"training": {"batch_size": None, "steps": None}},
    FROM_THE_API_PAGE,
]


def test_the_empty_document_is_the_one_of_the_api_page() -> None:
    spec = resolve({})
    assert spec == resolve(FROM_THE_API_PAGE | {"training": {}})
    assert spec.training.steps is None


@pytest.mark.parametrize("document", EVERY_KIND, ids=lambda d: json.dumps(d)[:60])
def test_a_whole_spec_comes_back_as_it_was(document: dict[str, Any]) -> None:
    spec = resolve(document)
    whole = spec.document()
    assert resolve(json.loads(json.dumps(whole))) == spec
    assert resolve(whole).document() == whole
    assert hash(resolve(whole)) == hash(spec)


@pytest.mark.parametrize("document", EVERY_KIND, ids=lambda d: json.dumps(d)[:60])
def test_what_was_written_stands(document: dict[str, Any]) -> None:
    whole = resolve(document).document()
    for section, fields in document.items():
        if not isinstance(fields, dict):
            assert whole[section] == fields
            continue
        for name, value in fields.items():
            found = whole[section][name]
            if isinstance(value, str) and isinstance(found, dict):
                assert found["kind"] == value
            elif isinstance(value, dict):
                assert found.items() >= value.items()
            else:
                assert found == value


@pytest.mark.parametrize("kind", _kinds(one for one in DATA if issubclass(one, Points)))
def test_defaults_follow_the_points(kind: str) -> None:
    spec = resolve({"data": {"kind": kind}})
    assert isinstance(spec.data, Points)
    assert perceptron(spec).features == (("x1", "x2") if spec.data.inputs == 2 else ("x1",))
    expected = {0: "gaussian", 2: "bernoulli"}.get(spec.data.classes, "categorical")
    assert spec.objective.kind == expected
    assert spec.outputs == (spec.data.classes if expected == "categorical" else 1)


@pytest.mark.parametrize("kind", _kinds(one for one in DATA if not issubclass(one, (Points, Idx))))
def test_defaults_follow_images_and_sequences(kind: str) -> None:
    spec = resolve({"data": {"kind": kind}})
    assert spec.data.family in spec.model.families
    assert spec.objective.kind == ("gaussian" if spec.data.target == "real" else "categorical")
    assert spec.outputs == (spec.data.classes or 1)


@pytest.mark.parametrize("kind", _kinds(MODELS))
def test_data_follow_a_model_that_stands_alone(kind: str) -> None:
    spec = resolve({"model": {"kind": kind}})
    assert spec.data.kind == spec.model.data
    assert spec.data.family in spec.model.families


@pytest.mark.parametrize("kind", ["relu", "leaky_relu", {"kind": "relu"}, ["tanh", "relu"]])
def test_the_initializer_follows_the_activation(kind: Any) -> None:
    model = perceptron(resolve({"model": {"activation": kind}}))
    first = kind[0] if isinstance(kind, list) else kind
    expected = "xavier_normal" if first == "tanh" else "he_normal"
    assert model.initializer == Choice(expected, {"gain": 1.0})


def test_an_initializer_that_was_written_stands() -> None:
    model = perceptron(resolve({"model": {"activation": "relu", "initializer": "zero"}}))
    assert model.initializer == Choice("zero", {})


@pytest.mark.parametrize("samples", [4, 5, 8, 21, 500])
def test_the_default_batch_fits_the_data(samples: int) -> None:
    spec = resolve({"data": {"samples": samples, "test_fraction": 0.9}})
    assert spec.training.batch_size == min(10, spec.data.train_count)


def test_the_full_batch_is_the_training_part() -> None:
    spec = resolve({"data": {"samples": 100, "test_fraction": 0.2}, "training": {"batch_size": 80}})
    assert spec.batch_size == 80
    full = resolve({"data": {"samples": 100}, "training": {"batch_size": None}})
    assert full.batch_size == 50


def test_knobs_of_a_choice_have_defaults() -> None:
    model = perceptron(resolve({"model": {"activation": "leaky_relu"}}))
    assert model.activation == Choice("leaky_relu", {"alpha": 0.01})
    assert model.activations == (Choice("leaky_relu", {"alpha": 0.01}),) * 2


def test_rows_come_more_rarely_where_they_would_cost_more_than_training() -> None:
    """10,000 points evaluated every 10 steps of one example each would be most of the work."""
    document: dict[str, Any] = {
        "data": {"samples": 10_000},
        "model": {"hidden": [64, 64]},
        "training": {"batch_size": 1},
    }
    assert (resolve(document).training.series_every or 0) > 10
    document["training"]["series_every"] = 10
    assert resolve(document).training.series_every == 10


def test_a_spec_cannot_be_changed_in_place() -> None:
    spec = resolve({})
    with pytest.raises(ValueError, match="frozen"):
        setattr(spec, "seed", 1)  # noqa: B010  # as one who does not read types


def test_limits_of_the_server_count() -> None:
    document = {"model": {"hidden": [512] * 8}, "training": {"batch_size": 250}}
    generous = resolve(document, Limits(max_step_seconds=10))
    assert isinstance(generous, RunSpec)
