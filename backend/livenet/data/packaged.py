"""The data files of the package, each with its licence and its source.

They are taken out of scikit-learn's wheel when Livenet is set up or built (hatch_build.py), so that
nothing depends on scikit-learn and its 200 MB, and are read with NumPy.
"""

from __future__ import annotations

from pathlib import Path

from livenet.errors import SpecError

FOLDER = Path(__file__).parent / "files"


def packaged_file(name: str) -> Path:
    """The file's path. Raises SpecError if the set-up did not install it."""
    path = FOLDER / name
    if not path.is_file():
        raise SpecError(
            f"The file of this data set is not there: {path}",
            path="data.kind",
            hint="Run `make setup`, or `python hatch_build.py data`, in the checkout.",
        )
    return path
