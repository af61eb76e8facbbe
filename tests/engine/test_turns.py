"""Equal shares of compute time, whatever a turn costs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from livenet.engine.worker.worker import Turns

COSTS = st.lists(st.floats(0.001, 0.1), min_size=2, max_size=8)


def spend(turns: Turns, costs: dict[str, float], seconds: float) -> dict[str, float]:
    """What each has had after so many seconds in which all of them wanted turns."""
    had = dict.fromkeys(costs, 0.0)
    while sum(had.values()) < seconds:
        name = turns.pick(costs)
        assert name is not None
        turns.charge(name, costs[name])
        had[name] += costs[name]
    return had


@given(COSTS)
def test_equal_shares(costs: list[float]) -> None:
    """Nobody is behind another by more than one turn of the longest."""
    had = spend(Turns(), {str(place): cost for place, cost in enumerate(costs)}, 10.0)
    assert max(had.values()) - min(had.values()) <= 2 * max(costs)


@given(COSTS, st.floats(1.0, 50.0))
def test_waiting_saves_nothing_up(costs: list[float], away: float) -> None:
    """Who comes back, or is new, has the same share from then on, and no more."""
    turns = Turns()
    names = {str(place): cost for place, cost in enumerate(costs)}
    spend(turns, names, 1.0)
    spend(turns, {name: cost for name, cost in names.items() if name != "0"}, away)
    had = spend(turns, names | {"new": 0.01}, 5.0)
    assert max(had.values()) - min(had.values()) <= 2 * max(*costs, 0.01)


def test_nobody_wants() -> None:
    assert Turns().pick([]) is None


def test_equals_go_round() -> None:
    turns = Turns()
    order = []
    for _ in range(6):
        name = turns.pick(["a", "b", "c"])
        assert name is not None
        turns.charge(name, 0.008)
        order.append(name)
    assert order == ["a", "b", "c"] * 2


def test_forgotten_is_new() -> None:
    turns = Turns()
    turns.charge("a", 100.0)
    turns.charge("b", 1.0)
    turns.forget("a")
    assert turns.pick(["b", "a"]) == "a"
