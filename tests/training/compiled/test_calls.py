"""One call for many steps, and what is kept between calls: nothing of it changes a number."""

from __future__ import annotations

from typing import Any

import pytest

from livenet.spec import RunSpec, resolve
from livenet.training import Trainer

pytest.importorskip("numba", reason="needs Numba")

SMALL: dict[str, Any] = {
    "arithmetic": "compiled",
    "data": {"kind": "moons", "samples": 60},
    "model": {"hidden": [3]},
    "training": {"batch_size": 7, "series_every": 1000},
}


def trainer(**sections: Any) -> Trainer:
    made = Trainer(resolve({**SMALL, **sections}))
    while made.evaluation is not None:
        made.work()
    assert made.compiled is not None
    return made


def changed(spec: RunSpec, **sections: Any) -> RunSpec:
    return resolve({**spec.document(), **sections})


def test_more_steps_in_a_call_than_ever_before() -> None:
    """There is room for as many learning rates, which differ from step to step."""
    schedule = {"kind": "cosine", "steps": 900}
    together, apart = (trainer(optimizer={"kind": "adam", "schedule": schedule}) for _ in range(2))
    for most in (3, 150, 20, 300):
        before = together.step_count
        together.advance(most)
        assert together.step_count == before + most
    for _ in range(together.step_count):
        apart.step()
    assert together.snapshot().pack() == apart.snapshot().pack()


@pytest.mark.parametrize(
    "change",
    [
        {"optimizer": {"kind": "adam", "lr": 0.5, "beta1": 0.5}},
        {"regularization": {"l2": 0.1, "l1": 0.01}},
        {"regularization": {"dropout": 0.5}},
        {"training": {"batch_size": 11, "series_every": 1000}},
    ],
    ids=str,
)
def test_a_change_counts_from_the_next_call(change: dict[str, Any]) -> None:
    """As in a trainer that has had no call yet."""
    one = trainer()
    one.advance(5)
    one.change(changed(one.spec, **change))
    other = Trainer(one.spec, one.snapshot())
    for each in (one, other):
        each.advance(40)
    assert one.snapshot().pack() == other.snapshot().pack()
    unchanged = trainer()
    unchanged.advance(5)
    unchanged.advance(40)
    assert unchanged.snapshot().phi.tobytes() != one.snapshot().phi.tobytes()


def test_an_earlier_epoch_again() -> None:
    one = trainer()
    one.advance(5)
    start = one.snapshot()
    one.advance(200)
    later = one.snapshot().pack()
    one._restore(start)
    one.advance(200)
    assert one.snapshot().pack() == later
