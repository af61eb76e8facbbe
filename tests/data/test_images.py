"""Sets of images: digits against scikit-learn's own, shapes against their areas, parts, seeds."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from livenet.data import load, packaged
from livenet.data.digits import bundled
from livenet.data.shapes import FORMS, cross, disc, drawn, square, triangle
from livenet.errors import SpecError
from livenet.spec.data.images import Digits, Shapes

ALL = Digits(test_fraction=0.0)
BOTH = pytest.mark.parametrize("kind", [Digits, Shapes])


def everything(spec: Any) -> tuple[Any, Any]:
    found = load(spec)
    x = np.concatenate([found.train_x, found.test_x])
    return x, np.concatenate([found.train_y, found.test_y])


@BOTH
@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_images_are_whole(kind: type[Any], noise: float) -> None:
    spec = kind(samples=200, noise=noise)
    found = load(spec)
    assert found.train_x.shape == (150, 1, spec.side, spec.side)
    assert found.test_x.shape == (50, 1, spec.side, spec.side)
    for x, y in ((found.train_x, found.train_y), (found.test_x, found.test_y)):
        assert x.dtype == np.float32
        assert y.dtype == np.int64
        assert x.min() >= 0.0
        assert 0.5 < x.max() <= 1.0
        assert set(np.unique(y)) <= set(range(spec.classes))


@BOTH
def test_the_parts_share_no_image_and_seeds_draw_others(kind: type[Any]) -> None:
    x, _ = everything(kind(samples=300))
    assert len(np.unique(x.reshape(300, -1), axis=0)) == 300
    again, _ = everything(kind(samples=300))
    assert np.array_equal(x, again)
    other, _ = everything(kind(samples=300, seed=1))
    assert not np.array_equal(x, other)


@BOTH
def test_noise_is_of_its_standard_deviation(kind: type[Any]) -> None:
    """Seen where the cut to 0 and 1 plays no part: at pixels of about a half."""
    still, y = everything(kind(samples=1500, noise=0.0))
    shaken, labels = everything(kind(samples=1500, noise=0.1))
    assert np.array_equal(labels, y)
    middle = abs(still - 0.5) < 0.15
    error = (shaken - still)[middle]
    assert error.std() == pytest.approx(0.1, rel=0.05)
    assert error.mean() == pytest.approx(0.0, abs=0.01)


def test_digits_are_scikit_learns() -> None:
    """Bit for bit what sklearn.datasets.load_digits of 1.9.1 gives, over the largest value."""
    images, classes = bundled()
    assert images.shape == (1797, 1, 8, 8)
    assert images.dtype == np.float32
    assert classes.dtype == np.int64
    assert np.bincount(classes).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert [hashlib.sha256(array.tobytes()).hexdigest() for array in (images, classes)] == [
        "9f578524b6cec1fc800cc52dfc87ebe56264983d490aa72a4bd928ba2570ec77",
        "a3c91c262eddcf7ba8f0e37507c30284493c9b20412ffe4af30d536401f7ba21",
    ]


def test_all_digits_come_once_each_with_its_class() -> None:
    found = sorted((int(c), image.tobytes()) for image, c in zip(*everything(ALL), strict=True))
    wanted = sorted((int(c), image.tobytes()) for image, c in zip(*bundled(), strict=True))
    assert found == wanted


def test_a_file_that_the_set_up_did_not_bring_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packaged, "FOLDER", tmp_path)
    bundled.cache_clear()
    with pytest.raises(SpecError) as refused:
        load(Digits())
    assert str(tmp_path / "digits.csv.gz") in refused.value.message
    assert "make setup" in refused.value.hint
    assert refused.value.path == "data.kind"


AREAS = {  # of circumscribed radius 1
    square: 2.0,
    disc: np.pi * 0.81,
    triangle: 3 * np.sqrt(3) / 4,
    cross: 4 * 0.3 * np.sqrt(1 - 0.09) * 2 - 4 * 0.09,
}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("angle", [0.0, 17.0, 45.0])
def test_a_shape_covers_its_area(form: Any, angle: float) -> None:
    image = drawn(form, 32, np.array([[15.3], [16.8]]), np.array([11.0]), np.deg2rad([angle]))[0]
    assert image.sum() == pytest.approx(AREAS[form] * 11.0**2, rel=0.02)
    assert ((image > 0) & (image < 1)).any()  # soft edges
    rows, columns = np.indices((32, 32)) + 0.5
    centre = [(image * grid).sum() / image.sum() for grid in (columns, rows)]
    assert centre == pytest.approx([15.3, 16.8], abs=0.1)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_quarter_turn_turns_the_image(form: Any) -> None:
    at = np.array([[16.0], [16.0]]), np.array([10.0])
    upright, turned = (drawn(form, 32, *at, np.deg2rad([angle]))[0] for angle in (10.0, 100.0))
    assert turned == pytest.approx(np.rot90(upright, -1), abs=1e-4)


def test_shapes_stay_inside_and_go_everywhere() -> None:
    x, y = everything(Shapes(samples=2000, noise=0.0, rotation=180.0))
    edge = np.concatenate([x[:, 0, 0], x[:, 0, -1], x[:, 0, :, 0], x[:, 0, :, -1]], axis=1)
    assert edge.max() < 0.6
    assert np.bincount(y).tolist() == [500] * 4
    weight = x.mean(axis=0)[0]
    assert weight[4:12, 4:12].min() > 0.1
    assert (weight[2, 4:12] > 0.01).all()


def test_without_their_knobs_shapes_are_all_alike() -> None:
    x, y = everything(Shapes(samples=40, noise=0.0, shift=0.0, scale=0.0, rotation=0.0))
    for number in range(4):
        assert len(np.unique(x[y == number].reshape(10, -1), axis=0)) == 1
