"""The tools underneath: bits, runs, components."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from livenet.geometry import bits
from livenet.geometry.arrays import counted, following, offsets_of, starts_of
from livenet.geometry.linear_regions import components

WORDS = st.lists(st.integers(0, 2**64 - 1), max_size=20)


@pytest.mark.parametrize("width", [1, 7, 8, 9, 63, 64])
def test_pack_and_unpack(width: int) -> None:
    members = np.random.default_rng(width).random((50, width)) < 0.5
    words = bits.pack(members)
    expected = [sum(1 << int(j) for j in np.flatnonzero(row)) for row in members]
    assert [int(w) for w in words] == expected
    assert np.array_equal(bits.unpack(words, width), members)


@given(WORDS)
def test_where_and_lowest(values: list[int]) -> None:
    words = np.array(values, dtype=np.uint64)
    rows, cuts = bits.where(words)
    found = list(zip(rows.tolist(), cuts.tolist(), strict=True))
    assert found == [(i, j) for i, value in enumerate(values) for j in range(64) if value >> j & 1]
    assert [int(w) for w in bits.lowest(words)] == [value & -value for value in values]


@pytest.mark.parametrize("count", [0, 1, 63, 64])
def test_first(count: int) -> None:
    assert int(bits.first(count)) == 2**count - 1


@given(st.lists(st.integers(1, 6), min_size=1, max_size=10))
def test_runs(values: list[int]) -> None:
    lengths = np.array(values)
    runs = [range(sum(values[:i]), sum(values[: i + 1])) for i in range(len(values))]
    assert starts_of(lengths).tolist() == [run.start for run in runs]
    assert offsets_of(lengths).tolist() == [0, *(run.stop for run in runs)]
    assert counted(lengths).tolist() == [i - run.start for run in runs for i in run]
    assert following(lengths).tolist() == [j for run in runs for j in [*run[1:], run[0]]]


@given(st.integers(1, 30), st.data())
def test_components_against_scipy(n: int, data: st.DataObject) -> None:
    node = st.integers(0, n - 1)
    edges = np.array(data.draw(st.lists(st.tuples(node, node), max_size=40)), dtype=np.int64)
    a, b = edges.reshape(-1, 2).T
    label = components(n, a, b)
    count, expected = connected_components(
        coo_array((np.ones(len(a)), (a, b)), shape=(n, n)), directed=False
    )
    assert np.array_equal(np.unique(label), np.arange(count))
    assert len(np.unique(np.column_stack([label, expected]), axis=0)) == count


def test_components_of_a_long_path() -> None:
    shuffled = np.random.default_rng(0).permutation(5000)
    assert components(5000, shuffled[:-1], shuffled[1:]).max() == 0
