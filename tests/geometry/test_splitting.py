"""What rounding alone can bring about, made by hand."""

import numpy as np
import pytest

from livenet.budget import Budget
from livenet.geometry import bits
from livenet.geometry.splitting import split_block
from livenet.geometry.vertices import VertexTable

WHOLE = Budget.unlimited()


@pytest.mark.parametrize(("depth", "side"), [(-5.0, 0), (-1.0, 1)])
def test_a_face_with_two_runs_of_a_sign_is_left_whole(depth: float, side: int) -> None:
    """An octagon with + 0 − 0 + 0 − 0, and a second cut that halves it as it should.

    Each half keeps the sign that the spared cut has at its center: 2 + 0 + depth + 0 + 2.
    """
    turn = np.arange(8) * np.pi / 4
    xy = np.column_stack([np.cos(turn), np.sin(turn)])
    ragged = np.array([2.0, 0, depth, 0, 2.0, 0, depth, 0])
    table = VertexTable(xy)
    table.open(np.column_stack([ragged, xy[:, 1]]), np.full(2, 1e-11))
    faces = split_block(table, np.arange(8), np.array([8]), bits.first(2), 100, WHOLE)
    assert faces is not None
    assert len(faces) == 2  # by the second cut
    assert sorted(faces.lengths) == [5, 5]
    assert bits.unpack(faces.positive, 2)[:, 1].tolist() in ([0, 1], [1, 0])
    assert bits.unpack(faces.positive, 2)[:, 0].tolist() == [side, side]


def test_too_many_faces_leave_the_table_as_it_was() -> None:
    xy = np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1]])
    weight = np.array([[1.0, 0.1], [0.1, 1], [1, 1]])
    table = VertexTable(xy)
    table.open(xy @ weight.T + np.array([0.1, 0.2, 0.3]), np.full(3, 1e-11))
    assert split_block(table, np.arange(4), np.array([4]), bits.first(3), 5, WHOLE) is None
    assert table.count == 4
    faces = split_block(table, np.arange(4), np.array([4]), bits.first(3), 7, WHOLE)
    assert faces is not None
    assert len(faces) == 7
