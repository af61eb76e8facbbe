"""Data sets, as a spec names them.

base       what every set has        images     images of one channel
points     points of the plane       sequences  symbols or real numbers in a row
grammar    sentences to learn
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from livenet.spec.data.base import DataKind, Family, Target
from livenet.spec.data.images import Digits, FashionMnist, Idx, Images, Mnist, Shapes
from livenet.spec.data.points import (
    Blobs,
    Bumps,
    Checkerboard,
    Circles,
    Gaussians,
    Heteroscedastic,
    Line,
    Moons,
    Plane,
    Points,
    Polynomial,
    Sawtooth,
    Sine,
    Spiral,
    Step,
    Surface,
    Xor,
)
from livenet.spec.data.sequences import (
    Addition,
    AssociativeRecall,
    Characters,
    Copy,
    DelayedRecall,
    Pairs,
    Parity,
    Reverse,
    Sequences,
    Sort,
    Waves,
)

KINDS: tuple[type[DataKind], ...] = (
    Spiral, Circles, Xor, Gaussians, Moons, Checkerboard, Blobs,
    Sine, Step, Sawtooth, Polynomial, Heteroscedastic, Plane, Bumps,
    Digits, Shapes, Mnist, FashionMnist,
    DelayedRecall, Parity, Addition, Waves, Characters, Copy, Reverse, Sort, AssociativeRecall,
)  # fmt: skip

Data = Annotated[
    Spiral | Circles | Xor | Gaussians | Moons | Checkerboard | Blobs
    | Sine | Step | Sawtooth | Polynomial | Heteroscedastic | Plane | Bumps
    | Digits | Shapes | Mnist | FashionMnist
    | DelayedRecall | Parity | Addition | Waves | Characters
    | Copy | Reverse | Sort | AssociativeRecall,
    Field(discriminator="kind"),
]  # fmt: skip

__all__ = [
    "KINDS", "Addition", "AssociativeRecall", "Blobs", "Bumps", "Characters", "Checkerboard",
    "Circles", "Copy", "Data", "DataKind", "DelayedRecall", "Digits", "Family", "FashionMnist",
    "Gaussians", "Heteroscedastic", "Idx", "Images", "Line", "Mnist", "Moons", "Pairs", "Parity",
    "Plane", "Points", "Polynomial", "Reverse", "Sawtooth", "Sequences", "Shapes", "Sine", "Sort",
    "Spiral", "Step", "Surface", "Target", "Waves", "Xor",
]  # fmt: skip
