"""How often somebody may ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.api.access.rates import LEAST_SWEPT, Rates


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_and_then_so_many_a_second() -> None:
    clock = Clock()
    rates = Rates(10, burst_seconds=2, clock=clock)
    assert [rates.take("a") for _ in range(20)] == [0.0] * 20
    assert rates.take("a") == pytest.approx(0.1)
    assert rates.take("b") == 0.0  # another's is full
    clock.now += 0.11
    assert rates.take("a") == 0.0
    assert rates.take("a") > 0.0
    clock.now += 1000.0
    assert [rates.take("a") == 0.0 for _ in range(21)] == [True] * 20 + [False]


def test_waiting_as_long_as_said_is_enough() -> None:
    clock = Clock()
    rates = Rates(0.5, burst_seconds=1, clock=clock)
    assert rates.take() == 0.0
    wait = rates.take()
    assert wait == pytest.approx(2.0)
    clock.now += wait + 1e-9
    assert rates.take() == 0.0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1)), max_size=80))
def test_never_more_than_the_rate(asked: list[tuple[str, float]]) -> None:
    clock = Clock()
    rates = Rates(4, burst_seconds=2, clock=clock)
    taken: dict[str, list[float]] = {"a": [], "b": [], "c": []}
    for key, pause in asked:
        clock.now += pause
        if rates.take(key) == 0.0:
            taken[key].append(clock.now)
    for times in taken.values():
        for first in range(len(times)):
            for last in range(first, len(times)):
                most = 8 + 4 * (times[last] - times[first])
                assert last - first + 1 <= most + 1e-6


def test_full_buckets_are_dropped() -> None:
    clock = Clock()
    rates = Rates(10, burst_seconds=1, clock=clock)
    for number in range(20 * LEAST_SWEPT):
        rates.take(str(number))
        clock.now += 0.1  # each has filled up by now
        assert len(rates) <= LEAST_SWEPT


def test_buckets_in_use_are_kept() -> None:
    clock = Clock()
    rates = Rates(1, burst_seconds=1, clock=clock)
    for number in range(5 * LEAST_SWEPT):
        rates.take(str(number))
    assert all(rates.take(str(number)) > 0 for number in range(5 * LEAST_SWEPT))
