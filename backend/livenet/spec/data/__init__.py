"""Data sets, as a spec names them.

base       fields of all sets           sequences  what every sequence task has, which are
points     of the plane and the line      recall      a symbol, or the value of a key
images     of one channel                 parity      of the ones so far
                                          reals       addition, sine waves
                                          characters  of a text, or of the
                                          grammar     and its sentences
                                          pairs       copy, reverse, sort
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from livenet.spec.base import members
from livenet.spec.data.base import DataKind, Family, Target
from livenet.spec.data.characters import Characters
from livenet.spec.data.images import Digits, FashionMnist, Idx, Images, Mnist, Shapes
from livenet.spec.data.pairs import Copy, Pairs, Reverse, Sort
from livenet.spec.data.parity import Parity
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
from livenet.spec.data.reals import Addition, Waves
from livenet.spec.data.recall import AssociativeRecall, DelayedRecall
from livenet.spec.data.sequences import Sequences

Data = Annotated[
    Spiral | Circles | Xor | Gaussians | Moons | Checkerboard | Blobs
    | Sine | Step | Sawtooth | Polynomial | Heteroscedastic | Plane | Bumps
    | Digits | Shapes | Mnist | FashionMnist
    | DelayedRecall | Parity | Addition | Waves | Characters
    | Copy | Reverse | Sort | AssociativeRecall,
    Field(discriminator="kind"),
]  # fmt: skip
KINDS: tuple[type[DataKind], ...] = members(Data)

__all__ = [
    "KINDS", "Addition", "AssociativeRecall", "Blobs", "Bumps", "Characters", "Checkerboard",
    "Circles", "Copy", "Data", "DataKind", "DelayedRecall", "Digits", "Family", "FashionMnist",
    "Gaussians", "Heteroscedastic", "Idx", "Images", "Line", "Mnist", "Moons", "Pairs", "Parity",
    "Plane", "Points", "Polynomial", "Reverse", "Sawtooth", "Sequences", "Shapes", "Sine", "Sort",
    "Spiral", "Step", "Surface", "Target", "Waves", "Xor",
]  # fmt: skip
