"""Packed frames: what is unpacked is the frame, byte by byte."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from livenet.pictures import Heatmap, Images, Line, Mark, Matrix, Picture, Plot, Tiles
from livenet.wire.frame import decode, encode
from livenet.wire.packed import (
    ALONE,
    DIFFERENCES,
    HEADER,
    PART_SIZE,
    Run,
    Unpacker,
    pack,
    split,
    tensors_start,
    tried,
    unpack,
)
from tests.probes.helpers import picture_of, trained
from tests.wire.every_mark import PICTURE
from tests.wire.packed_fixture import PATH, fixture

Singles = st.floats(width=32)


def numbers(rank: int) -> st.SearchStrategy[Any]:
    shapes = array_shapes(min_dims=rank, max_dims=rank, min_side=1, max_side=6)
    return shapes.flatmap(lambda shape: arrays(np.float32, shape, elements=Singles))


def lines(given: tuple[Any, str]) -> Mark:
    return Line(given[0], given[0], label=given[1])


marks: st.SearchStrategy[Mark] = st.one_of(
    st.tuples(numbers(1), st.text(max_size=8)).map(lines),
    numbers(2).map(lambda values: Heatmap(values, -1.0, 1.0)),
    numbers(2).map(lambda values: Matrix(values, 1.0)),
    numbers(3).map(Images),
    numbers(3).map(lambda v: Tiles(v, np.ones(len(v)), ("",) * len(v), ("",) * len(v))),
)
pictures = st.builds(
    lambda step, marks, facts: Picture(step, (Plot("p", tuple(marks)),), facts),
    st.integers(0, 2**40),
    st.lists(marks, max_size=4),
    st.dictionaries(st.text(max_size=4), st.floats(allow_nan=False) | st.text(max_size=9)),
)
frames = st.builds(encode, pictures, st.text(max_size=30), st.integers(0, 2**40))


@given(frames, frames)
def test_any_frame_after_any_other(frame: bytes, reference: bytes) -> None:
    assert unpack(pack(frame)) == frame
    assert unpack(pack(frame, reference), reference) == frame
    assert unpack(pack(frame, reference, tried(reference)), reference) == frame


@given(st.lists(pictures, min_size=1, max_size=6), st.integers(1, 5000))
def test_a_stream_of_pictures_comes_as_encoded(given: list[Picture], seq: int) -> None:
    unpacker = Unpacker()
    reference: bytes | None = None
    for number, picture in enumerate(given):
        frame = encode(picture, "channel", seq + number)
        (message,) = split("output", pack(frame, reference))
        reference = unpacker(message)
        assert reference == frame
        assert str(decode(frame)) == str(decode(reference))


@given(
    st.sampled_from([1, 2, 4]),
    st.integers(0, 70_000),
    st.lists(st.integers(0, 255), max_size=40),
)
def test_any_stride(size: int, stride: int, given: list[int]) -> None:
    """Also one that reaches beyond the tensors."""
    items = len(given) // size
    frame = encode(Picture(0, ()))
    frame += bytes(given[: items * size])
    runs = (Run(size, min(stride, 65_535), items),)
    assert unpack(pack(frame, None, runs)) == frame
    assert unpack(pack(frame, frame, runs), frame) == frame


def successive(probe: str, steps: Sequence[int]) -> list[bytes]:
    """Frames of a probe while a default network trains."""
    found = []
    run = trained({}, steps[0])
    for before, step in pairwise((steps[0], *steps)):
        for _ in range(step - before):
            run.step()
        found.append(encode(picture_of(run, probe), f"{probe}-1f0c9a2b4d5e", step))
    return found


def test_forms() -> None:
    """Alone at first, differences then, and after a change of size the header alone helps."""
    one, other = (encode(Picture(step, PICTURE.plots), "a", step) for step in (1, 2))
    line = np.arange(3.0)
    smaller = encode(Picture(3, (Plot("p", (Line(line, line),)),)), "a", 3)
    assert pack(one)[0] == ALONE
    assert pack(other, one)[0] == DIFFERENCES
    assert pack(smaller, other)[0] == HEADER


@pytest.mark.parametrize(
    ("probe", "least"), [("network", 3.5), ("neurons", 3.5), ("decision", 2.5)]
)
def test_successive_pictures_are_small(probe: str, least: float) -> None:
    """So many times smaller than the frame; what compressing each by itself saves is less."""
    before, after = successive(probe, (100, 104))
    packed = pack(after, before)
    assert least * len(packed) < len(after)
    assert 1.4 * len(packed) < len(pack(after))


def test_a_header_beyond_the_reach_of_deflate() -> None:
    """Only its end is the dictionary."""
    facts = {str(number): f"{number * 7919:x}" for number in range(4000)}
    one, other = (encode(Picture(step, PICTURE.plots, facts), "a", step) for step in (1, 2))
    assert tensors_start(one) > 65_536
    assert unpack(pack(other, one), one) == other


def test_parts_of_several_subscriptions_may_alternate() -> None:
    random = np.random.default_rng(0)
    given = {
        name: encode(Picture(0, (Plot("p", (Line(noise, noise),)),)), name)
        for name in ("a", "é")
        for noise in [random.normal(0, 1, 9000).astype(np.float32)]
    }
    messages = [split(name, pack(frame)) for name, frame in given.items()]
    assert all(len(parts) > 2 for parts in messages)
    assert all(len(part) <= PART_SIZE + 5 for parts in messages for part in parts)
    unpacker = Unpacker()
    found = [unpacker(part) for pair in zip(*messages, strict=True) for part in pair]
    assert found[:-2] == [None] * (len(found) - 2)
    assert found[-2:] == list(given.values())
    assert unpacker.received == sum(len(part) for parts in messages for part in parts)


def test_a_subscription_that_was_replaced_leaves_no_parts() -> None:
    noise = np.random.default_rng(0).normal(0, 1, 9000).astype(np.float32)
    frame = encode(Picture(0, (Plot("p", (Line(noise, noise),)),)))
    unpacker = Unpacker()
    assert unpacker(split("a", pack(frame))[0]) is None
    found = [unpacker(part) for part in split("a", pack(frame))]
    assert found[-1] == frame


@pytest.mark.parametrize("data", [bytes((DIFFERENCES, 0)), bytes((HEADER, 0)), bytes((9, 0))])
def test_without_the_reference(data: bytes) -> None:
    with pytest.raises(ValueError, match="no packed frame"):
        unpack(data)


def test_whole_frames_are_told_apart() -> None:
    """Their first byte is a multiple of 8, and that of a packed one is not."""
    frame = encode(PICTURE, "a", 1)
    assert frame[0] % 8 == 0
    assert Unpacker()(frame) == frame
    assert all(part[0] % 8 for part in split("a", pack(frame) * 9))


def test_the_pages_fixture() -> None:
    kept = json.loads(PATH.read_text(encoding="utf-8"))
    kept_frames, made_frames = (
        [str(decode(b64decode(one))) for one in found["frames"]] for found in (kept, fixture())
    )
    assert kept_frames == made_frames
    unpacker = Unpacker()
    found = [unpacker(b64decode(message)) for message in kept["messages"]]
    assert [frame for frame in found if frame] == [b64decode(one) for one in kept["frames"]]
    assert None in found
