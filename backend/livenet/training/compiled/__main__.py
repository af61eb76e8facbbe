"""Fills the cache of machine code now, so that no server start waits for it.

``translation`` makes the translation that a wheel brings. With a precision and the name of a file,
it writes the object code there.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import numpy as np

from livenet.machine_code import sealed, translation
from livenet.machine_code.emission import emitted
from livenet.training.compiled import available


def bitcode(precision: str) -> bytes:
    from livenet.training.compiled.build import translated

    return translated(np.float64 if precision == "double" else np.float32)


def main(words: list[str]) -> None:
    match words:
        case [precision, file]:
            sealed.write(emitted(bitcode(precision)), Path(file))
        case ["translation"]:
            # Written again if it is there: a build goes by its date.
            translation.keep(translation.brought() or bitcode("single"))
        case _ if (found := available.problem()) is not None:
            logging.getLogger("livenet").warning(found)
            sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
