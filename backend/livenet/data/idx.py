"""Reads IDX files, the format of MNIST and Fashion-MNIST, and validates them.

An IDX file is two zero bytes, a byte for the type of its numbers (8: unsigned bytes), a byte for
the number of dimensions, each dimension as four bytes (the most significant first), then the
numbers, in row-major order (Y. LeCun's description of the format). What begins as gzip does is
unpacked, whatever its name: browsers unpack what they fetch and leave the name, or the reverse.
"""

from __future__ import annotations

import gzip
import logging
import zlib
from functools import lru_cache
from io import BytesIO
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from livenet.data.dataset import Array, Dataset, dataset
from livenet.data.images import noisy
from livenet.errors import SpecError
from livenet.spec.data import images as spec
from livenet.spec.data.images import IDX_FILES

log = logging.getLogger("livenet")

UNSIGNED_BYTE = 8
GZIP = b"\x1f\x8b"
WHITE = 255.0
MAX_BYTES = 2**28  # MNIST's largest file has 47 million

Bytes = NDArray[np.uint8]


def read(path: Path, dimensions: int) -> Bytes:
    """The array of unsigned bytes in an IDX file.

    Raises SpecError, naming the file, where it is no such file or not whole.
    """
    content = _content(path)
    start = 4 + 4 * dimensions
    if len(content) < 4 or content[:2] != b"\0\0":
        raise _bad(path, f"it begins with {content[:4].hex(' ') or 'nothing'}, not with 00 00")
    if content[2] != UNSIGNED_BYTE:
        raise _bad(path, f"its numbers have type {content[2]:#04x}; unsigned bytes are 0x08")
    if content[3] != dimensions:
        raise _bad(path, f"it has {content[3]} dimensions, but must have {dimensions}")
    if len(content) < start:
        raise _bad(path, f"it ends within its header, after {len(content)} bytes")
    shape = tuple(int(size) for size in np.frombuffer(content, ">u4", dimensions, offset=4))
    if len(content) - start != prod(shape):
        raise _bad(
            path,
            f"its header promises {' × '.join(map(str, shape))} numbers, "
            f"{prod(shape):,} in all, and {len(content) - start:,} follow",
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES)
    except OSError as error:
        raise _bad(path, f"{type(error).__name__}: {error.strerror}") from error
    if not content.startswith(GZIP):
        return content
    try:
        with gzip.open(BytesIO(content)) as unpacked:
            return unpacked.read(MAX_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        reason = f"it begins with 1f 8b, as gzip does, and cannot be unpacked: {error}"
        raise _bad(path, reason) from error


def _bad(path: Path, reason: str) -> SpecError:
    log.warning("%s cannot be read as an IDX file: %s", path, reason)
    return SpecError(
        f"{path.name} cannot be read as an IDX file: {reason}",
        path="data.kind",
        hint="Get the file anew; it may have been cut off or be another one.",
    )


@lru_cache(maxsize=4)
def _part(images: Path, labels: Path, changed: tuple[int, int], side: int, classes: int) -> tuple[
    Bytes, Bytes
]:  # fmt: skip
    """Images (N, H, W) and labels (N,) that belong together; ``changed`` are the files' times."""
    x, y = read(images, 3), read(labels, 1)
    if x.shape[1:] != (side, side):
        raise _bad(
            images, f"its images have {x.shape[1]} × {x.shape[2]} pixels, not {side} × {side}"
        )
    if len(x) != len(y):
        raise _bad(labels, f"it has {len(y):,} labels for {len(x):,} images")
    if len(y) and y.max() >= classes:
        raise _bad(labels, f"it has a label {y.max()}, and there are classes 0 to {classes - 1}")
    return x, y


@dataset(spec.Mnist)
def mnist(s: spec.Mnist, draw: np.random.Generator) -> Dataset:
    return _drawn(s, draw)


@dataset(spec.FashionMnist)
def fashion_mnist(s: spec.FashionMnist, draw: np.random.Generator) -> Dataset:
    return _drawn(s, draw)


def _drawn(s: spec.Idx, draw: np.random.Generator) -> Dataset:
    """Training images from the training files, test images from the test files, at random."""
    s.available()
    paths = [path for path in map(s.file, IDX_FILES) if path]
    parts: list[Array] = []
    counts = s.train_count, s.samples - s.train_count
    for images, labels, count in zip(paths[::2], paths[1::2], counts, strict=True):
        changed = images.stat().st_mtime_ns, labels.stat().st_mtime_ns
        x, y = _part(images, labels, changed, s.side, s.classes)
        if count > len(x):
            raise SpecError(
                f"data asks for {count:,} images of {images.name}, which has {len(x):,}",
                path="data.samples",
                hint="Take fewer samples, or another share for testing.",
            )
        rows = draw.permutation(len(x))[:count]
        pixels = (x[rows] / np.float32(WHITE)).astype(np.float32)[:, None]
        parts += [noisy(pixels, s.noise, draw), y[rows].astype(np.int64)]
    return Dataset(*parts)
