"""Encodes a picture as a frame: a safetensors blob with the picture's header as metadata.

The metadata has ``picture`` (the picture as JSON, in which every array is replaced by
``{"tensor": NAME, "shape": [...]}``, and, where quantised, ``"lo"`` and ``"hi"``), ``channel``,
``seq`` and ``time`` (the Unix time of the picture in seconds). safetensors pads its header to 8
bytes and sorts tensors by the size of their items, so a reader maps typed arrays onto the buffer
without a copy. A quantised value is lo + (hi − lo)·u/255.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from functools import cache
from math import frexp, isfinite
from types import UnionType
from typing import (
    Any,
    Literal,
    NotRequired,
    TypedDict,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

import numpy as np
from pydantic_core import to_json

from livenet.pictures import Array, Packed, Picture
from livenet.wire.blob import save


class Reference(TypedDict):
    """The reference to an array in a frame's header.

    With ``lo`` and ``hi`` the array is quantised: a stored u means lo + (hi − lo)·u/255.
    """

    tensor: str
    """Its name in the blob."""
    shape: list[int]
    lo: NotRequired[float]
    hi: NotRequired[float]


class Metadata(TypedDict):
    """A frame's metadata; safetensors supports only text."""

    picture: str
    """The picture as JSON, with a reference in place of each array."""
    channel: str
    """The channel of the frame."""
    seq: str
    """Its number on the channel, which the viewer acknowledges; increases, not always by one."""
    time: str
    """The Unix time of the picture, in seconds."""


_DTYPES = {"float32": np.float32, "int8": np.int8}


def encode(picture: Picture, channel: str = "", seq: int = 0, time: float = 0.0) -> bytes:
    """The frame of a picture. ``time`` is the Unix time of the picture."""
    tensors: dict[str, Array] = {}
    header = _tree(picture, tensors, None)
    metadata: Metadata = {
        "channel": channel,
        "seq": str(seq),
        "time": f"{time:.4f}",
        "picture": to_json(header, inf_nan_mode="null", fallback=_number).decode(),
    }
    return save(tensors, metadata=cast("dict[str, str]", metadata))


def decode(frame: bytes) -> dict[str, Any]:
    """A frame's picture in the form of ``document``, with NumPy arrays."""
    size = int.from_bytes(frame[:8], "little")
    from safetensors.numpy import load

    header = json.loads(frame[8 : 8 + size])["__metadata__"]
    tensors = load(frame)
    picture: dict[str, Any] = _restore(json.loads(header["picture"]), tensors)
    place = {"channel": header["channel"], "seq": int(header["seq"]), "time": float(header["time"])}
    return picture | place


def document(picture: Picture) -> dict[str, Any]:
    """A picture as JSON values: arrays as nested lists, non-finite numbers as null."""
    found: dict[str, Any] = _tree(picture, None, None)
    return found


def _number(value: Any) -> Any:
    """One of NumPy's, as JSON has it."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


@cache
def _parts(kind: type) -> tuple[tuple[str, Packed | None, bool], ...] | None:
    """The fields of a dataclass, the encoding of those that are arrays, and which of them hold no
    array: that of a tuple of arrays is its items'. None for other types."""
    if not is_dataclass(kind):
        return None
    packed: dict[str, Packed] = {}
    hints = get_type_hints(kind, include_extras=True)
    for name, hint in hints.items():
        for part in (hint, *getattr(hint, "__args__", ())):
            for extra in getattr(part, "__metadata__", ()):
                if isinstance(extra, Packed):
                    packed[name] = extra
    return tuple(
        (part.name, packed.get(part.name), _without_arrays(hints[part.name]))
        for part in fields(kind)
    )


_PLAIN = frozenset({str, int, bool, type(None)})


def _without_arrays(hint: Any) -> bool:
    """Whether values of a type are JSON's, in tuples and dataclasses: to_json writes them as they
    are."""
    if hint in (str, int, bool, float, None, type(None), ...) or get_origin(hint) is Literal:
        return True
    if get_origin(hint) in (tuple, Union, UnionType):
        return all(map(_without_arrays, get_args(hint)))
    return is_dataclass(hint) and all(whole for _, _, whole in _parts(cast("type", hint)) or ())


def _tree(
    value: Any,
    tensors: dict[str, Array] | None,
    packed: Packed | None,
    ends: tuple[float, float] = (0.0, 1.0),
) -> Any:
    """``ends`` are the mark's lo and hi, between which bytes are quantised."""
    kind: Any = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, np.ndarray):
        return _lists(value) if tensors is None else _stored(value, tensors, packed, ends)
    framed = tensors is not None
    if (parts := _parts(kind)) is not None:
        ends = getattr(value, "lo", 0.0), getattr(value, "hi", 1.0)
        return {
            name: found if type(found := getattr(value, name)) in _PLAIN or (whole and framed)
            else _tree(found, tensors, how, ends)
            for name, how, whole in parts
        }  # fmt: skip
    if isinstance(value, tuple | list):
        return [item if type(item) in _PLAIN else _tree(item, tensors, packed) for item in value]
    if isinstance(value, dict):
        return {key: _tree(item, tensors, packed) for key, item in value.items()}
    if isinstance(value, float | np.floating):
        return float(value) if isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    return value


def _lists(array: Array) -> Any:
    if array.dtype.kind != "f" or np.isfinite(array).all():
        return array.tolist()
    whole = array.astype(object)
    whole[~np.isfinite(array)] = None
    return whole.tolist()


def _stored(
    array: Array, tensors: dict[str, Array], packed: Packed | None, ends: tuple[float, float]
) -> Reference:
    name = str(len(tensors))
    entry: Reference = {"tensor": name, "shape": list(array.shape)}
    dtype = packed.dtype if packed else "float32"
    if dtype == "uint8":
        lo, hi = float(ends[0]), float(ends[1])
        if not (isfinite(lo) and isfinite(hi)):
            raise ValueError(f"a map has values from {lo} to {hi}")
        entry["lo"], entry["hi"] = lo, hi
        share = np.fmax(array, lo)  # where it is NaN, too
        np.fmin(share, hi, out=share)
        share -= lo
        share *= 255.0 / ((hi - lo) or 1.0)
        array = np.rint(share, out=share).astype(np.uint8)
    elif dtype == "index":
        small = array.size == 0 or int(array.max()) < 65536
        array = array.astype(np.uint16 if small else np.uint32)
    elif dtype == "float16":
        array = array.clip(-65504, 65504).astype(np.float16)
    else:
        array = array.astype(_DTYPES[dtype])
    if packed and packed.drawn == "place":
        array = _rounded(array)
    elif packed and packed.drawn == "size":
        array = _shortened(array)
    tensors[name] = np.ascontiguousarray(array)
    return entry


def _rounded(array: Array) -> Array:
    """Whole multiples of a power of two, by at most 2⁻¹⁵ of the range: the bits that are left out
    would be noise, which does not compress."""
    finite = array[np.isfinite(array)]
    span = float(finite.max()) - float(finite.min()) if finite.size else 0.0
    step = 2.0 ** (frexp(span)[1] - 15)  # span is in [½, 1) times 2 to this exponent
    if span == 0.0:
        return array
    rounded: Array = ((array / step).round() * step).astype(array.dtype)
    return rounded


def _shortened(array: Array) -> Array:
    """Half precision with 8 of its 11 significant bits."""
    kept: Array = ((array.view(np.uint16) + 4) & 0xFFF8).view(np.float16)
    return np.where(np.isfinite(kept), kept, array)


def _restore(value: Any, tensors: dict[str, Array]) -> Any:
    if isinstance(value, dict):
        if "tensor" in value:
            array = tensors[value["tensor"]]
            if "lo" not in value:
                return array
            return value["lo"] + (value["hi"] - value["lo"]) * array.astype(np.float32) / 255.0
        return {key: _restore(item, tensors) for key, item in value.items()}
    if isinstance(value, list):
        return [_restore(item, tensors) for item in value]
    return value
