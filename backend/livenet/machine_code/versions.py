"""Digests of what machine code depends on, so that none is used that is of something else."""

from __future__ import annotations

import sys
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def sources() -> list[Path]:
    """Our files of which the code is made, and those that make it."""
    files = [PACKAGE / "spec/activations.py"]
    files += (PACKAGE / f"training/{name}.py" for name in ("likelihoods", "optimizers"))
    for folder in ("machine_code", "training/compiled"):
        files += (PACKAGE / folder).glob("*.py")
    return sorted(files)


def translation_digest() -> str:
    """Names a translation to LLVM's language: our sources, Numba, LLVM and the kind of system.

    Python's version is not among them: translations by two versions may differ in rounding, and
    both are right.
    """
    from llvmlite import binding

    found = blake2b(digest_size=12)
    for file in sources():
        name = file.relative_to(PACKAGE).as_posix()
        found.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    for word in (version("numba"), version("llvmlite"), binding.get_default_triple()):
        found.update(word.encode() + b"\0")
    return found.hexdigest()


def code_digest() -> str:
    """Names object code: a translation, Python, and the processor."""
    from llvmlite import binding

    found = blake2b(translation_digest().encode(), digest_size=12)
    machine = binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
    for word in (sys.version, *machine):
        found.update(word.encode() + b"\0")
    return found.hexdigest()
