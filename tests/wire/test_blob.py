"""What is written is what the safetensors library reads, and its layout is that of the format."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import safetensors.numpy as library
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from livenet.wire.blob import save

KINDS = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1"]
Arrays = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3).filter(
        lambda name: name != "__metadata__"
    ),
    st.sampled_from(KINDS).flatmap(
        lambda kind: arrays.arrays(kind, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0))
    ),
    max_size=5,
)
Texts = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    st.text(st.characters(exclude_categories=["Cs"])),
    max_size=3,
)


@given(Arrays, Texts)
def test_the_library_reads_it(tensors: dict[str, NDArray[Any]], metadata: dict[str, str]) -> None:
    data = save(tensors, metadata)
    found = library.load(data)
    assert found.keys() == tensors.keys()
    for name, array in tensors.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert found[name].tobytes() == array.tobytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    assert header.pop("__metadata__") == metadata
    assert size % 8 == 0
    for entry in header.values():
        width = np.dtype(f"{entry['dtype'][0].lower()}{int(entry['dtype'][1:]) // 8}").itemsize
        assert (8 + size + entry["data_offsets"][0]) % width == 0


def test_columns_of_an_array_are_written_in_order() -> None:
    whole = np.arange(12, dtype=np.float32).reshape(3, 4)
    found = library.load(save({"turned": whole.T, "part": whole[:, 1:3]}, {}))
    assert found["turned"].tolist() == whole.T.tolist()
    assert found["part"].tolist() == [[1, 2], [5, 6], [9, 10]]


def test_metadata_keep_their_order() -> None:
    data = save({}, {"seq": "5", "channel": "a", "picture": '{"seq":"7"}'})
    assert data.index(b'"seq"') < data.index(b'"channel"') < data.index(b'"picture"')


def test_complex_numbers_have_no_name() -> None:
    with pytest.raises(KeyError):
        save({"z": np.zeros(2, np.complex64)}, {})
