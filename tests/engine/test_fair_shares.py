"""Equal shares of compute time, whatever a turn costs: of networks, people and runs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from livenet.engine.worker.fair_shares import FairQueue, FairShares

COSTS = st.lists(st.floats(0.001, 0.1), min_size=2, max_size=8)


def spend(queue: FairQueue, costs: dict[str, float], seconds: float) -> dict[str, float]:
    """What each has had after so many seconds in which they alone wanted turns."""
    had = dict.fromkeys(costs, 0.0)
    for one in costs:
        queue.want(one)
    while sum(had.values()) < seconds:
        name = queue.pick()
        assert name is not None
        queue.charge(name, costs[name])
        had[name] += costs[name]
    for one in costs:
        queue.rest(one)
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
    queue = FairQueue()
    assert queue.pick() is None
    queue.want("a")
    queue.rest("a")
    assert queue.pick() is None


def test_equals_go_round() -> None:
    queue = FairQueue()
    order = []
    for one in "abc":
        queue.want(one)
    for _ in range(6):
        name = queue.pick()
        assert name is not None
        queue.charge(name, 0.008)
        order.append(name)
    assert order == ["a", "b", "c"] * 2


def test_forgotten_is_new() -> None:
    queue = FairQueue()
    queue.charge("a", 100.0)
    queue.charge("b", 1.0)
    queue.remove("a")
    queue.want("b")
    queue.want("a")
    assert queue.pick() == "a"


def test_charged_while_it_waits() -> None:
    """A command has its time charged while its run waits for a turn."""
    queue = FairQueue()
    queue.want("a")
    queue.want("b")
    queue.charge("a", 1.0)
    assert queue.pick() == "b"
    queue.charge("b", 2.0)
    assert queue.pick() == "a"


class Tree:
    """Runs by their place, and what each has had."""

    def __init__(self, places: dict[str, tuple[str, str]]) -> None:
        self.places = places
        self.shares = FairShares()
        for run, place in places.items():
            self.shares.add(run, place)
            self.shares.want(run)

    def spend(self, turns: int, costs: dict[str, float]) -> dict[str, float]:
        had = dict.fromkeys(self.places, 0.0)
        for _ in range(turns):
            run = self.shares.pick()
            assert run is not None
            self.shares.charge(run, costs[run])
            had[run] += costs[run]
        return had


RUNS = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from("abc"), st.floats(0.001, 0.01)),
    min_size=1,
    max_size=12,
)


@given(RUNS)
def test_equal_shares_at_every_branch(drawn: list[tuple[str, str, float]]) -> None:
    """Networks have equal shares, and the people of one, and the runs of one person, whatever the
    number of those under them."""
    places = {str(n): (network, network + owner) for n, (network, owner, _) in enumerate(drawn)}
    costs = {str(n): cost for n, (_, _, cost) in enumerate(drawn)}
    had = Tree(places).spend(3000, costs)
    turn = 2 * max(costs.values())
    for depth in (1, 2, 3):
        sums: dict[tuple[str, ...], float] = {}
        for run, seconds in had.items():
            path = (*places[run], run)
            sums[path[:depth]] = sums.get(path[:depth], 0.0) + seconds
        for place, seconds in sums.items():
            beside = [other for name, other in sums.items() if name[:-1] == place[:-1]]
            assert max(beside) - seconds <= turn


def test_a_person_with_many_runs_or_names_takes_nothing_from_another() -> None:
    """The student of another network keeps half of a worker beside 25 identities with 8 runs each,
    and a third beside two more students of the same network."""
    crowd = {f"{owner}.{n}": ("away", str(owner)) for owner in range(25) for n in range(8)}
    student = {"mine": ("here", "student")}
    costs = dict.fromkeys([*crowd, "mine", "b", "c"], 0.008)
    had = Tree(crowd | student).spend(1000, costs)
    assert abs(had["mine"] / sum(had.values()) - 1 / 2) < 0.01
    had = Tree({"mine": ("x", "a"), "b": ("x", "b"), "c": ("x", "c")}).spend(999, costs)
    assert abs(had["mine"] / sum(had.values()) - 1 / 3) < 0.01


def test_what_is_removed_leaves_nothing_behind() -> None:
    shares = FairShares()
    shares.add("a", ("x", "ann"))
    shares.add("b", ("x", "bob"))
    shares.charge("a", 5.0)
    shares.remove_run("a")
    shares.charge("a", 5.0)  # a turn that ends after its run has gone
    shares.remove_run("a")
    shares.want("b")
    assert shares.pick() == "b"
    shares.remove_run("b")
    assert shares.pick() is None
    fresh = FairShares()
    assert (shares._paths, shares._queues.keys()) == (fresh._paths, fresh._queues.keys())
    shares.add("a", ("x", "ann"))
    shares.want("a")
    assert shares.pick() == "a"


def test_who_rests_has_no_turn() -> None:
    shares = FairShares()
    places = {"a": ("x", "ann"), "b": ("x", "ann"), "c": ("x", "bob"), "d": ("y", "eve")}
    for run, place in places.items():
        shares.add(run, place)
        shares.want(run)
    for run in ("a", "c", "d"):
        shares.rest(run)
    assert [shares.pick() for _ in range(3)] == ["b"] * 3
    shares.rest("b")
    assert shares.pick() is None
    shares.want("d")
    assert shares.pick() == "d"
