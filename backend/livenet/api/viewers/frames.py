"""A frame in a stream: its bytes, and the number that the viewer acknowledges."""

from __future__ import annotations

from typing import NamedTuple


class Frame(NamedTuple):
    seq: int
    data: bytes


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
