"""Files that end with a digest of their content: one that was cut or changed is not used."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

SEAL = 16  # bytes of the digest at a file's end


def sealed(content: bytes) -> bytes:
    """What a file has: its content, and a digest of it."""
    return content + blake2b(content, digest_size=SEAL).digest()


def read(file: Path) -> bytes | None:
    """The content of a file; None if it is missing or damaged."""
    try:
        found = file.read_bytes()
    except OSError:
        return None
    content = found[:-SEAL]
    return content if sealed(content) == found else None


def write(content: bytes, file: Path) -> None:
    """Writes a file; another process may do the same at once."""
    part = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        part.write_bytes(sealed(content))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)  # of a disk that is full
