"""Sets of images: digits against scikit-learn's own, shapes against their areas, parts, seeds."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

from livenet.data import load
from livenet.data.shapes import FORMS, cross, disc, drawn, square, triangle
from livenet.spec.data import Digits, Shapes

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
    """All of them, each with its class, over the largest value."""
    x, y = everything(Digits(test_fraction=0.0))
    theirs: Any = load_digits()
    mine = sorted((int(c), image.tobytes()) for image, c in zip(x[:, 0] * 16, y, strict=True))
    other = sorted(
        (int(c), image.astype(np.float32).tobytes())
        for image, c in zip(theirs.images, theirs.target, strict=True)
    )
    assert mine == other


def test_digits_need_no_import_of_scikit_learn() -> None:
    """It would take seconds, and tens of megabytes of every worker."""
    program = (
        "import sys\n"
        "from livenet.data import load\n"
        "from livenet.spec.data import Digits\n"
        "assert len(load(Digits()).train_x)\n"
        "sys.exit(' '.join({'sklearn', 'scipy'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120
    )
    assert done.stderr.strip() == ""


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
