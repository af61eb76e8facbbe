"""Every family through the one trainer: layers in numbers, steps, rows, snapshots, draws."""

import json
import re
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from livenet.spec import describe, resolve
from livenet.spec.cost import forward_flops
from livenet.spec.model import KINDS
from livenet.training import Snapshot, Trainer
from tests.models.every import EVERY, small
from tests.training.runs import run, same, steps

ALL = pytest.mark.parametrize("name", EVERY)
DROPOUT = {"dropout": 0.3}


def made(name: str, **sections: Any) -> Trainer:
    return Trainer(resolve(small(EVERY[name], **sections)))


def test_every_family_is_here() -> None:
    kinds = {resolve(document).model.kind for document in EVERY.values()}
    assert kinds == {kind.model_fields["kind"].default for kind in KINDS}


@ALL
def test_layers_in_numbers_are_those_of_the_model(name: str) -> None:
    one = made(name)
    told = {k: v for layer in one.spec.layers for k, v in layer.tensors.items()}
    real = {k: tuple(v.shape) for k, v in one.model.named_parameters()}
    assert told == real
    assert one.spec.parameter_count == sum(p.numel() for p in one.model.parameters())
    found = describe(one.spec)
    assert json.loads(json.dumps(found)) == found
    assert value_of(found["formula"].split("=")[0]) == one.spec.parameter_count


def value_of(formula: str) -> int:
    """The number that a formula in LaTeX comes to."""
    for latex, plain in (("\\cdot", "*"), ("\\times", "*"), ("{", "("), ("}", ")")):
        formula = formula.replace(latex, plain)
    formula = re.sub(r"(?<=[\d)])\s*(?=\()", "*", formula)
    return int(eval(formula, {"__builtins__": {}}))  # noqa: S307  # our own text


@ALL
def test_costs_are_of_the_right_order(name: str) -> None:
    """Against torch's own count of multiplications in dense layers and convolutions."""
    one = made(name)
    x = one.parts["train"][0][:4]
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        one.model(x)
    if one.spec.model.kind != "rnn":  # fused cells are not counted
        counted = counter.get_total_flops()
        assert 0.5 < forward_flops(one.spec) / (counted / 4) < 2.0


@ALL
def test_training_lowers_the_loss(name: str) -> None:
    one = made(name, training={"batch_size": None})
    before = one.metrics()["train_loss"]
    after = steps(one, 40).metrics()["train_loss"]
    assert before is not None
    assert after is not None
    assert after < before


@ALL
def test_rows_are_whole_and_have_the_same_columns(name: str) -> None:
    rows = run(made(name))
    assert [row.step for row in rows] == [0, 5, 10, 12]
    for row in rows:
        assert row.metrics.keys() == rows[0].metrics.keys()
        assert {"train_loss", "test_loss", "gradient_norm", "learning_rate"} <= row.metrics.keys()
    empty = {key for key, value in rows[-1].metrics.items() if value is None}
    assert not empty


@ALL
def test_bit_for_bit_from_a_snapshot(name: str) -> None:
    one = steps(made(name, regularization=DROPOUT), 6)
    snapshot = Snapshot.unpack(one.snapshot().pack())
    other = Trainer(snapshot.spec, snapshot)
    for _ in range(5):
        one.step()
        other.step()
        assert same(one.snapshot(), other.snapshot())
        for key, value in one.snapshot().buffers.items():
            assert value.tobytes() == other.snapshot().buffers[key].tobytes()
    assert one.metrics() == other.metrics()


@ALL
def test_weights_are_all_that_the_model_computes_with(name: str) -> None:
    """Put into a net of another seed, they make it this one."""
    one, other = steps(made(name), 3), made(name, seed=1)
    x = one.parts["test"][0][:8]
    one.model.eval()
    other.model.eval()
    with torch.no_grad():
        assert not torch.equal(one.model(x), other.model(x))
        loaded = {key: torch.from_numpy(value) for key, value in one.weights().items()}
        assert not other.model.load_state_dict(loaded, strict=False).unexpected_keys
        assert torch.equal(one.model(x), other.model(x))


@ALL
def test_another_seed_draws_other_weights(name: str) -> None:
    one, other = made(name).flat.phi, made(name, seed=1).flat.phi
    assert not np.array_equal(one.numpy(), other.numpy())


@ALL
def test_measuring_changes_nothing(name: str) -> None:
    one = steps(made(name, regularization=DROPOUT), 3)
    before = one.snapshot()
    first, second = one.metrics(), one.metrics()
    assert first == second
    assert same(one.snapshot(), before)
    assert all(
        np.array_equal(one.snapshot().buffers[key], value) for key, value in before.buffers.items()
    )


@ALL
def test_dropout_has_a_say(name: str) -> None:
    one, other = made(name), made(name, regularization={"dropout": 0.5})
    assert not np.array_equal(steps(one, 2).flat.phi.numpy(), steps(other, 2).flat.phi.numpy())
