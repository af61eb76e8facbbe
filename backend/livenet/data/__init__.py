"""Data sets: one function a data set, by family.

dataset    Dataset, the decorator that registers a function, and ``load``
plane      classes and real targets in the plane
line       real targets on the line
sequences  symbols or real numbers in a row
packaged   files that come with the package
"""

from livenet.data import digits, idx, line, plane, sequences, shapes
from livenet.data.dataset import HALF, Dataset, load

__all__ = [
    "HALF", "Dataset", "digits", "idx", "line", "load", "plane", "sequences", "shapes",
]  # fmt: skip
