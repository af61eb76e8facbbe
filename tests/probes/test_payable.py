"""A worker answers nobody while it makes a picture: no options may ask for more than it can pay."""

from typing import Any

import numpy as np
import pytest

from livenet.errors import OptionError, ProbeUnfit
from livenet.pictures import Matrix
from livenet.probes import context as priced
from livenet.probes.autoencoders import semi_supervised
from livenet.probes.context import Context, payable
from livenet.probes.run import run_probe
from livenet.spec import resolve
from livenet.spec.cost import FLOPS, forward_flops
from livenet.training import Trainer
from tests.probes.helpers import mark

DIGITS = {"kind": "digits"}
TEXT = {"kind": "characters", "length": 16}
RECALL = {"kind": "delayed_recall", "delay": 6}
SMALL = {"kind": "vae", "hidden": [8]}


def context(data: dict[str, Any], model: dict[str, Any]) -> Context:
    return Context.of(Trainer(resolve({"data": data, "model": model})))


def times_dearer(monkeypatch: pytest.MonkeyPatch, one: Context, forwards: float) -> None:
    """As on a machine on which so many forward passes are a second's work."""
    monkeypatch.setattr(priced, "FLOPS", forwards * forward_flops(one.spec))


def test_what_can_be_paid_is_the_cost_models() -> None:
    assert payable(FLOPS, 2.5) == 2
    assert payable(10 * FLOPS, 2.5) == 1  # once at least


def test_a_bound_is_over_fewer_images(monkeypatch: pytest.MonkeyPatch) -> None:
    one = context(DIGITS, SMALL)
    assert run_probe(one, "bound", {"samples": 8, "images": 60}).facts["images"] == 60
    times_dearer(monkeypatch, one, 8 * 20)
    assert run_probe(one, "bound", {"samples": 8, "images": 60}).facts["images"] == 20


def test_estimators_are_over_fewer_images(monkeypatch: pytest.MonkeyPatch) -> None:
    one = context(DIGITS, SMALL)
    times_dearer(monkeypatch, one, 3 * 16 * 5)
    found = run_probe(one, "gradient_variance", {"draws": 16, "images": 64})
    assert found.plots[1].note == "5 images"


def test_a_grid_is_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    one = context(DIGITS, SMALL)
    assert len(run_probe(one, "latent_grid", {"size": 12}).facts["x"]) == 12
    times_dearer(monkeypatch, one, 30)
    assert len(run_probe(one, "latent_grid", {"size": 12}).facts["x"]) == 5


def test_labels_in_thousands_are_refused_before_anything_is_fitted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = context(DIGITS, SMALL)
    monkeypatch.setattr(semi_supervised, "scores", None)  # not called
    with pytest.raises(OptionError) as caught:
        run_probe(one, "semi_supervised", {"labels": list(range(993, 1001)), "draws": 20})
    assert "20 draws" in caught.value.message
    assert "draws at most, or for fewer labels" in caught.value.hint


@pytest.mark.parametrize("model", ["rnn", "transformer"])
def test_a_text_is_shorter(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = context(TEXT, {"kind": model})
    asked = {"length": 40, "count": 2}
    assert {len(text) for text in run_probe(one, "continuations", asked).facts["texts"]} == {40}
    reads = 16 if model == "rnn" else 1  # an rnn reads only the symbol that it wrote last
    times_dearer(monkeypatch, one, 2 * 7 / reads)
    assert {len(text) for text in run_probe(one, "continuations", asked).facts["texts"]} == {7}


def test_gradients_by_lag_are_over_fewer_sequences(monkeypatch: pytest.MonkeyPatch) -> None:
    one = context(RECALL, {"kind": "rnn"})
    all_of_them = run_probe(one, "gradient_lag", {"sequences": 200}).facts
    times_dearer(monkeypatch, one, 4 * 3)
    few = run_probe(one, "gradient_lag", {"sequences": 3}).facts
    assert run_probe(one, "gradient_lag", {"sequences": 200}).facts == few != all_of_them


def test_the_entropy_is_over_fewer_sequences(monkeypatch: pytest.MonkeyPatch) -> None:
    one = context(TEXT, {"kind": "transformer"})
    all_of_them = run_probe(one, "entropy", {"sequences": 200}).facts
    times_dearer(monkeypatch, one, 3)
    few = run_probe(one, "entropy", {"sequences": 3}).facts
    assert run_probe(one, "entropy", {"sequences": 200}).facts == few != all_of_them


def test_a_receptive_field_is_over_fewer_images(monkeypatch: pytest.MonkeyPatch) -> None:
    one = context(DIGITS, {"kind": "cnn"})
    all_of_them = mark(run_probe(one, "receptive_field", {"images": 200}), Matrix).values
    times_dearer(monkeypatch, one, 3 * 2)
    few, found = (
        mark(run_probe(one, "receptive_field", {"images": count}), Matrix).values
        for count in (2, 200)
    )
    assert np.array_equal(found, few)
    assert not np.allclose(few, all_of_them)


def test_regions_are_fewer_and_at_last_none(monkeypatch: pytest.MonkeyPatch) -> None:
    one = context(DIGITS, {"kind": "cnn"})
    times_dearer(monkeypatch, one, 8 * 100)
    assert run_probe(one, "regions", {"max_faces": 1000}).facts["activation_regions"] <= 100
    times_dearer(monkeypatch, one, 8 * 10)
    with pytest.raises(ProbeUnfit, match="too long to cut"):
        run_probe(one, "regions", {})
