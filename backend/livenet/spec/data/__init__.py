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
from livenet.spec.data.images import Idx, ImageData, Images
from livenet.spec.data.pairs import Copy, Pairs, Reverse, Sort
from livenet.spec.data.parity import Parity
from livenet.spec.data.points import PointData, Points
from livenet.spec.data.reals import Addition, Waves
from livenet.spec.data.recall import AssociativeRecall, DelayedRecall
from livenet.spec.data.sequences import Sequences

Data = Annotated[
    PointData | ImageData
    | DelayedRecall | Parity | Addition | Waves | Characters
    | Copy | Reverse | Sort | AssociativeRecall,
    Field(discriminator="kind"),
]  # fmt: skip
KINDS: tuple[type[DataKind], ...] = members(Data)

__all__ = [
    "KINDS", "Addition", "AssociativeRecall", "Characters", "Copy", "Data", "DataKind",
    "DelayedRecall", "Family", "Idx", "Images", "Pairs", "Parity", "Points", "Reverse",
    "Sequences", "Sort", "Target", "Waves",
]  # fmt: skip
