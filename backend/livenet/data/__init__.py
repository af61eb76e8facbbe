"""Data sets: one function a data set, by family.

dataset   Dataset, the decorator that registers a function, and ``load``
plane     classes and real targets in the plane
line      real targets on the line
"""

from livenet.data import line, plane
from livenet.data.dataset import HALF, Dataset, load

__all__ = ["HALF", "Dataset", "line", "load", "plane"]
