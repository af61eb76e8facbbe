"""From a snapshot a run goes on bit for bit: mid-epoch, with dropout, beside others."""

import struct
from dataclasses import replace
from typing import Any

import pytest
import torch
from safetensors.numpy import load

from livenet.settings import Limits
from livenet.spec import resolve
from livenet.spec.arithmetic import Used
from livenet.training import Snapshot, Trainer
from tests.training.runs import OPTIMIZERS, names, run, same, steps, trainer

DROPOUT: dict[str, Any] = {
    "dropout": 0.3,
    "l2": 0.01,
}
EVERY = pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=names)


def again(snapshot: Snapshot) -> Trainer:
    """A trainer from the bytes of a snapshot, as another process would make it."""
    unpacked = Snapshot.unpack(snapshot.pack())
    return Trainer(unpacked.spec, unpacked)


@EVERY
def test_bit_for_bit_from_the_middle_of_an_epoch(
    optimizer: dict[str, Any], arithmetic: Used
) -> None:
    one = trainer(arithmetic=arithmetic, optimizer=optimizer, regularization=DROPOUT)
    snapshot = steps(one, 13).snapshot()  # five steps an epoch
    assert (snapshot.epoch, snapshot.position) == (2, 21)
    other = again(snapshot)
    for _ in range(20):
        one.step()
        other.step()
        assert same(one.snapshot(), other.snapshot())
    assert one.metrics() == other.metrics()


@EVERY
def test_bit_for_bit_while_others_train_in_the_same_process(
    optimizer: dict[str, Any], arithmetic: Used
) -> None:
    sections: dict[str, Any] = {
        "arithmetic": arithmetic,
        "optimizer": optimizer,
        "regularization": DROPOUT,
    }
    alone = steps(trainer(**sections), 30).snapshot()
    one = trainer(**sections)
    others = [
        trainer(arithmetic=arithmetic, seed=5, regularization={"dropout": 0.8}),
        trainer({"arithmetic": arithmetic, "data": {"kind": "sine"}, "model": {"hidden": [64]}}),
    ]
    for step in range(30):
        if step == 17:
            one = again(one.snapshot())
        one.step()
        for other in others:
            other.step()
        others[step % 2].metrics()
    assert same(one.snapshot(), alone)


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_how_many_steps_are_done_at_once_has_no_say(most: int, arithmetic: Used) -> None:
    """Neither before a snapshot, in the middle of what would be one call, nor after it."""
    alone = steps(trainer(arithmetic=arithmetic, regularization=DROPOUT), 30).snapshot()
    one = trainer(arithmetic=arithmetic, regularization=DROPOUT)
    while one.step_count < 13:
        one.advance(min(most, 13 - one.step_count))
    other = again(one.snapshot())
    while not other.finished:
        other.advance(most)
    assert same(other.snapshot(), alone)


def test_the_global_generator_has_no_say(arithmetic: Used) -> None:
    """Neither is it touched (see conftest), nor does it matter where it stands."""
    alone = run(trainer(arithmetic=arithmetic, regularization=DROPOUT))
    before = torch.get_rng_state()
    one = trainer(arithmetic=arithmetic, regularization=DROPOUT)
    rows = []
    while not one.finished or one.evaluation:
        torch.manual_seed(one.step_count)
        torch.rand(3)
        if (row := one.work()) is not None:
            rows.append(row)
    torch.set_rng_state(before)
    assert rows == alone


def test_every_step_of_a_run_can_be_reached_from_any_before_it(arithmetic: Used) -> None:
    one = trainer(arithmetic=arithmetic, regularization=DROPOUT)
    kept = [one.snapshot()]
    for _ in range(12):
        one.step()
        kept.append(one.snapshot())
    for start in (0, 4, 5, 11):
        reached = steps(again(kept[start]), 12 - start)
        assert same(reached.snapshot(), kept[12])


def test_a_snapshot_is_a_copy(arithmetic: Used) -> None:
    one = trainer(arithmetic=arithmetic, optimizer={"kind": "sgd", "momentum": 0.9})
    steps(one, 3)
    snapshot = one.snapshot()
    phi, state = snapshot.phi.copy(), snapshot.state["momentum"].copy()
    steps(one, 5)
    assert snapshot.phi.tobytes() == phi.tobytes()
    assert snapshot.state["momentum"].tobytes() == state.tobytes()


def test_restoring_leaves_the_snapshot_alone(arithmetic: Used) -> None:
    snapshot = steps(trainer(arithmetic=arithmetic), 3).snapshot()
    phi = snapshot.phi.copy()
    steps(Trainer(snapshot.spec, snapshot), 5)
    assert snapshot.phi.tobytes() == phi.tobytes()


@EVERY
def test_packing_keeps_everything(optimizer: dict[str, Any]) -> None:
    snapshot = steps(trainer(optimizer=optimizer, regularization=DROPOUT), 13).snapshot()
    assert same(Snapshot.unpack(snapshot.pack()), snapshot)


def test_the_bytes_are_a_safetensors_file() -> None:
    snapshot = steps(trainer(), 3).snapshot()
    tensors = load(snapshot.pack())
    assert tensors.keys() == {"phi", "state.m", "state.v"}
    assert tensors["phi"].tobytes() == snapshot.phi.tobytes()


def test_bytes_that_are_no_snapshot_are_refused() -> None:
    packed = trainer().snapshot().pack()
    for data in (b"", packed[:20], packed[:-1], struct.pack("<Q", 2**40) + b"{}"):
        with pytest.raises(Exception, match=r"."):
            Snapshot.unpack(data)


def test_the_spec_in_force_travels_with_it() -> None:
    one = steps(trainer(), 3)
    one.change(resolve(one.spec.document() | {"optimizer": {"kind": "adam", "lr": 0.5}}))
    assert getattr(again(one.snapshot()).spec.optimizer, "lr") == 0.5  # noqa: B009  # a union


def test_a_run_that_the_server_allowed_can_be_taken_up_again() -> None:
    """Limits are the operator's: those of a fresh installation have no say in an old snapshot."""
    document = {"model": {"hidden": [512] * 4}, "data": {"samples": 2000}}
    spec = resolve(document | {"training": {"batch_size": 1000}}, Limits(max_step_seconds=60))
    snapshot = Trainer(spec).snapshot()
    assert same(Snapshot.unpack(snapshot.pack()), snapshot)


def test_the_helper_sees_a_single_bit() -> None:

    snapshot = trainer().snapshot()
    other = replace(snapshot, phi=snapshot.phi.copy())
    assert same(snapshot, other)
    other.phi[0] += 1e-7
    assert not same(snapshot, other)


def test_a_restored_run_measures_as_the_kept_one(arithmetic: Used) -> None:
    """The norm of the last gradient, too, which no later step can bring back."""
    one = steps(trainer(arithmetic=arithmetic), 7)
    assert one.metrics()["gradient_norm"] is not None
    assert again(one.snapshot()).metrics() == one.metrics()
