"""Makes the machine code now, so that no server start waits for it. With a precision and the name
of a file, only writes the object code there."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import numpy as np

from livenet.training.compiled import available


def write(precision: str, file: Path) -> None:
    """Writes the object code; another process may do the same at once."""
    from livenet.training.compiled.build import object_code

    made = object_code(np.float64 if precision == "double" else np.float32)
    part = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        part.write_bytes(available.sealed(made))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)  # of a disk that is full


if __name__ == "__main__":
    if sys.argv[1:]:
        write(sys.argv[1], Path(sys.argv[2]))
    elif (found := available.problem()) is not None:
        logging.getLogger("livenet").warning(found)
        sys.exit(1)
