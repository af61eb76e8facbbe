"""Equal shares of compute time, whatever a turn costs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from livenet.engine.worker.worker import FairQueue

COSTS = st.lists(st.floats(0.001, 0.1), min_size=2, max_size=8)


def spend(queue: FairQueue, costs: dict[str, float], seconds: float) -> dict[str, float]:
    """What each has had after so many seconds in which all of them wanted turns."""
    had = dict.fromkeys(costs, 0.0)
    while sum(had.values()) < seconds:
        name = queue.pick(costs)
        assert name is not None
        queue.charge(name, costs[name])
        had[name] += costs[name]
    return had


@given(COSTS)
def test_equal_shares(costs: list[float]) -> None:
    """Nobody is behind another by more than one turn of the longest."""
    had = spend(FairQueue(), {str(place): cost for place, cost in enumerate(costs)}, 10.0)
    assert max(had.values()) - min(had.values()) <= 2 * max(costs)


@given(COSTS, st.floats(1.0, 50.0))
def test_waiting_saves_nothing_up(costs: list[float], away: float) -> None:
    """Who comes back, or is new, has the same share from then on, and no more."""
    queue = FairQueue()
    names = {str(place): cost for place, cost in enumerate(costs)}
    spend(queue, names, 1.0)
    spend(queue, {name: cost for name, cost in names.items() if name != "0"}, away)
    had = spend(queue, names | {"new": 0.01}, 5.0)
    assert max(had.values()) - min(had.values()) <= 2 * max(*costs, 0.01)


def test_nobody_wants() -> None:
    assert FairQueue().pick([]) is None


def test_equals_go_round() -> None:
    queue = FairQueue()
    order = []
    for _ in range(6):
        name = queue.pick(["a", "b", "c"])
        assert name is not None
        queue.charge(name, 0.008)
        order.append(name)
    assert order == ["a", "b", "c"] * 2


def test_forgotten_is_new() -> None:
    queue = FairQueue()
    queue.charge("a", 100.0)
    queue.charge("b", 1.0)
    queue.remove_run("a")
    assert queue.pick(["b", "a"]) == "a"
