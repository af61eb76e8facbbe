"""A loss that is no longer finite: nothing is lost, and the error says which layer was first."""

from typing import Any

import pytest

from livenet.errors import Diverged
from livenet.training import Trainer
from tests.training.runs import OPTIMIZERS, names, same, steps, trainer

HUGE = 3e38  # nearly the largest float32
RELU: dict[str, Any] = {
    "model": {"hidden": [4, 4, 4], "activation": "relu"},
    "data": {"kind": "plane", "samples": 40},
    "training": {"batch_size": 7},
}


def fill(one: Trainer, name: str, value: float) -> None:
    one.parameters()[name].fill_(value)


def refused(one: Trainer) -> Diverged:
    """The next step diverges and changes nothing."""
    before = one.snapshot()
    with pytest.raises(Diverged) as caught:
        one.step()
    assert same(one.snapshot(), before)
    assert f"after step {one.step_count}" in caught.value.message
    assert "0.01" in caught.value.message  # the learning rate
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("layer", "name"),
    [(0, "hidden layer 1"), (1, "hidden layer 2"), (2, "hidden layer 3"), (3, "output layer")],
)
def test_the_first_layer_that_overflows_is_named(layer: int, name: str) -> None:
    one = trainer(RELU)
    for bias in range(layer + 1):
        fill(one, f"layers.{bias}.bias", 10.0)
    fill(one, f"layers.{layer}.weight", HUGE)
    for later in range(layer + 1, 4):  # overflows, too, but later
        fill(one, f"layers.{later}.weight", HUGE)
    assert f"the {name} was the first to overflow" in refused(one).message


@pytest.mark.parametrize("layer", [0, 2, 3])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_parameter_that_is_no_number_is_named(layer: int, value: float) -> None:
    one = trainer(RELU)
    one.parameters()[f"layers.{layer}.bias"][0] = value
    assert f"layers.{layer}.bias" in refused(one).message


def test_a_gradient_that_overflows_is_named() -> None:
    """The loss is finite; on its way back the gradient meets layers of 1e30 and 1e30."""
    one = trainer(RELU | {"model": {"hidden": [4, 4], "activation": "relu"}})
    for layer, weight, bias in ((0, 0.0, 1e-25), (1, 1e30, 0.0), (2, 1e15, -4e20)):
        fill(one, f"layers.{layer}.weight", weight)
        fill(one, f"layers.{layer}.bias", bias)
    message = refused(one).message
    assert "gradient" in message
    assert "was the first to overflow" in message


def test_a_gradient_whose_norm_alone_overflows_is_explained_as_such() -> None:
    """Entries of 1e20 are finite, their squares are not: it is not the likelihood's doing."""
    one = trainer(RELU | {"model": {"hidden": [4], "activation": "linear"}})
    fill(one, "layers.0.weight", 0.0)
    fill(one, "layers.0.bias", 1e-18)
    fill(one, "layers.1.weight", 1e20)
    message = refused(one).message
    assert "gradient" in message
    assert "likelihood" not in message


def test_going_on_after_a_remedy() -> None:
    one = steps(trainer(RELU), 5)
    kept = one.snapshot()
    fill(one, "layers.3.weight", HUGE)
    refused(one)
    other = steps(Trainer(kept.spec, kept), 3)
    alone = steps(trainer(RELU), 8)
    assert same(other.snapshot(), alone.snapshot())


def test_dropout_and_the_batch_stand_as_they_stood() -> None:
    """The step that was refused can be taken again, as if it had never been tried."""
    document = RELU | {"regularization": {"dropout": 0.3}}
    one, alone = steps(trainer(document), 7), steps(trainer(document), 7)
    output = one.parameters()["layers.3.weight"]
    before = output.clone()
    output.fill_(HUGE)
    refused(one)
    output.copy_(before)
    assert same(steps(one, 5).snapshot(), steps(alone, 5).snapshot())


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=names)
@pytest.mark.parametrize("lr", [10.0, 1e6])
def test_every_finished_step_leaves_finite_numbers(optimizer: dict[str, Any], lr: float) -> None:
    """Whatever the learning rate: what is kept and drawn is finite, or the step is refused."""
    one = trainer(RELU | {"optimizer": optimizer | {"lr": lr}})
    for _ in range(100):
        before = one.snapshot()
        try:
            one.step()
        except Diverged:
            assert same(one.snapshot(), before)
            break
        assert bool(one.flat.phi.isfinite().all())
        assert all(bool(value.isfinite().all()) for value in one.optimizer.state.values())


def test_sgd_that_runs_away_is_noticed() -> None:
    with pytest.raises(Diverged) as caught:
        steps(trainer(RELU | {"optimizer": {"kind": "sgd", "lr": 100.0}}), 100)
    assert "100" in caught.value.message
    assert caught.value.path == "optimizer.lr"


def test_an_update_that_overflows_is_noticed_at_the_next_step() -> None:
    """Weight decay of 1 − ηλ = 1 − 10⁷ a step: loss and gradient stay finite, weights do not."""
    one = trainer(
        {
            "data": {"kind": "xor", "samples": 40},
            "model": {"hidden": []},
            "optimizer": {"kind": "adamw", "lr": 1e6, "weight_decay": 10.0},
        }
    )
    while bool(one.flat.phi.isfinite().all()):
        assert one.step_count < 20
        one.step()
    before = one.snapshot()
    with pytest.raises(Diverged) as caught:
        one.step()
    assert same(one.snapshot(), before)
    assert "layers.0.weight itself holds" in caught.value.message
