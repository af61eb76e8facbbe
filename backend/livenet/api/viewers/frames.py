"""A frame in a stream: its bytes, whole and packed, and the number that the viewer acknowledges."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

from livenet.wire.packed import Run, comparable, pack, tried

LARGE = 65_536  # bytes; a larger frame is packed in a thread, and alone
MAX_FORMS = 8  # of one frame: viewers of different speeds have different references
TRY_EVERY = 64  # frames; then the strides of a channel's runs are chosen again
ALONE = -1  # the number that stands for no reference
_numbers = itertools.count()


class Frame:
    """The same object for all viewers, so that each form of it is packed once.

    ``seq`` is its number on the channel, ``number`` one of all frames of this process, in the order
    in which they arrived.
    """

    __slots__ = ("_forms", "_packing", "_runs", "_runs_age", "data", "number", "seq")

    def __init__(self, seq: int, data: bytes) -> None:
        self.seq = seq
        self.data = data
        self.number = next(_numbers)
        self._forms: dict[int, bytes] = {}
        self._packing: asyncio.Future[bytes] | None = None
        self._runs: tuple[Run, ...] | None = None
        self._runs_age = 0

    @property
    def large(self) -> bool:
        return len(self.data) > LARGE

    @property
    def packable(self) -> bool:
        """Whether packing takes little time by now."""
        return not self.large or bool(self._forms)

    def packed(self, reference: Frame | None) -> bytes:
        """The data of the packed frame, for viewers that were last sent this reference."""
        if reference is not None and (self.large or reference.large):
            reference = None
        key = ALONE if reference is None else reference.number
        if key not in self._forms and len(self._forms) >= MAX_FORMS - 1:
            reference, key = None, ALONE
        if key not in self._forms:
            self._forms[key] = self._pack(reference)
        return self._forms[key]

    def _pack(self, reference: Frame | None) -> bytes:
        if reference is None or not comparable(self.data, reference.data):
            return pack(self.data, reference.data if reference else None)
        if self._runs is None and reference._runs_age < TRY_EVERY:
            self._runs, self._runs_age = reference._runs, reference._runs_age + 1
        if self._runs is None:
            self._runs, self._runs_age = tried(self.data, reference.data), 0
        return pack(self.data, reference.data, self._runs)

    def when_packable(self, then: Callable[[], None]) -> None:
        """Calls ``then`` when the frame is packable; packs a large one in a thread, once."""
        if self.packable:
            then()
            return
        if self._packing is None:
            loop = asyncio.get_running_loop()
            self._packing = loop.run_in_executor(None, self.packed, None)
        self._packing.add_done_callback(lambda _: then())


class FrameParser:
    """Reads the number of each frame once for all viewers."""

    def __init__(self) -> None:
        self._last = Frame(-1, b"")

    def __call__(self, data: bytes) -> Frame:
        """The frame of these bytes; the engine passes the same object to every viewer."""
        if self._last.data is not data:
            self._last = Frame(sequence_number(data), data)
        return self._last


def sequence_number(frame: bytes) -> int:
    """The ``seq`` of a frame, from its metadata."""
    size = int.from_bytes(frame[:8], "little")
    start = frame.index(b'"seq":"', 8, 8 + size) + 7
    return int(frame[start : frame.index(b'"', start)])
