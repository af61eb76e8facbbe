"""A frame's number, read once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from livenet.api.viewers.frames import FrameParser, sequence_number
from livenet.pictures import Picture
from livenet.wire.frame import encode


@given(st.integers(0, 2**62), st.text(max_size=20))
def test_sequence_number(seq: int, channel: str) -> None:
    """Also where the picture's own words look like it."""
    picture = Picture(step=0, plots=(), facts={"seq": '"seq":"5"', "x": channel})
    assert sequence_number(encode(picture, "channel", seq)) == seq


def test_read_once_for_all_viewers() -> None:
    number = FrameParser()
    one, other = (encode(Picture(step=0, plots=()), "channel", seq) for seq in (1, 2))
    first = number(one)
    assert (first.seq, first.data) == (1, one)
    assert number(one) is first
    assert number(other).seq == 2
    assert number(one).seq == 1
