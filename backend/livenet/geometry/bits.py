"""Sets of up to 64 cuts as the bits of one unsigned word: bit j stands for cut j."""

import numpy as np

from livenet.geometry.arrays import Bools, Bytes, Ints, Words

WORD = 64
_LITTLE = np.dtype("<u8")  # so that bit j of a word is bit j of its bytes on all machines


def pack(members: Bools) -> Words:
    """(N, C ≤ 64) booleans -> (N,) words."""
    n, width = members.shape
    if width == WORD:
        octets = np.ascontiguousarray(np.packbits(members, axis=1, bitorder="little"))
        return octets.view(_LITTLE)[:, 0]
    packed = np.zeros((n, WORD // 8), dtype=np.uint8)
    packed[:, : (width + 7) // 8] = np.packbits(members, axis=1, bitorder="little")
    return packed.view(_LITTLE)[:, 0]


def unpack(words: Words, width: int) -> Bytes:
    """(N,) words -> (N, width) of 0 and 1."""
    octets = np.ascontiguousarray(words, dtype=_LITTLE).view(np.uint8).reshape(-1, WORD // 8)
    return np.unpackbits(octets, axis=1, count=width, bitorder="little")


def where(words: Words) -> tuple[Ints, Ints]:
    """The members of each set: (rows, bits), ordered by row and then by bit."""
    rows = np.flatnonzero(words)
    octets = np.ascontiguousarray(words[rows], dtype=_LITTLE).view(np.uint8)
    found = np.flatnonzero(np.unpackbits(octets, bitorder="little"))
    return rows[found >> 6], found & (WORD - 1)


def lowest(words: Words) -> Words:
    """The lowest member of each set as a set of its own; the empty set for the empty set."""
    return words & (~words + np.uint64(1))


def first(count: int) -> np.uint64:
    """The set of the cuts 0 to count − 1, count ≤ 64."""
    return np.uint64((1 << count) - 1)
