"""Schedules in closed form, against torch's own, and as the loop uses them."""

from collections.abc import Callable
from math import cos, pi
from typing import Any

import pytest
import torch

from livenet.spec import resolve
from livenet.spec.base import kind_of
from livenet.spec.optimizer import SCHEDULES, ScheduleKind
from livenet.training.optimizers import scheduled
from tests.oracles import complete
from tests.training.runs import run, trainer

PLACE = "SHARES in tests/training/test_schedules.py"
Share = Callable[[Any, int], float]
# Fields away from their defaults, and the share of the learning rate after t steps.
SHARES: dict[str, tuple[list[dict[str, Any]], Share]] = {
    "constant": ([], lambda s, t: 1.0),
    "step": ([{"every": 10, "factor": 0.5}], lambda s, t: s.factor ** (t // s.every)),
    "cosine": (
        [{"steps": 100, "floor": floor} for floor in (0.0, 0.25, 1.0)],
        lambda s, t: s.floor + (1 - s.floor) * cos(pi / 2 * min(t / s.steps, 1)) ** 2,
    ),
}
TIMES = [0, 1, 9, 10, 19, 20, 25, 50, 99, 100, 101, 105, 999, 1000, 2500, 5000, 10**6, 10**9]


def eta(schedule: dict[str, Any], t: int, lr: float = 0.2) -> float:
    return scheduled(resolve({"optimizer": {"lr": lr, "schedule": schedule}}).optimizer, t)


@pytest.mark.parametrize("kind", SCHEDULES, ids=kind_of)
def test_every_schedule_has_a_closed_form(kind: type[ScheduleKind]) -> None:
    """At its defaults and at other numbers: the rate is its share of the learning rate."""
    complete(SHARES, map(kind_of, SCHEDULES), PLACE)
    given, share = SHARES[kind_of(kind)]
    for fields in ({}, *given):
        knobs = kind(**fields)
        for t in TIMES:
            found = eta({"kind": kind_of(kind), **fields}, t)
            assert found == pytest.approx(0.2 * share(knobs, t)), (fields, t)


@pytest.mark.parametrize(
    ("t", "drops"), [(0, 0), (9, 0), (10, 1), (19, 1), (20, 2), (105, 10), (10**9, 10**8)]
)
def test_step(t: int, drops: int) -> None:
    expected = 0.2 * 0.5**drops
    assert eta({"kind": "step", "every": 10, "factor": 0.5}, t) == pytest.approx(expected)


def test_cosine_ends() -> None:
    schedule = {"kind": "cosine", "steps": 100, "floor": 0.1}
    assert eta(schedule, 0) == pytest.approx(0.2)
    assert eta(schedule, 50) == pytest.approx(0.2 * 0.55)
    assert eta(schedule, 100) == eta(schedule, 5000) == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("schedule", "theirs"),
    [
        (
            {"kind": "step", "every": 7, "factor": 0.3},
            lambda o: torch.optim.lr_scheduler.StepLR(o, 7, gamma=0.3),
        ),
        (
            {"kind": "cosine", "steps": 40, "floor": 0.1},
            lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 40, eta_min=0.02),
        ),
    ],
)
def test_the_same_as_torch(schedule: dict[str, Any], theirs: Any) -> None:
    other = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    plan = theirs(other)
    for t in range(40):
        assert eta(schedule, t) == pytest.approx(other.param_groups[0]["lr"], rel=1e-6)
        other.step()
        plan.step()


def test_the_loop_follows_its_schedule() -> None:
    """Plain SGD with the gradient's norm known: each step is as long as η_t says."""
    schedule = {"kind": "cosine", "steps": 20, "floor": 0.0}
    one = trainer(optimizer={"kind": "sgd", "lr": 0.2, "schedule": schedule})
    for t in range(20):
        before = one.flat.phi.clone()
        one.step()
        length = float((one.flat.phi - before).norm())
        assert one.gradient_norm is not None
        assert length == pytest.approx(eta(schedule, t) * one.gradient_norm, rel=1e-3)
    before = one.flat.phi.clone()
    one.step()
    assert torch.equal(one.flat.phi, before)  # the floor is 0


def test_rows_tell_the_learning_rate() -> None:
    schedule = {"kind": "step", "every": 10, "factor": 0.5}
    rows = run(trainer(optimizer={"lr": 0.2, "schedule": schedule}))
    for row in rows:
        assert row.metrics["learning_rate"] == pytest.approx(eta(schedule, row.step))
