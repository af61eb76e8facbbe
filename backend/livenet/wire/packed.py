"""Packed frames: what the stream sends in place of a frame to a viewer that is elsewhere.

A packed frame is compressed, and says only what differs from the frame before it on the same
subscription, its reference. Most of a small frame is its header, which hardly changes, and most
tensors change little from one picture to the next. docs/stream.md has the bytes.

A form: ``ALONE`` is the frame itself. ``HEADER`` has the reference's header as DEFLATE's preset
dictionary. ``DIFFERENCES`` has, in the same way, the tensors' differences to the reference's.

The tensors are in runs of items of one size. Of each run the items are unsigned integers, from
which the item ``stride`` places before is subtracted, such as the one to the left in a map, or the
same pixel of the image before; then come the lowest bytes of all items, the second bytes, and so
on. The data are sent in messages of at most ``PART_SIZE`` bytes, between which other pictures may
be sent.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, replace
from math import prod
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALONE, HEADER, DIFFERENCES = range(3)
FIRST, LAST, PACKED = 1, 2, 4
"""Bits of a message's first byte. That of a whole frame is a multiple of 8: its header is padded to
8 bytes, and begins with its length."""
PART_SIZE = 8192
DICTIONARY_SIZE = 32_768  # bytes; the distance that DEFLATE reaches back
LEVEL = 4
TRIED = 8192  # items of a run by which its stride is chosen
MOST_STRIDE = 65_535

_RUN = Struct("<BHI")
_UNSIGNED: dict[int, type[np.unsignedinteger[Any]]] = {1: np.uint8, 2: np.uint16, 4: np.uint32}
_SIZES = {"F32": 4, "U32": 4, "F16": 2, "U16": 2, "U8": 1, "I8": 1}

Words = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True)
class Run:
    """Neighbouring tensors whose items are of one size, in bytes. A stride of 0 subtracts
    nothing."""

    size: int
    stride: int
    items: int


def runs_of(frame: bytes) -> tuple[tuple[Run, tuple[int, ...]], ...]:
    """The runs of a frame, each with strides that may suit it."""
    entries = json.loads(frame[8 : tensors_start(frame)])
    del entries["__metadata__"]
    found: dict[int, list[tuple[int, ...]]] = {}
    for entry in sorted(entries.values(), key=lambda entry: entry["data_offsets"][0]):
        found.setdefault(_SIZES[entry["dtype"]], []).append(tuple(entry["shape"]))
    return tuple((_run(size, shapes), _strides(shapes)) for size, shapes in found.items())


def _run(size: int, shapes: list[tuple[int, ...]]) -> Run:
    return Run(size, 0, sum(map(prod, shapes)))


def _strides(shapes: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Nothing, the item before, and the row and the image before in the largest tensor."""
    largest = max(shapes, key=prod)
    steps = {1, *(prod(largest[axis:]) for axis in range(1, len(largest)))}
    return (0, *sorted(step for step in steps if 0 < step <= MOST_STRIDE))


def tried(frame: bytes, reference: bytes | None = None) -> tuple[Run, ...]:
    """The runs of a frame, each with the stride that packs its beginning best."""
    found = []
    start = tensors_start(frame)
    for run, strides in runs_of(frame):
        words = _words(frame, start, run)[:TRIED]
        if reference is not None:
            shift = tensors_start(reference) - tensors_start(frame)
            words = words - _words(reference, start + shift, run)[:TRIED]
        sizes = {stride: len(_deflated(_planes(words, stride))) for stride in strides}
        found.append(replace(run, stride=min(sizes, key=sizes.__getitem__)))
        start += run.size * run.items
    return tuple(found)


def comparable(frame: bytes, reference: bytes) -> bool:
    """Whether the tensors of two frames of a channel take the same number of bytes."""
    return len(frame) - tensors_start(frame) == len(reference) - tensors_start(reference)


def pack(
    frame: bytes, reference: bytes | None = None, runs: tuple[Run, ...] | None = None
) -> bytes:
    """The data of a packed frame, for a viewer that has the reference.

    ``runs`` are those of a similar frame; without them, strides are tried.
    """
    form = ALONE if reference is None else DIFFERENCES
    if reference is not None and not comparable(frame, reference):
        form = HEADER
    base = reference if form == DIFFERENCES else None
    start = at = tensors_start(frame)
    if runs is None or sum(run.size * run.items for run in runs) != len(frame) - start:
        runs = tried(frame, base)
    parts = [frame[:start]]
    for run in runs:
        words = _words(frame, at, run)
        if base is not None:
            words = words - _words(base, at - start + tensors_start(base), run)
        parts.append(_planes(words, run.stride))
        at += run.size * run.items
    head = bytes((form, len(runs))) + b"".join(
        _RUN.pack(run.size, run.stride, run.items) for run in runs
    )
    return head + _deflated(*parts, dictionary=_dictionary(reference))


def unpack(data: bytes, reference: bytes | None = None) -> bytes:
    """The frame. ``reference`` is the one before it on the subscription; not needed for ALONE.

    Raises ValueError for a form that does not exist, and where the reference is missing.
    """
    form, count = data[:2]
    if form > DIFFERENCES or (form != ALONE and reference is None):
        raise ValueError(f"no packed frame, or one without its reference: form {form}")
    body = 2 + count * _RUN.size
    runs = [Run(*found) for found in _RUN.iter_unpack(data[2:body])]
    dictionary = _dictionary(reference if form != ALONE else None)
    opener = zlib.decompressobj(wbits=-15, zdict=dictionary)
    flat = opener.decompress(data[body:]) + opener.flush()
    start = at = tensors_start(flat)
    parts = [flat[:start]]
    for run in runs:
        words = _whole(flat[at : at + run.size * run.items], run)
        if form == DIFFERENCES and reference is not None:
            words = words + _words(reference, at - start + tensors_start(reference), run)
        parts.append(words.tobytes())
        at += run.size * run.items
    return b"".join(parts)


def split(subscription: str, data: bytes) -> list[bytes]:
    """The messages that carry a packed frame, in order."""
    name = subscription.encode()
    head = len(name).to_bytes(2, "little") + name
    starts = range(0, len(data), PART_SIZE)
    return [
        bytes((PACKED | FIRST * (at == 0) | LAST * (at == starts[-1]),))
        + head
        + data[at : at + PART_SIZE]
        for at in starts
    ]


class Unpacker:
    """Reads all binary messages of one stream."""

    def __init__(self) -> None:
        self.received = 0
        """The bytes of all messages, which an acknowledgement reports."""
        self._parts: dict[str, bytes] = {}
        self._references: dict[str, bytes] = {}

    def __call__(self, message: bytes) -> bytes | None:
        """The frame that the message completes; None if more parts follow."""
        self.received += len(message)
        if message[0] % 8 == 0:
            return message
        size = int.from_bytes(message[1:3], "little")
        name = message[3 : 3 + size].decode()
        before = b"" if message[0] & FIRST else self._parts.pop(name, b"")
        data = before + message[3 + size :]
        if not message[0] & LAST:
            self._parts[name] = data
            return None
        frame = self._references[name] = unpack(data, self._references.get(name))
        return frame


def tensors_start(frame: bytes) -> int:
    """Where the tensors of a frame begin."""
    return 8 + int.from_bytes(frame[:8], "little")


def _words(frame: bytes, start: int, run: Run) -> Words:
    kind = np.dtype(_UNSIGNED[run.size]).newbyteorder("<")
    return np.frombuffer(frame, kind, run.items, start)


def _planes(words: Words, stride: int) -> bytes:
    """What a run becomes: differences within it, and the bytes of its items by their places."""
    if stride:
        words = np.concatenate((words[:stride], words[stride:] - words[:-stride]))
    if words.itemsize == 1:
        return words.tobytes()
    return np.ascontiguousarray(words).view(np.uint8).reshape(-1, words.itemsize).T.tobytes()


def _whole(planes: bytes, run: Run) -> Words:
    """The items of which ``_planes`` has made these bytes."""
    parts = np.frombuffer(planes, np.uint8).reshape(run.size, run.items)
    kind = np.dtype(_UNSIGNED[run.size]).newbyteorder("<")
    words: Words = np.ascontiguousarray(parts.T).view(kind).reshape(run.items)
    if not run.stride:
        return words
    rows = -(-run.items // run.stride)
    padded = np.zeros(rows * run.stride, kind)
    padded[: run.items] = words
    summed = padded.reshape(rows, run.stride).cumsum(axis=0, dtype=kind)
    found: Words = summed.reshape(-1)[: run.items]
    return found


def _dictionary(reference: bytes | None) -> bytes:
    if reference is None:
        return b""
    return reference[: tensors_start(reference)][-DICTIONARY_SIZE:]


def _deflated(*parts: bytes, dictionary: bytes = b"") -> bytes:
    packer = zlib.compressobj(LEVEL, wbits=-15, zdict=dictionary)
    return b"".join(map(packer.compress, parts)) + packer.flush()
