"""Bad input: each refusal says where, what was given, what is allowed, and the way out."""

import json
from typing import Any

import pytest

from livenet.errors import SpecError
from livenet.spec import resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.spec.choice import Row
from livenet.spec.data import KINDS as DATA
from livenet.spec.initializers import INITIALIZERS
from livenet.spec.model import KINDS as MODELS
from livenet.spec.objective import KINDS as OBJECTIVES
from livenet.spec.optimizer import KINDS as OPTIMIZERS
from livenet.spec.optimizer import SCHEDULES
from livenet.spec.training import Regularization, Training
from tests.plain import NOTHING, assert_plain, wrong_values


def refused(document: object) -> SpecError:
    with pytest.raises(SpecError) as caught:
        resolve(document)
    json.dumps(caught.value.document(), ensure_ascii=False).encode()
    return caught.value


def _sine(**sections: Any) -> dict[str, Any]:
    return {"data": {"kind": "sine"}, **sections}


# document, path, what the message must hold (given and allowed)
CASES: list[tuple[object, str, tuple[str, ...]]] = [
    # not a spec
    ([], "", ("[]", "object")),
    ("spiral", "", ("spiral", "object")),
    ({"dta": {}}, "dta", ("dta",)),
    ({"data": []}, "data", ("[]", "object")),
    ({"training": None}, "training", ("null", "object")),
    # unknown kinds
    ({"data": {"kind": "spirl"}}, "data.kind", ("spirl", "spiral", "bumps")),
    ({"data": {"kind": 5}}, "data.kind", ("5", "spiral")),
    ({"data": {"kind": None}}, "data.kind", ("null", "spiral")),
    ({"data": {"kind": ["spiral"]}}, "data.kind", ("spiral",)),
    ({"model": {"kind": "gan"}}, "model.kind", ("gan", "mlp")),
    ({"objective": {"kind": "poisson"}}, "objective.kind", ("poisson", "bernoulli")),
    ({"optimizer": {"kind": "adamm"}}, "optimizer.kind", ("adamm", "adamw", "sgd")),
    (
        {"optimizer": {"schedule": {"kind": "cos"}}},
        "optimizer.schedule.kind",
        ("cos", "cosine", "constant"),
    ),
    ({"model": {"activation": "rely"}}, "model.activation", ("rely", "relu", "softmax")),
    ({"model": {"activation": {"kind": "rely"}}}, "model.activation", ("rely", "relu")),
    ({"model": {"activation": ["relu", "tan"]}}, "model.activation.1", ("tan", "tanh")),
    ({"model": {"initializer": "he"}}, "model.initializer", ("he", "he_normal")),
    ({"model": {"features": ["x1", "x3"]}}, "model.features.1", ("x3", "x1_squared")),
    # wrong types
    ({"seed": "0"}, "seed", ("'0'", "integer")),
    ({"seed": True}, "seed", ("true", "integer")),
    ({"seed": 1.5}, "seed", ("1.5", "integer")),
    ({"seed": [1]}, "seed", ("[1]", "integer")),
    ({"data": {"noise": "0.1"}}, "data.noise", ("'0.1'", "number")),
    ({"data": {"noise": float("NaN")}}, "data.noise", ("NaN", "finite")),
    ({"data": {"noise": float("Infinity")}}, "data.noise", ("Infinity",)),
    ({"model": {"hidden": 8}}, "model.hidden", ("8", "array")),
    ({"model": {"hidden": [8, "8"]}}, "model.hidden.1", ("'8'", "integer")),
    ({"model": {"bias": 1}}, "model.bias", ("1", "boolean")),
    ({"model": {"activation": 3}}, "model.activation", ("3", "name")),
    ({"model": {"activation": [3, "relu"]}}, "model.activation.0", ("3", "name")),
    ({"optimizer": {"schedule": 3}}, "optimizer.schedule", ("3", "object")),
    ({"optimizer": {"lr": None}}, "optimizer.lr", ("null", "number")),
    # unknown fields
    ({"data": {"sample": 9}}, "data.sample", ("sample", "samples", "noise", "arms")),
    ({"model": {"hiden": [4]}}, "model.hiden", ("hiden", "hidden", "residual")),
    ({"training": {"batch": 4}}, "training.batch", ("batch", "batch_size", "series_every")),
    ({"regularization": {"l3": 4}}, "regularization.l3", ("l3", "l1", "l2", "dropout")),
    ({"optimizer": {"kind": "sgd", "beta1": 0.5}}, "optimizer.beta1", ("beta1", "momentum")),
    (
        {"optimizer": {"schedule": {"kind": "cosine", "every": 5}}},
        "optimizer.schedule.every",
        ("every", "steps", "floor"),
    ),
    (
        {"model": {"activation": {"kind": "elu", "beta": 1}}},
        "model.activation.beta",
        ("beta", "alpha"),
    ),
    ({"model": {"activation": {"kind": "relu", "alpha": 1}}}, "model.activation.alpha", ("alpha",)),
    # out of range
    ({"data": {"samples": 10_001}}, "data.samples", ("10,001", "10,000")),
    ({"data": {"samples": 3}}, "data.samples", ("3", "4")),
    ({"data": {"test_fraction": 1.0}}, "data.test_fraction", ("1.0", "0.9")),
    ({"seed": -1}, "seed", ("-1", "0")),
    ({"seed": 2**31}, "seed", (str(2**31), str(2**31 - 1))),
    ({"optimizer": {"lr": -0.1}}, "optimizer.lr", ("-0.1", "0")),
    ({"optimizer": {"beta1": 1.0}}, "optimizer.beta1", ("1.0", "less than 1")),
    ({"optimizer": {"eps": 0.0}}, "optimizer.eps", ("0.0", "greater than 0")),
    ({"regularization": {"dropout": 1.0}}, "regularization.dropout", ("1.0", "0.95")),
    ({"training": {"batch_size": 0}}, "training.batch_size", ("0", "1")),
    ({"training": {"steps": 0}}, "training.steps", ("0", "1")),
    ({"model": {"hidden": [0]}}, "model.hidden.0", ("0", "1")),
    ({"model": {"features": []}}, "model.features", ("[]", "1")),
    (_sine(objective={"sigma": 0.0}), "objective.sigma", ("0.0", "greater than 0")),
    (
        {"model": {"activation": {"kind": "elu", "alpha": -1}}},
        "model.activation.alpha",
        ("-1", "0 to 10"),
    ),
    (
        {"model": {"activation": {"kind": "elu", "alpha": 10**400}}},
        "model.activation.alpha",
        ("1000", "0 to 10"),
    ),
    (
        {"model": {"initializer": {"kind": "normal", "sigma": True}}},
        "model.initializer.sigma",
        ("true", "sigma"),
    ),
    ({"data": {"samples": 1e99}}, "data.samples", ("1e+99", "integer", "at most 1000000000")),
    ({"data": {"samples": 500.0}}, "data.samples", ("500.0", "digits")),
    # no text
    (
        {"data": {"kind": "characters", "text": "ab" * 50 + "\ud800"}},
        "data.text",
        ("U+D800", "half"),
    ),
    ({"data": {"kind": "\ud800"}}, "data.kind", ("U+D800", "half")),
    ({"data": {"kind": "characters", "text": "a"}}, "data.text", ("1 character,", "66")),
    # too large
    ({"model": {"hidden": [513]}}, "model.hidden.0", ("513", "512")),
    ({"model": {"hidden": [8] * 33}}, "model.hidden", ("33", "32")),
    (
        {"model": {"hidden": [512] * 32}, "training": {"batch_size": 200}},
        "training.batch_size",
        ("200", "100 ms"),
    ),
    # impossible combinations
    (_sine(objective={"kind": "categorical"}), "objective.kind", ("categorical", "sine", "real")),
    (_sine(objective={"kind": "bernoulli"}), "objective.kind", ("bernoulli", "sine", "real")),
    ({"objective": {"kind": "gaussian"}}, "objective.kind", ("gaussian", "spiral", "classes")),
    (
        {"data": {"kind": "blobs"}, "objective": {"kind": "bernoulli"}},
        "objective.kind",
        ("bernoulli", "blobs", "4 classes"),
    ),
    ({"training": {"batch_size": 251}}, "training.batch_size", ("251", "250")),
    (_sine(model={"features": ["x1", "x2"]}), "model.features.1", ("x2", "sine", "one input")),
    ({"model": {"features": ["x1", "x1"]}}, "model.features", ("x1", "twice")),
    ({"model": {"activation": ["relu"]}}, "model.activation", ("1", "2 hidden")),
    ({"model": {"hidden": [3, 4], "residual": True}}, "model.residual", ("[3, 4]", "wide")),
]


@pytest.mark.parametrize(
    ("document", "path", "words"),
    CASES,
    ids=[f"{path}-{i}" for i, (_, path, _) in enumerate(CASES)],
)
def test_a_refusal_says_where_what_and_the_way_out(
    document: object, path: str, words: tuple[str, ...]
) -> None:
    error = refused(document)
    assert error.path == path
    for word in words:
        assert word in f"{error.message} {error.hint}"
    assert error.hint
    assert error.status == 422


@pytest.mark.parametrize(
    ("document", "word"),
    [
        ({"data": {"kind": "spirl"}}, "'spiral'"),
        ({"data": {"nois": 0}}, "'noise'"),
        ({"model": {"activation": "rely"}}, "'relu'"),
        ({"model": {"activation": ["tanh", "sofmax"]}}, "'softmax'"),
        ({"optimizer": {"schedule": {"kind": "cosin"}}}, "'cosine'"),
        ({"optimizr": {}}, "'optimizer'"),
        ({"model": {"features": ["x1_square"]}}, "'x1_squared'"),
        ({"model": {"kind": "lstm"}}, "'rnn'"),
        ({"model": {"kind": "gru"}}, "'gru' as its cell"),
        ({"model": "cnn"}, '{"kind": "cnn"}'),
        ({"model": {"kind": "cnn", "blocks": ["conv"]}}, '{"kind": "conv"}'),
        ({"optimizer": {"schedule": 3}}, '{"kind": "constant"}'),
        ({"training": "sgd"}, "{}"),
    ],
)
def test_a_slip_of_the_pen_is_put_right(document: object, word: str) -> None:
    assert word in refused(document).hint


@pytest.mark.parametrize(
    ("document", "hint"),
    [
        ({"model": {"kind": "zzz"}}, "Choose one of these."),
        ({"optimizer": {"schedule": {"kind": 7}}}, "Choose one of these."),
        ({"model": {"activation": "zzz"}}, "Choose one of these."),
        ({"model": {"features": ["zzz"]}}, "Choose one of these."),
        ({"data": {"zzz": 1}}, "Leave it out, or use one of these."),
    ],
)
def test_the_allowed_words_are_listed_once(document: object, hint: str) -> None:
    """In the message; the hint is one action."""
    error = refused(document)
    assert ", " in error.message
    assert error.hint == hint


@pytest.mark.parametrize("kind", DATA)
def test_an_unknown_field_of_data_names_the_fields_of_its_kind(kind: Any) -> None:
    name = kind.model_fields["kind"].default
    error = refused({"data": {"kind": name, "colour": 1}})
    assert error.path == "data.colour"
    assert error.message.split("allowed: ")[1].split(", ") == list(kind.model_fields)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_an_unknown_field_of_an_optimizer_names_the_fields_of_its_kind(kind: Any) -> None:
    name = kind.model_fields["kind"].default
    error = refused({"optimizer": {"kind": name, "colour": 1}})
    assert error.message.split("allowed: ")[1].split(", ") == list(kind.model_fields)


@pytest.mark.parametrize(
    ("section", "allowed"),
    [
        ("regularization", ["l1", "l2", "dropout"]),
        ("training", ["batch_size", "steps", "series_every"]),
        ("model", ["kind", "features", "hidden", "activation", "initializer", "bias", "residual"]),
    ],
)
@pytest.mark.parametrize("name", ["colour", "spiral", "step"])
def test_an_unknown_field_that_is_called_like_a_kind(
    section: str, allowed: list[str], name: str
) -> None:
    """The name of a kind is no place for that kind's fields."""
    error = refused({section: {name: 1}})
    assert error.path == f"{section}.{name}"
    assert error.message.split("allowed: ")[1].split(", ") == allowed


WITH_KNOBS = [
    (field, row)
    for field, table in (("activation", ACTIVATIONS), ("initializer", INITIALIZERS))
    for row in table.values()
    if row.knobs
]


@pytest.mark.parametrize(
    ("field", "row"), WITH_KNOBS, ids=[f"{field}-{row.kind}" for field, row in WITH_KNOBS]
)
def test_a_knob_out_of_range_is_named_with_its_range(field: str, row: Row) -> None:
    for name, knob in row.knobs.items():
        for value in (knob.high * 2 + 1, knob.low - 1, "x", True, None):
            error = refused({"model": {field: {"kind": row.kind, name: value}}})
            assert error.path == f"model.{field}.{name}"
            assert f"{knob.low:g} to {knob.high:g}" in error.message


def test_a_message_stays_short_whatever_was_given() -> None:
    for document in (["x" * 10_000], {"data": {"kind": "x" * 10_000}}, {"seed": "9" * 10_000}):
        assert len(refused(document).message) < 1000
    assert len(refused({"x" * 10_000: 1}).message) < 1000


def test_what_cannot_be_written_as_utf8_is_refused_in_words_that_can() -> None:
    """JSON can escape half of a surrogate pair; a reply that held one could not be sent."""
    for document in ({"\ud800": 1}, {"data": {"\ud800": 1}}, {"data": {"kind": "\ud800"}}):
        refused(document)


def test_nothing_that_python_alone_can_say_gets_through() -> None:
    assert "JSON" in refused({"optimizer": {"lr": object()}}).message


SECTIONS = [
    (section, kind)
    for section, kinds in (
        ("data", DATA),
        ("model", MODELS),
        ("objective", OBJECTIVES),
        ("optimizer", OPTIMIZERS),
        ("optimizer.schedule", SCHEDULES),
        ("regularization", (Regularization,)),
        ("training", (Training,)),
    )
    for kind in kinds
]


@pytest.mark.parametrize(
    ("section", "kind"), SECTIONS, ids=[f"{section}-{kind.__name__}" for section, kind in SECTIONS]
)
def test_every_field_is_refused_in_plain_words_and_by_its_own_path(section: str, kind: Any) -> None:
    schema = kind.model_json_schema()
    tag = {"kind": kind.model_fields["kind"].default} if "kind" in kind.model_fields else {}
    for name, rule in {**schema["properties"], "colour": {}}.items():
        for value in wrong_values(rule):
            if value is NOTHING:
                continue
            document: dict[str, Any] = {**tag, name: value}
            for part in reversed(section.split(".")):
                document = {part: document}
            try:
                resolve(document)
            except SpecError as error:
                alone = not isinstance(value, float | int | str) or isinstance(value, bool)
                assert_plain(error.document(), f"{section}.{name}" if alone else "")
