"""The shelf of snapshots: its budget is held; dense lately, sparse long ago."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.store import SnapshotStore
from livenet.store.snapshots import SnapshotIndex

# Steps rise, snapshots differ in size.
Puts = st.lists(st.tuples(st.integers(1, 500), st.integers(1, 60)), min_size=1, max_size=60)


def filled(
    puts: list[tuple[int, int]], budget: int = 200
) -> tuple[SnapshotStore, dict[int, bytes]]:
    snapshots = SnapshotStore(budget)
    put: dict[int, bytes] = {}
    step = 0
    for gap, size in [(0, 10), *puts]:
        step += gap
        put[step] = bytes([size]) * size
        snapshots.put(step, put[step])
    return snapshots, put


@given(Puts)
def test_budget_first_and_last(puts: list[tuple[int, int]]) -> None:
    snapshots, put = filled(puts)
    steps = snapshots.steps
    assert steps == sorted(set(steps))
    assert set(steps) <= set(put)
    assert (steps[0], steps[-1]) == (0, max(put))
    assert snapshots.size == sum(len(put[step]) for step in steps)
    assert snapshots.size <= snapshots.budget  # the first and the last fit here
    if sum(map(len, put.values())) <= snapshots.budget:
        assert steps == sorted(put)


@given(Puts, st.integers(0, 30_000))
def test_before(puts: list[tuple[int, int]], step: int) -> None:
    snapshots, put = filled(puts)
    nearest = max(kept for kept in snapshots.steps if kept <= step)
    assert snapshots.before(step) == put[nearest]


def test_nothing_before() -> None:
    snapshots = SnapshotStore(100)
    with pytest.raises(LookupError):
        snapshots.before(0)
    snapshots.put(5, b"x")
    with pytest.raises(LookupError):
        snapshots.before(4)


def test_first_and_last_are_kept_over_budget() -> None:
    """Without them, there is neither a reset nor a way on."""
    snapshots = SnapshotStore(10)
    for step in range(5):
        snapshots.put(step, bytes(50))
    assert snapshots.steps == [0, 4]


@given(st.lists(st.integers(1, 50), min_size=1))
def test_same_step_again(sizes: list[int]) -> None:
    snapshots = SnapshotStore(1000)
    snapshots.put(0, b"first")
    for size in sizes:
        snapshots.put(7, bytes(size))
    assert snapshots.steps == [0, 7]
    assert snapshots.size == 5 + sizes[-1]
    assert snapshots.before(7) == bytes(sizes[-1])


@given(Puts, st.integers(0, 30_000))
def test_until(puts: list[tuple[int, int]], step: int) -> None:
    snapshots, _ = filled(puts)
    before = snapshots.steps
    copy = snapshots.until(step)
    assert copy.steps == [kept for kept in before if kept <= step]
    assert copy.size <= snapshots.size
    copy.put(99_999, bytes(150))
    assert snapshots.steps == before


@given(st.lists(st.integers(0, 10**9), min_size=3, max_size=40, unique=True))
def test_the_least_missed_goes(steps: list[int]) -> None:
    """The one that leaves the smallest gap in proportion to its age, of those between the ends."""
    index = SnapshotIndex(10 * (len(steps) - 1))
    for step in steps[:-1]:
        index.put(step, 10)
    dropped = index.put(steps[-1], 10)
    steps = sorted(steps)
    gaps = {
        steps[k]: Fraction(steps[k + 1] - steps[k - 1], steps[-1] - steps[k - 1] + 1)
        for k in range(1, len(steps) - 1)
    }
    assert [float(gaps[step]) for step in dropped] == [float(min(gaps.values()))]


@pytest.mark.parametrize("spacing", [1, 300])
def test_dense_lately_sparse_long_ago(spacing: int) -> None:
    """Gaps grow with age, about in proportion to it: any step is replayed from near by."""
    snapshots = SnapshotStore(64 * 10)
    for count in range(2000):
        snapshots.put(count * spacing, bytes(10))
    steps = snapshots.steps
    last = steps[-1]
    assert len(steps) == 64
    gaps = {low: high - low for low, high in pairwise(steps)}
    assert gaps[steps[-2]] == spacing
    for low, gap in gaps.items():
        assert gap <= max(2 * spacing, 0.35 * (last - low))
    # Each half of the age that is left has its share.
    for back in (1, 2, 4, 8, 16):
        old = [step for step in steps if last / (2 * back) <= last - step <= last / back]
        assert len(old) >= 3
