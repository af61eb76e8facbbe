"""Images of one channel, row by row from the top, with values from 0 to 1."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, ClassVar, Literal

from livenet.errors import SpecError
from livenet.settings import datasets_folder
from livenet.spec.base import knob
from livenet.spec.data.base import DataKind, Family, held_out_of, noise_on, samples_of, seed_of

log = logging.getLogger("livenet")

DIGITS = 1797  # images that scikit-learn comes with
IDX_TRAIN, IDX_TEST = 60_000, 10_000  # images of MNIST's and Fashion-MNIST's own parts
IDX_FILES = (
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
)  # fmt: skip


def _noise(default: float) -> Any:
    return noise_on("on every pixel, whose values go from 0 to 1", default)


class Images(DataKind):
    """The base class of image data sets: square images of one channel."""

    family: ClassVar[Family] = "images"
    model: ClassVar[str] = "cnn"
    batch_size: ClassVar[int] = 64
    evaluated: ClassVar[int | None] = 1000

    samples: int = samples_of("Images", 2000)
    noise: float = _noise(0.0)
    test_fraction: float = held_out_of("images", 0.25)
    seed: int = seed_of("others")

    @property
    def side(self) -> int:
        """Pixels along an edge."""
        raise NotImplementedError

    @property
    def names(self) -> tuple[str, ...]:
        """What the classes are called."""
        return tuple(str(number) for number in range(10))

    @property
    def classes(self) -> int:
        return len(self.names)

    @property
    def numbers(self) -> int:
        return self.side**2


class Digits(Images):
    kind: Literal["digits"] = "digits"
    label: ClassVar[str] = "Digits, 8 × 8"
    explain: ClassVar[str] = "1,797 handwritten digits, which come with the program."
    formula: ClassVar[str] = r"x\in[0,1]^{8\times8}"
    samples: int = samples_of("Images", DIGITS, le=DIGITS, shown=(20, DIGITS), step=10)

    @property
    def side(self) -> int:
        return 8


class Shapes(Images):
    kind: Literal["shapes"] = "shapes"
    label: ClassVar[str] = "Shapes"
    explain: ClassVar[str] = "Squares, discs, triangles, crosses, at random positions and angles."
    formula: ClassVar[str] = r"x\in[0,1]^{S\times S}"
    size: int = knob(16, ge=16, le=32, label="Side", symbol="S", unit="pixels",
        explain="Pixels along an edge.")  # fmt: skip
    shift: float = knob(
        1.0, ge=0.0, le=1.0, step=0.05, label="Position",
        explain="How far from the middle a shape may lie: 0 keeps it there, 1 is anywhere inside.",
    )  # fmt: skip
    scale: float = knob(
        0.3, ge=0.0, le=0.6, step=0.05, label="Size", unit="share",
        explain="By how much shapes may be smaller or larger than the mean.",
    )  # fmt: skip
    rotation: float = knob(
        30.0, ge=0.0, le=180.0, step=5.0, label="Rotation", unit="degrees",
        explain="How far a shape may be turned either way.",
    )  # fmt: skip
    noise: float = _noise(0.05)

    @property
    def side(self) -> int:
        return self.size

    @property
    def names(self) -> tuple[str, ...]:
        return ("square", "disc", "triangle", "cross")


class Idx(Images):
    """Images that come as IDX files, which the person puts into the folder of data sets."""

    samples: int = samples_of("Images", 4000, le=IDX_TRAIN + IDX_TEST)

    @property
    def side(self) -> int:
        return 28

    usual: ClassVar[str]
    """The folder's name in torchvision's layout."""

    @property
    def folder(self) -> Path:
        """Where its files lie: a folder of its own name among the data sets."""
        return datasets_folder() / str(type(self).model_fields["kind"].default)

    def file(self, name: str) -> Path | None:
        """One of IDX_FILES, plain or gzipped, also with a dot before its ``idx`` and where
        torchvision puts it; None if it does not exist."""
        below = self.folder, datasets_folder() / self.usual, self.folder / self.usual
        names = name, name.replace("-idx", ".idx")
        places = (
            folder / f"{one}{ending}"
            for own in below
            for folder in (own, own / "raw")
            for one in names
            for ending in ("", ".gz")
        )
        return next((path for path in places if path.is_file()), None)

    def available(self) -> None:
        missing = [name for name in IDX_FILES if self.file(name) is None]
        kind = type(self).model_fields["kind"].default
        name = self.label.partition(",")[0]
        if missing:
            log.warning("%s has not got %s", self.folder, ", ".join(missing))
            raise SpecError(
                f"{name} comes as four files, and the folder {kind} below LIVENET_DATASETS has not "
                f"got {', '.join(missing)}",
                path="data.kind",
                hint="Whoever runs the server puts them there as they are published, unpacked or "
                "with .gz behind the name; then choose the data set again. Digits and shapes need "
                "no files. (The server's log has the folder's path.)",
            )
        tested = self.samples - self.train_count
        if self.train_count > IDX_TRAIN or tested > IDX_TEST:
            raise SpecError(
                f"data asks for {self.train_count:,} training and {tested:,} test images; {kind} "
                f"has {IDX_TRAIN:,} and {IDX_TEST:,}",
                path="data.samples",
                hint="Take fewer samples, or another share for testing.",
            )


class Mnist(Idx):
    kind: Literal["mnist"] = "mnist"
    usual: ClassVar[str] = "MNIST"
    label: ClassVar[str] = "MNIST, 28 × 28"
    explain: ClassVar[str] = "70,000 handwritten digits, from IDX files in the data sets' folder."
    formula: ClassVar[str] = r"x\in[0,1]^{28\times28}"


class FashionMnist(Idx):
    kind: Literal["fashion_mnist"] = "fashion_mnist"
    usual: ClassVar[str] = "FashionMNIST"
    label: ClassVar[str] = "Fashion-MNIST, 28 × 28"
    explain: ClassVar[str] = "70,000 pieces of clothing, from IDX files in the data sets' folder."
    formula: ClassVar[str] = r"x\in[0,1]^{28\times28}"

    @property
    def names(self) -> tuple[str, ...]:
        return (
            "T-shirt", "trouser", "pullover", "dress", "coat",
            "sandal", "shirt", "sneaker", "bag", "ankle boot",
        )  # fmt: skip


ImageData = Digits | Shapes | Mnist | FashionMnist
