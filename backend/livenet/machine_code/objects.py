"""Finds the object code in the cache, or has it made, in a process of its own: of the translation
that a wheel brings, or where that is missing, of one that Numba makes first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Literal

from livenet.machine_code import sealed, translation
from livenet.machine_code.cache import cache_folder, usual_folder

Precision = Literal["single", "double"]
EMITS = "livenet.machine_code"
TRANSLATES = "livenet.training.compiled"  # as a name: this package stands below that one
FILE = "{}.o"
_begun: dict[Precision, tuple[Path, subprocess.Popen[str]]] = {}


def object_code(precision: Precision = "single") -> bytes:
    """The object code, from the cache; made if it is not there. Raises RuntimeError if it cannot be
    made."""
    file, making = _begun.pop(precision, (None, None))
    file = file or cache_folder() / FILE.format(precision)
    if making is None and (found := sealed.read(file)) is not None:
        return found
    problem = ""
    for module in _makers(precision):
        making = making or _started(module, precision, file)
        problem = making.communicate()[1]
        if not making.returncode and (found := sealed.read(file)) is not None:
            return found
        making = None
    raise RuntimeError(problem.strip().rpartition("\n")[2] or f"{file.name} is not what was made")


def begin() -> None:
    """Starts to make what the cache lacks; ``object_code`` waits for it."""
    file = cache_folder() / FILE.format("single")
    if sealed.read(file) is None:
        _begun["single"] = file, _started(_makers("single")[0], "single", file)


def awaited() -> Path:
    """The file that is missing until the first start has made it."""
    return usual_folder() / FILE.format("single")


def _makers(precision: Precision) -> list[str]:
    """Modules that make object code, in the order in which they are tried."""
    brought = precision == "single" and translation.brought() is not None
    return [EMITS, TRANSLATES] if brought else [TRANSLATES]


def _started(module: str, precision: Precision, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", module, precision, str(file)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=pipe, text=True)
