"""A budget of processor time."""

import time

from livenet.budget import Budget
from tests.budgets import Ticking, spent_after


def test_a_budget_is_spent_when_its_seconds_have_gone_by() -> None:
    now = [10.0]
    budget = Budget(2.0, lambda: now[0])
    assert not budget.spent
    assert budget.left == 2.0
    found = []
    for at in (11.5, 12.0, 20.0):
        now[0] = at
        found.append((budget.left, budget.spent))
    assert found == [(0.5, False), (0.0, True), (0.0, True)]


def test_each_look_shows_that_the_worker_moves() -> None:
    beats: list[int] = []
    budget = Budget(3.0, Ticking(), lambda: beats.append(1))
    assert beats == []
    spent = [budget.spent for _ in range(3)]
    assert spent == [False, False, True]
    assert len(beats) == 3
    half = budget.share(0.5)
    assert half.spent
    assert len(beats) == 4  # a share beats, too


def test_a_share_is_a_part_of_what_is_left() -> None:
    now = [0.0]
    budget = Budget(4.0, lambda: now[0])
    now[0] = 2.0
    share = budget.share(0.5)
    assert share.left == 1.0
    now[0] = 3.0
    assert share.spent
    assert not budget.spent


def test_without_a_limit_it_is_never_spent() -> None:
    whole = Budget.unlimited()
    assert not whole.spent
    assert not whole.share(0.1).spent


def test_the_clock_is_the_threads_processor_time() -> None:
    """What other processes take, and sleep, does not count."""
    budget = Budget(0.5)
    time.sleep(0.1)
    assert budget.left > 0.45


def test_looks_are_counted() -> None:
    budget = spent_after(2)
    assert [budget.spent for _ in range(3)] == [False, True, True]
