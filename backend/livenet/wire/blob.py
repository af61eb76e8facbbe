"""Writes the safetensors format: https://github.com/huggingface/safetensors#format.

The library's function for NumPy takes 10 to 30 µs, half of which are names of types, and its order
of the metadata changes from call to call. Small networks have frames and snapshots by the hundred a
second.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic_core import to_json

ALIGNED = 8  # bytes
_NAMES: dict[np.dtype[Any], str] = {
    np.dtype(kind): f"{letter}{8 * np.dtype(kind).itemsize}"
    for letter, kinds in (
        ("F", (np.float64, np.float32, np.float16)),
        ("I", (np.int64, np.int32, np.int16, np.int8)),
        ("U", (np.uint64, np.uint32, np.uint16, np.uint8)),
    )
    for kind in kinds
}


def save(tensors: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> bytes:
    """The bytes of a file with these tensors, which begin at multiples of the size of their items,
    and this metadata, in its order.

    Raises KeyError for a type of numbers that has no name here.
    """
    header: dict[str, Any] = {"__metadata__": metadata}
    parts = []
    at = 0
    for name, array in sorted(tensors.items(), key=_size_of_items, reverse=True):
        end = at + array.nbytes
        header[name] = {
            "dtype": _NAMES[array.dtype],
            "shape": array.shape,
            "data_offsets": (at, end),
        }
        parts.append(array.tobytes())
        at = end
    text = to_json(header)
    text += b" " * (-len(text) % ALIGNED)
    return b"".join((len(text).to_bytes(8, "little"), text, *parts))


def _size_of_items(item: tuple[str, NDArray[Any]]) -> int:
    return item[1].itemsize
