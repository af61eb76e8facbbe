"""The IDX reader on small files that the tests write: what is not whole is named."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from livenet.data import load
from livenet.data.idx import read
from livenet.errors import LivenetError, SpecError
from livenet.spec import resolve
from livenet.spec.data.images import IDX_FILES, FashionMnist, Mnist


def content(array: NDArray[np.uint8], kind: int = 8) -> bytes:
    head = bytes([0, 0, kind, array.ndim])
    return head + b"".join(n.to_bytes(4, "big") for n in array.shape) + array.tobytes()


def some(*shape: int, most: int = 256) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(most, size=shape, dtype=np.uint8)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    array = some(5, 28, 28)
    (tmp_path / "plain").write_bytes(content(array))
    (tmp_path / "packed.gz").write_bytes(gzip.compress(content(array)))
    (tmp_path / "packed").write_bytes(gzip.compress(content(array)))
    (tmp_path / "plain.gz").write_bytes(content(array))
    for name in ("plain", "packed.gz", "packed", "plain.gz"):
        assert np.array_equal(read(tmp_path / name, 3), array)


WHOLE = content(some(3, 2, 2))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "begins with nothing"),
        (b"PK\3\4" + WHOLE, "begins with 50 4b 03 04"),
        (b"\x1f\x8b" + WHOLE, "begins with 1f 8b"),
        (content(some(3, 2, 2), kind=0x0D), "type 0x0d"),
        (content(some(3)), "has 1 dimensions, but must have 3"),
        (WHOLE[:9], "ends within its header, after 9 bytes"),
        (WHOLE[:-1], "promises 3 × 2 × 2 numbers, 12 in all, and 11 follow"),
        (WHOLE + b"\0", "12 in all, and 13 follow"),
        (content(some(1, 1, 1))[:4] + b"\xff" * 12, "and 0 follow"),
    ],
    ids=str,
)
def test_what_is_no_such_file_is_named(
    tmp_path: Path, data: bytes, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    """By its name; where it lies is the log's alone to say."""
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(data)
    with pytest.raises(SpecError) as caught:
        read(path, 3)
    assert words in caught.value.message
    assert path.name in caught.value.message
    assert str(tmp_path) not in str(caught.value.document())
    assert str(path) in caplog.text
    assert caught.value.hint


@pytest.mark.parametrize("cut", [5, 40, -4])
def test_a_packed_file_that_was_cut_off(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "images.gz"
    path.write_bytes(gzip.compress(content(some(50, 28, 28)))[:cut])
    with pytest.raises(SpecError, match="cannot be read as an IDX file"):
        read(path, 3)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of data sets with a small MNIST: 40 training and 20 test images."""
    monkeypatch.setenv("LIVENET_DATASETS", str(tmp_path))
    own = tmp_path / "mnist"
    own.mkdir()
    for name, count in zip(IDX_FILES, (40, 40, 20, 20), strict=True):
        images = "images" in name
        array = some(count, 28, 28) if images else some(count, most=10)
        if count == 20:
            (own / f"{name}.gz").write_bytes(gzip.compress(content(array)))
        else:
            (own / name).write_bytes(content(array))
    return own


def test_the_parts_are_the_files_own(folder: Path) -> None:
    found = load(Mnist(samples=40, test_fraction=0.25))
    for x, y, names in (
        (found.train_x, found.train_y, IDX_FILES[:2]),
        (found.test_x, found.test_y, [f"{name}.gz" for name in IDX_FILES[2:]]),
    ):
        images, labels = read(folder / names[0], 3), read(folder / names[1], 1)
        known = {image.tobytes(): label for image, label in zip(images, labels, strict=True)}
        back = (x[:, 0] * 255).round().astype(np.uint8)
        assert [known[image.tobytes()] for image in back] == y.tolist()
        assert len({image.tobytes() for image in back}) == len(x)
    assert (len(found.train_x), len(found.test_x)) == (30, 10)


def test_a_run_on_them_is_accepted(folder: Path) -> None:
    spec = resolve({"data": {"kind": "mnist", "samples": 40}})
    assert spec.model.kind == "cnn"
    assert spec.layers[0].output == (16, 28, 28)


@pytest.mark.parametrize("below", ["mnist", "mnist/raw", "MNIST", "MNIST/raw", "mnist/MNIST/raw"])
@pytest.mark.parametrize("dotted", [True, False])
def test_files_are_found_where_other_programs_put_them(
    folder: Path, below: str, dotted: bool
) -> None:
    place = folder.parent / below
    place.mkdir(parents=True, exist_ok=True)
    for path in [path for path in folder.iterdir() if path.is_file()]:
        path.rename(place / (path.name.replace("-idx", ".idx") if dotted else path.name))
    assert len(load(Mnist(samples=40)).train_x)


def test_missing_files_are_refused_at_the_door(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / IDX_FILES[1]).unlink()
    with pytest.raises(SpecError) as caught:
        resolve({"data": {"kind": "mnist", "samples": 40}})
    assert IDX_FILES[1] in caught.value.message
    assert IDX_FILES[0] not in caught.value.message
    assert "mnist below LIVENET_DATASETS" in caught.value.message
    assert str(folder) in caplog.text
    assert str(folder.parent) not in str(caught.value.document())
    with pytest.raises(SpecError) as caught:
        resolve({"data": {"kind": "fashion_mnist"}})
    assert all(name in caught.value.message for name in IDX_FILES)
    assert "fashion_mnist below LIVENET_DATASETS" in caught.value.message
    assert str(folder.parent / "fashion_mnist") in caplog.text
    with pytest.raises(LivenetError):
        load(FashionMnist())


def test_more_than_there_are(folder: Path) -> None:
    with pytest.raises(SpecError, match="45 images of train-images-idx3-ubyte, which has 40"):
        load(Mnist(samples=60))
    with pytest.raises(SpecError, match="has 60,000 and 10,000"):
        Mnist(samples=50_000).available()


@pytest.mark.parametrize(
    ("place", "array", "words"),
    [
        (0, some(40, 27, 27), "27 × 27 pixels, not 28 × 28"),
        (1, some(39, most=10), "39 labels for 40 images"),
        (1, np.full(40, 10, np.uint8), "a label 10, and there are classes 0 to 9"),
    ],
    ids=["size", "count", "label"],
)
def test_files_that_do_not_go_together(
    folder: Path, place: int, array: NDArray[np.uint8], words: str
) -> None:
    (folder / IDX_FILES[place]).write_bytes(content(array))
    with pytest.raises(SpecError, match=words):
        load(Mnist(samples=40))
