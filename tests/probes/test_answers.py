"""The right answers of typed sequences: those that the data sets themselves have."""

from typing import Any

import numpy as np
import pytest

from livenet.errors import OptionError
from livenet.models.rnn import Rnn
from livenet.probes.context import Context
from livenet.probes.sequences.answers import answers
from livenet.spec.data import KINDS, Sequences
from livenet.training import Trainer
from tests.probes.helpers import picture_of, trained

SYMBOLIC = [
    k.model_fields["kind"].default
    for k in KINDS
    if issubclass(k, Sequences) and k.model_fields["kind"].default not in ("addition", "waves")
]
TRANSFORMER: dict[str, Any] = {"kind": "transformer", "width": 8, "heads": 2, "depth": 1}


def run(kind: str, form: str = "decoder", **data: Any) -> Trainer:
    data = {"kind": kind, "samples": 60, **data}
    return trained({"data": data, "model": TRANSFORMER | {"form": form}}, 0)


def data_of(one: Trainer) -> Sequences:
    assert isinstance(one.spec.data, Sequences)
    return one.spec.data


@pytest.mark.parametrize("form", ["decoder", "encoder"])
@pytest.mark.parametrize("kind", SYMBOLIC)
def test_the_answers_are_those_of_the_data(kind: str, form: str) -> None:
    if kind == "characters" and form == "encoder":
        return
    one = run(kind, form)
    inputs, targets = Context.of(one).parts["test"]
    for x, y in zip(inputs.numpy(), targets.numpy(), strict=True):
        found = answers(data_of(one), x, form == "decoder")
        assert found is not None
        known = slice(None, -1) if kind == "characters" else slice(None)
        np.testing.assert_array_equal(found[known], y[known])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("delayed_recall", "ABCA"),  # no cue
        ("delayed_recall", "?"),
        ("delayed_recall", "·AB?"),  # no symbol to remember
        ("associative_recall", "A1B2C"),  # a key that has no value
        ("associative_recall", "A1A2A"),  # a key that has two
        ("associative_recall", "A1B2"),
        ("associative_recall", "1A2"),
        ("copy", "01→0→"),
        ("characters", "a"),
    ],
)
def test_what_is_not_of_the_task_s_form_has_no_answer(kind: str, text: str) -> None:
    one = run(kind)
    symbols = data_of(one).symbols_in
    assert answers(data_of(one), np.array([symbols.index(k) for k in text]), True) is None
    assert picture_of(one, "tokens", text=text).facts["loss"] == [None] * len(text)


def test_a_typed_sequence_has_its_loss_at_each_step() -> None:
    one = run("copy", "encoder", length=5)
    facts = picture_of(one, "tokens", text="3141").facts
    assert facts["target"] == list("3141")
    for loss, right, chosen, share in zip(
        facts["loss"], facts["target"], facts["predicted"], facts["probability"], strict=True
    ):
        assert (loss == pytest.approx(-np.log(share), abs=1e-5)) == (right == chosen)


def test_an_encoder_has_no_separator_to_read() -> None:
    one = run("copy", "encoder")
    facts = picture_of(one, "tokens", text="01").facts
    assert "→" not in facts["symbols"]
    assert "separator" not in facts
    with pytest.raises(OptionError, match="'→', symbol 2 of what was typed, is not read") as caught:
        picture_of(one, "tokens", text="0→1")
    assert "An encoder reads a source alone. The symbols are: 0, 1" in caught.value.hint
    assert "→" not in caught.value.hint


@pytest.mark.parametrize("text", ["→", "→01"])
def test_an_answer_without_a_source_is_refused(text: str) -> None:
    with pytest.raises(OptionError, match="no source before →") as caught:
        picture_of(run("copy"), "tokens", text=text)
    assert caught.value.path == "options.text"


def test_recurrent_nets_are_asked_like_decoders() -> None:
    one = trained({"data": {"kind": "parity"}, "model": {"kind": "rnn", "hidden": 4}}, 0)
    assert isinstance(one.model, Rnn)
    facts = picture_of(one, "states", text="0110").facts
    assert facts["target"] == ["even", "odd", "even", "even"]
