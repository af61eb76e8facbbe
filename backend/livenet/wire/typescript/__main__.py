"""Writes the page's types into a folder, or with ``--check`` reports outdated files:
``python -m livenet.wire.typescript [--check] FOLDER``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from livenet.wire.typescript.contract import files


def stale(folder: Path) -> list[str]:
    """Reports, one per line, for the files of a folder that differ from the Python types."""
    found = []
    for name, text in files().items():
        path = folder / name
        if not path.exists():
            found.append(f"{path} is not there")
        elif path.read_text(encoding="utf-8") != text:
            found.append(f"{path} is not what the Python types say")
    return found


def main(arguments: Sequence[str]) -> str | None:
    """Runs the command line; returns an error message, or None."""
    *options, folder = arguments
    if options == ["--check"]:
        found = stale(Path(folder))
        return "\n".join([*found, "Run 'make types'."]) if found else None
    for name, text in files().items():
        (Path(folder) / name).write_text(text, encoding="utf-8", newline="\n")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
