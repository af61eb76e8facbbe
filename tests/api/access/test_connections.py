"""How many streams may be open, and that no count is ever lost."""

from __future__ import annotations

from contextlib import ExitStack, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.api.access.connections import Connections
from livenet.api.access.identity import Identity
from livenet.errors import TooMany

ANN, BEN, LECTURER = Identity("ann"), Identity("ben"), Identity("c", administrator=True)


def test_so_many_a_person() -> None:
    sockets = Connections(most=10, most_a_person=2)
    with sockets.opened(ANN), sockets.opened(ANN):
        with pytest.raises(TooMany, match="2"), sockets.opened(ANN):
            pass
        with sockets.opened(BEN):
            assert (sockets.total, sockets.of(ANN), sockets.of(BEN)) == (3, 2, 1)
    with sockets.opened(ANN):
        assert sockets.total == 1


def test_so_many_in_all() -> None:
    sockets = Connections(most=3, most_a_person=2)
    with ExitStack() as held:
        for _ in range(3):  # more than two: nothing of a person's counts for administrators
            held.enter_context(sockets.opened(LECTURER))
        for somebody in (ANN, LECTURER):
            with pytest.raises(TooMany, match="3"), sockets.opened(somebody):
                pass
    with sockets.opened(ANN):
        pass


@given(st.lists(st.sampled_from([ANN, BEN, LECTURER]), max_size=30))
def test_no_count_is_lost(opened: list[Identity]) -> None:
    """Refused, closed, or ended by an error: it is given back once."""
    sockets = Connections(most=12, most_a_person=4)
    with suppress(KeyError), ExitStack() as held:
        for somebody in opened:
            with suppress(TooMany):
                held.enter_context(sockets.opened(somebody))
            assert sockets.total <= 12
            assert sockets.of(ANN) <= 4
            assert sockets.total == sum(map(sockets.of, (ANN, BEN, LECTURER)))
        raise KeyError
    assert sockets.total == 0
    assert sockets._by_person == {}
