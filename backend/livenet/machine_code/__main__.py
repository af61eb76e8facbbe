"""Writes the object code of the translation that a wheel brings into a file."""

from __future__ import annotations

import sys
from pathlib import Path

from livenet.machine_code import sealed, translation
from livenet.machine_code.emission import emitted

if __name__ == "__main__":
    found = translation.brought()
    if found is None:
        sys.exit("there is no translation of these sources and versions")
    sealed.write(emitted(found), Path(sys.argv[2]))
