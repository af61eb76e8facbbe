"""Every set of points, by iteration: its shape, its window, its classes, its seed, its parts."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from livenet.data import HALF, Dataset, load
from livenet.spec.data import KINDS as EVERY
from livenet.spec.data import Points
from livenet.spec.data.points import Xor

Floats = NDArray[np.float64]
KINDS = [kind for kind in EVERY if issubclass(kind, Points)]
ALL = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
CLASSES = pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.target == "classes"], ids=lambda kind: kind.__name__
)


def made(kind: type[Points], **fields: Any) -> Points:
    return kind.model_validate(fields)


def whole(spec: Points) -> tuple[Floats, Floats]:
    """Both parts together, as float64."""
    found = load(spec)
    x = np.concatenate([found.train_x, found.test_x]).astype(np.float64)
    return x, np.concatenate([found.train_y, found.test_y]).astype(np.float64)


def same(one: Dataset, other: Dataset) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("train_x", "train_y", "test_x", "test_y")
    )


@ALL
@pytest.mark.parametrize("samples", [4, 9, 500])
@pytest.mark.parametrize("fraction", [0.0, 0.3, 0.9])
def test_shape_type_and_split(kind: type[Points], samples: int, fraction: float) -> None:
    spec = made(kind, samples=samples, test_fraction=fraction)
    found = load(spec)
    tested = min(round(samples * fraction), samples - 1)
    assert found.train_x.shape == (samples - tested, kind.inputs)
    assert found.test_x.shape == (tested, kind.inputs)
    assert found.train_y.shape == (samples - tested,)
    assert found.test_y.shape == (tested,)
    assert len(found.train_x) == spec.train_count
    for array in (found.train_x, found.train_y, found.test_x, found.test_y):
        assert array.dtype == np.float32
        assert np.isfinite(array).all()


@ALL
def test_the_parts_share_no_point(kind: type[Points]) -> None:
    x, _ = whole(made(kind, noise=0.1))
    assert len(np.unique(x, axis=0)) == len(x)


@ALL
def test_the_same_points_however_they_are_split(kind: type[Points]) -> None:
    one, y_one = whole(made(kind, test_fraction=0.5))
    other, y_other = whole(made(kind, test_fraction=0.1))
    assert np.array_equal(one, other)
    assert np.array_equal(y_one, y_other)


@ALL
def test_without_noise_points_lie_in_the_window(kind: type[Points]) -> None:
    for seed in range(5):
        x, y = whole(made(kind, samples=5000, noise=0.0, seed=seed))
        assert np.abs(x).max() <= HALF
        if kind.target == "real":
            assert np.abs(y).max() <= 1.5


@ALL
def test_inputs_are_of_about_unit_size(kind: type[Points]) -> None:
    x, _ = whole(made(kind, samples=2000))
    assert (np.abs(x.mean(axis=0)) < 0.15).all()
    assert (x.std(axis=0) > 0.5).all()
    assert (x.std(axis=0) < 2.0).all()


@ALL
def test_the_same_seed_gives_the_same_points(kind: type[Points]) -> None:
    spec = made(kind, noise=0.2, seed=3)
    state = np.random.get_state(legacy=False)["state"]["key"].copy()  # noqa: NPY002  # that nothing touches it is the test
    assert same(load(spec), load(spec.model_copy()))
    assert np.array_equal(np.random.get_state(legacy=False)["state"]["key"], state)  # noqa: NPY002  # as above


@ALL
def test_another_seed_gives_other_points(kind: type[Points]) -> None:
    """Not the same ones in another order."""
    one, y_one = whole(made(kind, noise=0.2, seed=3))
    other, y_other = whole(made(kind, noise=0.2, seed=4))
    table = np.column_stack([one, y_one]), np.column_stack([other, y_other])
    assert not set(map(tuple, table[0])) & set(map(tuple, table[1]))


@ALL
def test_the_parts_are_drawn_at_random(kind: type[Points]) -> None:
    """Neither part is the beginning of an ordered list: their means are alike."""
    for seed in range(3):
        found = load(made(kind, samples=2000, seed=seed))
        apart = found.train_x.mean(axis=0) - found.test_x.mean(axis=0)
        assert (np.abs(apart) < 5 * found.train_x.std(axis=0) * np.sqrt(2 / 1000)).all()


@CLASSES
@pytest.mark.parametrize("samples", [50, 501, 2000])
def test_classes_are_equally_large(kind: type[Points], samples: int) -> None:
    spec = made(kind, samples=samples)
    _, y = whole(spec)
    counts = np.bincount(y.astype(int), minlength=spec.classes)
    assert len(counts) == spec.classes
    assert np.array_equal(y, np.round(y))
    slack = 1 if kind.__name__ != "Checkerboard" else 4 * np.sqrt(samples / 4)  # drawn by chance
    assert np.abs(counts - samples / spec.classes).max() <= slack


@CLASSES
def test_both_parts_hold_every_class(kind: type[Points]) -> None:
    spec = made(kind)
    found = load(spec)
    for y in (found.train_y, found.test_y):
        shares = np.bincount(y.astype(int), minlength=spec.classes) / len(y)
        assert (shares > 0.5 / spec.classes).all()


@CLASSES
def test_noise_on_classes_moves_points_by_its_standard_deviation(kind: type[Points]) -> None:
    """The same draws, scaled: x(σ) = x(0) + σ ε with ε standard normal, and the same classes."""
    still, y = whole(made(kind, samples=4000, noise=0.0))
    shifts = []
    for noise in (0.2, 0.4):
        x, labels = whole(made(kind, samples=4000, noise=noise))
        assert np.array_equal(labels, y)
        shifts.append((x - still) / noise)
    assert shifts[0] == pytest.approx(shifts[1], abs=1e-5)
    assert shifts[0].std() == pytest.approx(1.0, abs=0.04)
    assert shifts[0].mean(axis=0) == pytest.approx([0.0, 0.0], abs=0.06)


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.target == "real"], ids=lambda kind: kind.__name__
)
def test_noise_on_a_real_target_leaves_the_points_alone(kind: type[Points]) -> None:
    still, clean = whole(made(kind, samples=4000, noise=0.0))
    x, y = whole(made(kind, samples=4000, noise=0.3))
    assert np.array_equal(x, still)
    spread = 0.3 * (x[:, 0] + 3) / 3 if kind.__name__ == "Heteroscedastic" else 0.3
    error = (y - clean) / np.maximum(spread, 1e-3)
    assert error.std() == pytest.approx(1.0, abs=0.04)
    assert error.mean() == pytest.approx(0.0, abs=0.06)


def test_making_data_needs_no_torch() -> None:
    program = (
        "import sys\n"
        "from livenet.data import load\n"
        "from livenet.spec.data import KINDS, Idx\n"
        "[load(kind()) for kind in KINDS if not issubclass(kind, Idx)]\n"
        "sys.exit('torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("samples", [4, 8, 50, 1001])
def test_xor_has_as_many_points_in_each_quadrant(samples: int) -> None:
    """Four points are the four of the lesson, (±, ±) once each."""
    for seed in range(5):
        x, _ = whole(made(Xor, samples=samples, noise=0.0, seed=seed))
        counts = np.bincount((x[:, 0] > 0) * 2 + (x[:, 1] > 0), minlength=4)
        assert counts.max() - counts.min() <= 1
