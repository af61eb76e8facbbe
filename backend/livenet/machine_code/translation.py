"""The translation that a wheel brings: our functions in LLVM's language, as bitcode.

It serves every processor of one kind of system. It is a part of the package, and as trusted as the
sources beside it. One of other sources or versions has another name, and is not used.
"""

from __future__ import annotations

from pathlib import Path

from livenet.machine_code import sealed
from livenet.machine_code.versions import PACKAGE, translation_digest

FOLDER = PACKAGE / "machine_code" / "files"


def place() -> Path:
    """Where the translation of the present sources and versions is, if there is one."""
    return FOLDER / f"{translation_digest()}.bc"


def brought() -> bytes | None:
    """The bitcode; None if it is missing, damaged, or of something else."""
    return sealed.read(place())


def keep(bitcode: bytes) -> None:
    """Puts a translation where a wheel takes it from, in place of earlier ones."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.bc"):
        old.unlink()
    sealed.write(bitcode, place())
