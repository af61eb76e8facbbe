"""How many bytes may be on their way, on lines that a test makes up."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.api.viewers.line import FAR, FIRST_LIMIT, LEAST, MOST, MOST_IN_FLIGHT, Line


def driven(
    bytes_per_s: float, delay: float, seconds: float, size: int = 3000
) -> tuple[Line, float]:
    """A line of this kind on which all is sent that may be, and reported every 1/60 s; and the
    longest queue of its second half, in seconds."""
    line = Line()
    on_their_way: deque[tuple[float, int]] = deque()
    free_at = longest = 0.0
    total = received = 0
    for tick in range(int(60 * seconds)):
        now = tick / 60
        while on_their_way and on_their_way[0][0] <= now:
            received = on_their_way.popleft()[1]
        line.received(received, now)
        for _ in range(100):  # as much as a server ever has
            if not line.has_room():
                break
            total += size
            line.sent(size, now)
            free_at = max(free_at, now) + size / bytes_per_s
            on_their_way.append((free_at + delay, total))
        if tick > 30 * seconds:
            longest = max(longest, free_at - now)
    return line, longest


@pytest.mark.parametrize("delay", [0.005, 0.2])
def test_thin_line_has_a_short_queue(delay: float) -> None:
    """A second of its rate, which the first limit would leave, would be an old picture."""
    line, queue = driven(30_000, delay, 60)
    assert queue < 1.0
    assert line.limit < FIRST_LIMIT / 2


def test_wide_line_is_filled() -> None:
    line, _ = driven(20e6, 0.1, 30)
    assert line.limit > 1e6


def test_who_reports_nothing_is_not_limited() -> None:
    line = Line()
    line.sent(10 * MOST, 0.0)
    assert line.has_room()
    assert line.frames_in_flight(30.0, 2) == 2


def test_room_is_what_was_received() -> None:
    line = Line()
    line.received(0, 0.0)
    line.sent(FIRST_LIMIT, 0.0)
    assert not line.has_room()
    assert line.received(1, 0.1)
    assert line.has_room()
    assert not line.received(1, 0.2)
    assert line.received(10 * FIRST_LIMIT, 0.2)  # more than was sent
    assert line.in_flight == 0


@given(st.lists(st.tuples(st.integers(1, 2**20), st.integers(0, 2**40), st.floats(0, 1e6))))
def test_limit_stays_within_its_ends(events: list[tuple[int, int, float]]) -> None:
    line = Line()
    for size, total, now in events:
        line.sent(size, now)
        line.received(total, now)
        assert LEAST <= line.limit <= MOST
        assert line.in_flight >= 0


def test_frames_that_are_on_their_way_meanwhile() -> None:
    line = Line()
    line.received(0, 0.0)
    assert line.frames_in_flight(30.0, 2) == 2
    line.round_trip = 0.2
    assert line.frames_in_flight(30.0, 2) == 8
    assert line.frames_in_flight(1.0, 2) == 2
    line.round_trip = 60.0
    assert line.frames_in_flight(60.0, 2) == MOST_IN_FLIGHT
    assert line.far


def test_near() -> None:
    line = Line()
    assert not line.far
    line.round_trip = FAR / 2
    assert not line.far
