"""A picture on the wire: what comes out is what went in, and anybody can read it."""

import json
from typing import Any, get_args

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load

from livenet.pictures import (
    LARGEST,
    Axis,
    Heatmap,
    Images,
    Line,
    Mark,
    Matrix,
    Picture,
    Plot,
    Points,
    Polygons,
    Text,
    Tiles,
)
from livenet.wire.frame import decode, document, encode
from tests.probes.helpers import picture_of, trained
from tests.wire.every_mark import MARKS, PICTURE, TOLERANCE, alike, polygons, some


def header(frame: bytes) -> dict[str, Any]:
    size = int.from_bytes(frame[:8], "little")
    found: dict[str, Any] = json.loads(frame[8 : 8 + size])
    return found


def test_every_mark_is_tried_here() -> None:
    assert {type(mark) for mark in MARKS} == set(get_args(Mark))


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.kind)
def test_a_mark_comes_out_as_it_went_in(mark: Mark) -> None:
    picture = Picture(3, (Plot("p", (mark,)),))
    found = decode(encode(picture))
    half, byte = TOLERANCE["float16"], TOLERANCE["uint8"]
    tolerance = {"heatmap": half, "matrix": half, "tiles": byte, "images": 3 * byte}
    if isinstance(mark, Points):
        tolerance["points"] = 2**-9 if mark.ellipses is not None else 2**-13
    alike(found["plots"], document(picture)["plots"], tolerance.get(mark.kind, 1e-7))


def test_a_whole_picture() -> None:
    found = decode(encode(PICTURE, channel="output", seq=9))
    expected = document(PICTURE)
    assert (found["step"], found["facts"]) == (17, expected["facts"])
    assert (found["channel"], found["seq"]) == ("output", 9)
    alike(found["plots"], expected["plots"], 3 * TOLERANCE["uint8"])


def test_the_document_is_json() -> None:
    found = document(PICTURE)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_the_safetensors_library_opens_it(tmp_path: Any) -> None:
    frame = encode(PICTURE, channel="output", seq=9)
    path = tmp_path / "frame.safetensors"
    path.write_bytes(frame)
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
        names = set(file.keys())
    assert metadata["channel"] == "output"
    assert metadata["seq"] == "9"
    picture = json.loads(metadata["picture"])
    assert picture["step"] == 17
    assert names == set(load(frame))
    entry = picture["plots"][2]["marks"][0]["values"]
    assert entry["tensor"] in names
    assert entry["shape"] == [7, 5]


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.kind)
@pytest.mark.parametrize("label", ["", "a", "ab", "abc", "abcdefg", "µ"])
def test_the_data_is_aligned_for_typed_arrays(mark: Mark, label: str) -> None:
    """Its start at 8 bytes, and every tensor at a multiple of its item: no copy is needed."""
    frame = encode(Picture(3, (Plot("p", (mark, MARKS[0]), title=label),)), channel=label)
    size = int.from_bytes(frame[:8], "little")
    assert size % 8 == 0
    bytes_of = {"F32": 4, "F16": 2, "U8": 1, "I8": 1, "U16": 2, "U32": 4}
    for name, entry in header(frame).items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            assert (8 + size + start) % bytes_of[entry["dtype"]] == 0
            count = int(np.prod(entry["shape"]))
            assert end - start == count * bytes_of[entry["dtype"]]


def test_types_on_the_wire_are_those_the_marks_ask_for() -> None:
    images = Images(np.zeros((1, 2, 2)), right=np.array([-1]))
    cases: tuple[tuple[Mark, set[str]], ...] = (
        (Heatmap(some(2, 2), -1.0, 1.0), {"F16"}),
        (Tiles(np.zeros((1, 2, 2)), np.ones(1), ("0.0",), ("x",)), {"U8", "F32"}),
        (Line(some(2), some(2)), {"F32"}),
        (images, {"U8", "I8"}),
        (Matrix(some(2, 2), 1.0, outlined=np.array([[1, 1]])), {"F16", "U16"}),
    )
    for mark, expected in cases:
        frame = encode(Picture(0, (Plot("p", (mark,)),)))
        found = {entry["dtype"] for name, entry in header(frame).items() if name != "__metadata__"}
        assert found == expected, mark.kind


@pytest.mark.parametrize(("vertices", "dtype"), [(4, "U16"), (65_536, "U16"), (65_537, "U32")])
def test_indices_take_the_room_they_need(vertices: int, dtype: str) -> None:
    mark = polygons(vertices)
    frame = encode(Picture(0, (Plot("p", (mark,)),)))
    corners = decode(frame)["plots"][0]["marks"][0]["corners"]
    assert np.array_equal(corners, mark.corners)
    name = json.loads(header(frame)["__metadata__"]["picture"])["plots"][0]["marks"][0]["corners"]
    assert header(frame)[name["tensor"]]["dtype"] == dtype


def test_quantised_ends_are_exact_and_the_rest_within_half_a_step() -> None:
    values = np.linspace(-1, 1, 400).reshape(1, 20, 20)
    mark = Tiles(values, np.ones(1), ("0.0",), ("x",))
    found = decode(encode(Picture(0, (Plot("p", (mark,)),))))["plots"][0]["marks"][0]["values"]
    assert found.shape == (1, 20, 20)
    assert (found.min(), found.max()) == (-1.0, 1.0)
    assert np.abs(found - values).max() <= 1 / 255 + 1e-6


def test_images_are_quantised_between_their_own_ends() -> None:
    """What lies beyond an end is clamped; a gap is the low end."""
    values = np.array([[[-2.0, 3.0], [0.5, np.inf]], [[np.nan, -np.inf], [9.0, 0.0]]])
    mark = Images(values, lo=-2.0, hi=3.0)
    found = decode(encode(Picture(0, (Plot("p", (mark,)),))))["plots"][0]["marks"][0]["values"]
    expected = np.array([[[-2.0, 3.0], [0.5, 3.0]], [[-2.0, -2.0], [3.0, 0.0]]])
    assert np.abs(found - expected).max() <= 2.5 / 255 + 1e-6


@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
def test_places_are_rounded_by_less_than_a_pixel(scale: float) -> None:
    """By 2⁻¹⁵ of their range at most; gaps stay, and so does what has no range."""
    x = np.append(some(1000) * np.float32(scale), np.float32(np.nan))
    mark = Points(x, np.full(1001, 0.1), np.zeros(1001))
    found = decode(encode(Picture(0, (Plot("p", (mark,)),))))["plots"][0]["marks"][0]
    error = np.abs(found["x"][:-1].astype(np.float64) - x[:-1])
    assert 0 < error.max() <= np.ptp(x[:-1]) / 2**15
    assert np.isnan(found["x"][-1])
    assert (found["y"] == np.float32(0.1)).all()


def test_ellipses_have_eight_significant_bits() -> None:
    sizes = np.array([[1 / 3, 1e-8, 65504.0], [np.nan, 0.0, -np.pi], [3e-6, 1.0, 200.5]])
    mark = Points(np.zeros(3), np.zeros(3), np.zeros(3), ellipses=sizes)
    found = decode(encode(Picture(0, (Plot("p", (mark,)),))))["plots"][0]["marks"][0]["ellipses"]
    np.testing.assert_allclose(found.astype(np.float64), sizes, rtol=2**-8, atol=2e-7)
    inside = np.abs(found) < 65504
    assert (found.view(np.uint16)[inside] & 7 == 0).all()


def test_empty_arrays_travel() -> None:
    nothing = np.zeros(0, dtype=np.float32)
    mark = Polygons(np.zeros((0, 2)), np.zeros(0, int), np.zeros(1, int))
    found = decode(encode(Picture(0, (Plot("p", (Line(nothing, nothing), mark)),))))
    line, shape = found["plots"][0]["marks"]
    assert line["x"].shape == (0,)
    assert shape["vertices"].shape == (0, 2)
    assert shape["offsets"].tolist() == [0]


def test_a_picture_without_arrays_travels() -> None:
    frame = encode(Picture(5, (Plot("p", (Text(0, 0, "none"),)),)))
    assert decode(frame)["plots"][0]["marks"][0]["text"] == "none"


def test_what_is_not_finite_is_null_in_json() -> None:
    """In a frame it is NaN in an array (a gap in a line), and null outside."""
    mark = Line(np.arange(3.0), np.array([0.0, np.nan, np.inf]))
    matrix = Matrix(np.ones((1, 1)), float("nan"))
    picture = Picture(0, (Plot("p", (mark, matrix)),), {"loss": float("nan")})
    found = document(picture)
    assert found["plots"][0]["marks"][0]["y"] == [0.0, None, None]
    assert found["plots"][0]["marks"][1]["peak"] is None
    assert found["facts"]["loss"] is None
    decoded = decode(encode(picture))
    assert np.isnan(decoded["plots"][0]["marks"][0]["y"][1])
    assert decoded["facts"]["loss"] is None
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(-2, 3, (-2, 3)), (np.nan, np.nan, (0, 1)), (-np.inf, np.inf, (-LARGEST, LARGEST))],
)
def test_an_axis_has_ends(low: float, high: float, expected: tuple[float, float]) -> None:
    """Also of a network whose numbers have overflowed."""
    axis = Axis("y", low, high)
    assert (axis.low, axis.high) == expected


def test_half_precision_holds_large_values_at_its_end() -> None:
    mark = Heatmap(np.array([[1e30, -1e30]]), -1, 1)
    found = decode(encode(Picture(0, (Plot("p", (mark,)),))))["plots"][0]["marks"][0]["values"]
    assert found.tolist() == [[65504.0, -65504.0]]


def test_numpy_numbers_in_facts_are_numbers() -> None:
    facts = {"n": np.int64(3), "x": np.float32(0.5), "list": [np.int32(1)]}
    found = document(Picture(0, (), facts))["facts"]
    assert found == {"n": 3, "x": 0.5, "list": [1]}
    json.dumps(found)
    assert decode(encode(Picture(0, (), facts)))["facts"] == found


def test_a_default_picture_is_small() -> None:
    """A few kilobytes: a map of 64 × 64 in half precision and 500 points."""
    frame = encode(picture_of(trained({}), "decision"))
    assert len(frame) < 16_384


def test_a_map_without_ends_is_an_error() -> None:
    tiles = Tiles(np.zeros((1, 2, 2)), np.ones(1), ("a",), ("a",), lo=float("nan"))
    with pytest.raises(ValueError, match="nan"):
        encode(Picture(0, (Plot("p", (tiles,)),)))


@pytest.mark.filterwarnings("error")
def test_quantised_values_beyond_the_ends_are_the_ends() -> None:
    values = np.array([[[-np.inf, -9.0], [3e38, np.nan]]], np.float32)
    tiles = Tiles(values, np.ones(1), ("a",), ("a",))
    found = decode(encode(Picture(0, (Plot("p", (tiles,)),))))["plots"][0]["marks"][0]["values"]
    assert found.tolist() == [[[-1.0, -1.0], [1.0, -1.0]]]
