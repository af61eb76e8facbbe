"""When runs have their turns: at their time, in equal shares, several steps at once in a crowd."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.engine.worker.pace import Pacer, Rows
from livenet.engine.worker.turns import MOST_SECONDS, Turns


def added(*runs: str) -> Turns:
    turns = Turns()
    for run in runs:
        turns.add(run, ("network", run))
    return turns


def test_nobody_wants() -> None:
    turns = added("a")
    assert turns.wait(5.0) == inf
    assert turns.pick(5.0) is None
    turns.plan("a", 3.0)
    turns.plan("a", None)
    assert turns.pick(5.0) is None


def test_a_turn_at_its_time() -> None:
    turns = added("a", "b")
    turns.plan("a", 2.0)
    turns.plan("b", 1.0)
    assert turns.pick(0.5) is None
    assert turns.wait(0.5) == 0.5
    assert turns.pick(1.0) == "b"
    turns.plan("b", 3.0)
    assert turns.wait(1.5) == 0.5
    assert turns.wait(2.0) == 0.0
    assert turns.pick(2.0) == "a"


def test_the_last_plan_counts() -> None:
    turns = added("a")
    turns.plan("a", 1.0)
    turns.plan("a", 4.0)
    assert turns.pick(2.0) is None
    assert turns.wait(2.0) == 2.0
    turns.plan("a", 0.0)
    assert turns.pick(2.0) == "a"
    turns.plan("a", 3.0)
    assert turns.pick(2.0) is None


def test_who_has_gone_has_none() -> None:
    turns = added("a", "b")
    turns.plan("a", 1.0)
    turns.plan("b", 1.0)
    turns.remove("a")
    turns.plan("a", 0.0)  # of a turn that ends after its run has gone
    assert turns.pick(2.0) == "b"
    turns.remove("b")
    assert turns.pick(2.0) is None
    turns.add("a", ("network", "a"))
    assert turns.pick(2.0) is None
    assert turns.interval == 0.0


@given(st.lists(st.sampled_from([None, 0.5, 1.0, 2.0]), min_size=1, max_size=30))
def test_all_that_are_due_have_equal_turns(times: list[float | None]) -> None:
    turns = added(*map(str, range(len(times))))
    for number, at in enumerate(times):
        turns.plan(str(number), at)
    due = {str(number) for number, at in enumerate(times) if at is not None and at <= 1.0}
    seen = []
    for _ in range(3 * len(due)):
        run = turns.pick(1.0)
        assert run is not None
        turns.charge(run, 0.001)
        turns.plan(run, 1.0)
        seen.append(run)
    assert sorted(seen) == sorted([*due] * 3)


def test_a_crowd_does_several_steps_in_a_turn() -> None:
    """Few runs have each step at its time; of many none waits longer than a tenth of a second, and
    none does fewer steps for it."""
    few = added("a")
    few.plan("a", 0.0)
    pacer = Pacer(120.0, 0)
    now = pacer._from
    assert pacer.wait(now, few.interval) == pacer.wait(now)
    many = added(*map(str, range(300)))
    for run in range(300):
        many.plan(str(run), 0.0)
    assert many.interval == MOST_SECONDS
    assert 11 / 120 < pacer.wait(now, many.interval) <= MOST_SECONDS + 1e-9
    assert pacer.allowance(now + MOST_SECONDS + 1e-6) == 12
    pacer.change(2.0, now)
    assert pacer.wait(now, many.interval) == pacer.wait(now)


@given(
    st.integers(1, 300),
    st.floats(0.0, 1000.0),
    st.floats(0.0, MOST_SECONDS),
)
def test_turns_begin_together(runs: int, at: float, within: float) -> None:
    """Those that are due within a tenth of the interval, and none before it is due."""
    turns = added(*map(str, range(runs)))
    for run in range(runs):
        turns.plan(str(run), 0.0)
    apart = turns.interval / 10
    assert at - 1e-9 <= turns.later(at) <= at + apart + 1e-9
    later = turns.later(at + within) - turns.later(at)
    assert later / apart == pytest.approx(round(later / apart), abs=1e-3)
    assert round(later / apart) <= within / apart + 1


@given(st.integers(1, 100), st.integers(1, 100), st.integers(1, 100))
def test_turns_end_at_rows(first: int, every: int, most: int) -> None:
    """Up to ``most`` steps a turn: in as few turns as possible with a row at the end of some, and
    those up to a row differ by a step or two. All steps are at their time."""
    first = min(first, every)
    pacer = Pacer(100.0, 0)
    begun = pacer._from
    done, ends = 0, []
    while done < first + 3 * every:
        rows = Rows((first - done) % every or every, every)
        wait = pacer.wait(begun + done / 100.0, most / 100.0, rows)
        done += round(100 * wait)
        pacer.advanced(round(100 * wait), done, begun)
        ends.append(done)
    steps = [b - a for a, b in pairwise([0, *ends])]
    assert max(steps) <= most
    for row in range(first, done, every):
        assert row in ends or most >= every
    if most <= every:
        turns = [steps[k] for k, end in enumerate(ends) if first < end <= first + every]
        assert sum(turns) == every
        assert len(turns) == ceil(every / most)
        assert max(turns) - min(turns) <= len(turns)
    else:
        assert all((end - first) % every == 0 for end in ends)
        assert min(steps[1:], default=most) > most - every


def test_rows_within_a_turn() -> None:
    rows = Rows(4, 10)
    assert [rows.whole(steps) for steps in (0, 3, 4, 13, 14, 25)] == [0, 0, 4, 4, 14, 24]
