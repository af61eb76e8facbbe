"""What viewers of one channel are sent packed, and that each can read all of it."""

from __future__ import annotations

import asyncio
from itertools import count
from unittest.mock import AsyncMock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.websockets import WebSocket

from livenet.api.viewers.frames import LARGE, MAX_FORMS, Frame
from livenet.api.viewers.line import FAR
from livenet.api.viewers.run_messages import RunMessages
from livenet.api.viewers.stream import same_machine
from livenet.api.viewers.viewer import Subscription, Viewer
from livenet.pictures import Heatmap, Line, Picture, Plot
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore
from livenet.wire.frame import encode
from livenet.wire.packed import FIRST, LAST, PART_SIZE, Unpacker
from tests.server import PATIENCE

RANDOM = np.random.default_rng(0)
SEQS = count()


def a_frame(items: int = 12) -> Frame:
    values = RANDOM.normal(0, 1, (3, items // 3)).astype(np.float32)
    seq = next(SEQS)
    picture = Picture(seq, (Plot("p", (Heatmap(values, -1.0, 1.0),), title="a map"),))
    return Frame(seq, encode(picture, "channel", seq))


def a_large_frame() -> Frame:
    noise = RANDOM.normal(0, 1, LARGE).astype(np.float32)
    seq = next(SEQS)
    return Frame(seq, encode(Picture(seq, (Plot("p", (Line(noise, noise),)),)), "channel", seq))


class Client:
    """A viewer, and the other end of its socket, which reads all that is sent."""

    def __init__(self, elsewhere: bool = True) -> None:
        run = Run(id="run", name="", spec=resolve({}), snapshots=SnapshotStore(1000))
        self.viewer = Viewer(RunMessages(run), elsewhere)
        self.unpacker = Unpacker()
        self.messages: list[bytes] = []
        self.read()

    def subscribe(self, name: str = "a", packed: bool = True) -> None:
        self.viewer.subscriptions[name] = Subscription(packed=packed)

    def read(self, most: int = 10_000) -> list[bytes]:
        """The frames that come now, of at most so many messages."""
        found: list[bytes] = []
        while most and (message := self.viewer.next(0.0)) is not None:
            if isinstance(message, str):
                continue
            data = message.data if isinstance(message, Frame) else message
            self.messages.append(data)
            if frame := self.unpacker(data):
                found.append(frame)
            most -= 1
        return found

    def acknowledge(self, frame: Frame, name: str = "a") -> None:
        self.viewer.acknowledge({name: frame.seq}, self.unpacker.received)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from([9, 12])), max_size=20))
def test_whatever_each_viewer_misses_it_can_read_what_it_gets(
    events: list[tuple[bool, bool, int]],
) -> None:
    """Two viewers of different speeds, and one that comes at the end."""
    clients = [Client(), Client()]
    for client in clients:
        client.subscribe()
    frame = a_frame()
    for one_reads, other_reads, items in events:
        frame = a_frame(items)
        for client, reads in zip(clients, (one_reads, other_reads), strict=True):
            client.viewer.frame("a", frame)
            if reads:
                assert client.read() in ([frame.data], [])
                client.acknowledge(frame)
    late = Client()
    late.subscribe()
    late.viewer.frame("a", frame)
    assert late.read() == [frame.data]


def test_frame_with_the_header_may_be_conflated_away() -> None:
    client = Client()
    client.subscribe()
    first, second, third = a_frame(), a_frame(), a_frame()
    client.viewer.frame("a", first)
    client.viewer.frame("a", second)
    assert client.read() == [second.data]
    client.viewer.frame("a", third)
    assert client.read() == [third.data]
    assert len(client.messages[1]) < len(client.messages[0]) / 2


def test_header_comes_once_a_subscription() -> None:
    """Again after a change of options, which makes another subscription, and after a reconnect."""
    client = Client()
    client.subscribe()
    sizes = []
    for turn in range(6):
        if turn == 3:
            client.subscribe()
        if turn == 5:
            client = Client()
            client.subscribe()
        frame = a_frame()
        client.viewer.frame("a", frame)
        assert client.read() == [frame.data]
        client.acknowledge(frame)
        sizes.append(len(client.messages[-1]))
    whole = [turn for turn, size in enumerate(sizes) if 2 * size > max(sizes)]
    assert whole == [0, 3, 5]


def test_each_form_is_packed_once() -> None:
    one, other = a_frame(), a_frame()
    assert other.packed(one) is other.packed(one)
    assert other.packed(None) is other.packed(None)
    crowd = [other.packed(a_frame()) for _ in range(3 * MAX_FORMS)]
    assert len({id(form) for form in crowd}) <= MAX_FORMS
    assert crowd[-1] is other.packed(None)


def test_whole_frames_for_who_cannot_unpack_or_is_on_the_same_machine() -> None:
    for elsewhere, packed in ((True, False), (False, True)):
        client = Client(elsewhere)
        client.subscribe(packed=packed)
        frame = a_frame()
        client.viewer.frame("a", frame)
        assert client.read() == [frame.data] == client.messages


def test_long_round_trip_is_packed_for() -> None:
    """As through a tunnel, whose end is on this machine."""
    client = Client(elsewhere=False)
    client.subscribe()
    frames = [a_frame() for _ in range(3)]
    whole = []
    for frame, round_trip in zip(frames, (0.0, 2 * FAR, FAR / 2), strict=True):
        client.viewer.line.round_trip = round_trip
        client.viewer.frame("a", frame)
        assert client.read() == [frame.data]
        client.acknowledge(frame)
        whole.append(client.messages[-1] == frame.data)
    assert whole == [True, False, True]


async def test_large_frames_are_packed_in_a_thread_once() -> None:
    frame = a_large_frame()
    assert not frame.packable
    waiting = [asyncio.Event() for _ in range(2)]
    for event in waiting:
        frame.when_packable(event.set)
    assert not any(event.is_set() for event in waiting)
    await asyncio.wait_for(asyncio.gather(*(event.wait() for event in waiting)), PATIENCE)
    at_once = asyncio.Event()
    frame.when_packable(at_once.set)
    assert at_once.is_set()


def test_large_frame_that_is_not_packed_yet_is_sent_whole() -> None:
    client = Client()
    client.subscribe()
    frame = a_large_frame()
    client.viewer.frame("a", frame)
    assert client.read() == [frame.data] == client.messages


def test_large_frame_that_comes_late_is_dropped() -> None:
    client = Client()
    client.subscribe()
    large, small = a_large_frame(), a_frame()
    client.viewer.frame("a", small)
    client.viewer.frame("a", large)
    assert client.read() == [small.data]


def test_small_pictures_go_between_the_parts_of_a_large_one() -> None:
    client = Client()
    client.subscribe("large")
    client.subscribe("small")
    large = a_large_frame()
    parts = -(-len(large.packed(None)) // PART_SIZE)
    client.viewer.frame("large", large)
    for _ in range(parts // 2):
        small = a_frame()
        client.viewer.frame("small", small)
        assert client.read(2) == [small.data]
        client.acknowledge(small, "small")
    while not (found := client.read()):
        client.viewer.acknowledge({}, client.unpacker.received)
    assert found == [large.data]
    kinds = [message[0] & (FIRST | LAST) for message in client.messages if message[3:8] == b"large"]
    assert kinds == [FIRST, *[0] * (parts - 2), LAST]


def test_nothing_is_sent_beyond_the_limit_nor_asked_for() -> None:
    client = Client()
    client.subscribe()
    client.viewer.acknowledge({}, 0)
    client.viewer.line.limit = 2 * PART_SIZE
    large = a_large_frame()
    large.packed(None)
    client.viewer.frame("a", large)
    found: list[bytes] = []
    turns = 0
    while not found:
        found = client.read()
        assert 0 < client.viewer.line.in_flight < 4 * PART_SIZE
        assert client.viewer.acknowledge({}, client.unpacker.received)
        client.viewer.line.limit = 2 * PART_SIZE
        turns += 1
    assert found == [large.data]
    assert turns > 10


@pytest.mark.parametrize(
    ("client", "headers", "same"),
    [
        ("127.0.0.1", {"host": "localhost:8000"}, True),
        ("::1", {"host": "[::1]:8000", "origin": "http://[::1]:8000"}, True),
        ("127.0.0.1", {"host": "127.0.0.1:8000", "origin": "https://hub.example"}, False),
        ("127.0.0.1", {"host": "hub.example"}, False),
        ("192.0.2.7", {"host": "localhost:8000"}, False),
        (None, {"host": "localhost"}, False),
    ],
)
def test_same_machine(client: str | None, headers: dict[str, str], same: bool) -> None:
    """A proxy on this machine passes on the page's origin, or the host that the browser asked."""
    scope = {
        "type": "websocket",
        "client": client and (client, 50_000),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    assert same_machine(WebSocket(scope, AsyncMock(), AsyncMock())) is same
