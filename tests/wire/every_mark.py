"""A mark of every kind, a picture of them all, and what a picture off the wire is compared by."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from livenet.pictures import (
    Area,
    Axis,
    Bars,
    Equation,
    Graph,
    GraphLayer,
    Heatmap,
    Images,
    Line,
    Mark,
    Matrix,
    Operand,
    Picture,
    Plot,
    Points,
    Polygons,
    Sign,
    Term,
    Text,
    Tiles,
    Worked,
)

RANDOM = np.random.default_rng(0)


def some(*shape: int) -> NDArray[np.float32]:
    return RANDOM.normal(0, 1, shape).astype(np.float32)


def polygons(vertices: int = 4) -> Polygons:
    corners = np.array([0, 1, 2, 0, 2, vertices - 1])
    return Polygons(
        some(vertices, 2), corners, np.array([0, 3, 6]), values=some(2), groups=np.array([0, 1])
    )


MARKS: tuple[Mark, ...] = (
    Line(some(5), some(5), color="train", label="μ", dashed=True),
    Area(some(5), some(5), some(5)),
    Heatmap(some(7, 5), -1.0, 1.0, opacity=RANDOM.random((7, 5)).astype(np.float32)),
    polygons(),
    Points(some(3), some(3), np.array([0, 1, 2]), hollow=True, label="test"),
    Points(some(3), some(3), np.array([0, 1, 2]), ellipses=np.array([[0.5, 0.25, 1.5]] * 3)),
    Bars(some(3), ("a", "b", "c")),
    Bars(some(2), ("z1", "z2"), horizontal=True),
    Tiles(RANDOM.uniform(-1, 1, (3, 4, 4)), some(3), ("0.0", "0.1", "1.0"), ("x₁", "x₂", "h1")),
    Images(
        RANDOM.random((3, 4, 4)), ("a", "b", ""), right=np.array([1, 0, -1]), ids=("0", "1", "2")
    ),
    Images(RANDOM.uniform(-2, 3, (2, 3, 5)), columns=2, lo=-2.0, hi=3.0, colors="diverging"),
    Matrix(some(3, 2), 2.5, rows="h(1)"),
    Matrix(
        RANDOM.random((2, 2)).astype(np.float32),
        1.0,
        rows="query",
        columns="key",
        colors="sequential",
        row_labels=("3", "1"),
        column_labels=("3", "1"),
        outlined=np.array([[0, 1], [1, 0]]),
    ),
    Matrix(some(4, 3), 1.0, colors="sequential", pixels=True),
    Graph(
        (
            GraphLayer("Input", "x₁", ("x₁", "x₂"), 2),
            GraphLayer("Output", "1 unit", ("h1",), 1, activation="tanh"),
        ),
        (some(1, 2),),
        (some(1),),
    ),
    Text(0.5, -0.5, "here"),
    Equation(
        "z = W h",
        (
            Operand("z", some(2, 1), 2, 1, note="2 × 1", row_labels=("a", "b")),
            Sign("="),
            Operand("W", some(2, 3), 5, 9, 1, 4, peak=2.0, column_labels=("a", "b", "c")),
            Operand("h", some(3, 1), 3, 1, colors="sequential", pixels=True),
        ),
        Worked("z_1", 0, 0, (Term("W_{11} h_1", r"2 \times 3", 6.0, ((2, 1, 4), (3, 0, 0))),), 6.0),
    ),
    Equation(r"a b^\top", (Operand("G", some(1, 1), 1, 1),), table=True),
)
PICTURE = Picture(
    17,
    tuple(
        Plot(mark.kind, (mark,), title="T", x=Axis("x₁", -3.0, 3.0), y=Axis("η", 1e-5, 1.0))
        for mark in MARKS
    ),
    {"regions": 12, "share": 0.25, "none": None, "by_layer": [3, 4], "bounds": {"a": 10**20}},
)
TOLERANCE = {"float16": 2**-10, "uint8": 0.5 / 127.5 + 1e-6, "float32": 1e-7, "index": 0}


def alike(found: Any, expected: Any, tolerance: float) -> None:
    """The same tree, arrays against nested lists."""
    if isinstance(found, np.ndarray):
        assert np.asarray(expected, dtype=np.float64).shape == found.shape
        assert found.astype(np.float64) == pytest.approx(
            np.asarray(expected, dtype=np.float64), rel=tolerance, abs=tolerance
        )
    elif isinstance(found, dict):
        assert found.keys() == expected.keys()
        for key in found:
            alike(found[key], expected[key], tolerance)
    elif isinstance(found, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            alike(one, other, tolerance)
    else:
        assert found == expected
