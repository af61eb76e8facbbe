"""Finds the object code in a cache on disk, or makes it.

The cache's folder is named by a digest of what the code depends on: our sources, Numba, LLVM and
the processor. So it is never stale. ``python -m livenet.training.compiled`` fills it, in a process
of its own, so that no other one imports Numba.
"""

from __future__ import annotations

import atexit
import os
import platform
import shutil
import subprocess
import sys
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Literal

from livenet.spec import activations
from livenet.training import likelihoods, optimizers

if TYPE_CHECKING:
    from livenet.training.compiled.code import Code

Precision = Literal["single", "double"]
KEPT = 16  # folders of other versions
SEAL = 16  # bytes of the digest at a file's end
COMPILED = Path(__file__).parent
SOURCES = activations, likelihoods, optimizers


def problem() -> str | None:
    """Why this process has no machine code; None if it has it. Without it, runs train on
    tensors."""
    return _found()[1]


def code() -> Code | None:
    """The machine code, linked into this process; None if that is impossible. Making it takes some
    seconds, unless the cache has it."""
    return _found()[0]


@cache
def _found() -> tuple[Code | None, str | None]:
    try:
        from livenet.training.compiled.code import Code

        return Code(object_code()), None
    except Exception as error:  # noqa: BLE001  # whatever fails in a compiler, training goes on
        return None, f"Small networks are not compiled: {type(error).__name__}: {error}"


def object_code(precision: Precision = "single") -> bytes:
    """The object code, from the cache; made if it is not there. Raises RuntimeError if it cannot be
    made."""
    file = cache_folder() / f"{precision}.o"
    if (found := _stored(file)) is not None:
        return found
    command = [sys.executable, "-m", "livenet.training.compiled", precision, str(file)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(made.stderr.strip().rpartition("\n")[2] or "the compiler failed")
    found = _stored(file)
    if found is None:
        raise RuntimeError(f"{file.name} is not what was written")
    return found


def sealed(object_code: bytes) -> bytes:
    """The content of a file: the object code, and a digest of it."""
    return object_code + blake2b(object_code, digest_size=SEAL).digest()


def _stored(file: Path) -> bytes | None:
    """The object code of a file; None if it is missing or damaged."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    found = content[:-SEAL]
    return found if sealed(found) == content else None


def digest() -> str:
    """Names what the machine code depends on."""
    from llvmlite import binding

    found = blake2b(digest_size=12)
    files = [*COMPILED.glob("*.py"), *(Path(str(module.__file__)) for module in SOURCES)]
    for file in sorted(files):
        found.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    machine = binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
    for word in (sys.version, version("numba"), version("llvmlite"), *machine):
        found.update(word.encode() + b"\0")
    return found.hexdigest()


def cache_folder() -> Path:
    """A folder for this digest, of this user alone: what is found there is run.

    It is in the user's cache, or a temporary copy of that if it cannot be written.
    """
    root = _user_cache() / "livenet" / f"compiled-{digest()}"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _private(root) and os.access(root, os.W_OK):
            _prune(root)
            return root
    except OSError:
        pass
    made = Path(mkdtemp(prefix="livenet-compiled-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    with suppress(OSError):
        if _private(root):
            shutil.copytree(root, made, dirs_exist_ok=True)
    return made


def _private(folder: Path) -> bool:
    """Whether nobody but this user and the system's administrator may write there."""
    there = folder.stat()
    if not hasattr(os, "getuid"):
        return True
    return there.st_uid in (0, os.getuid()) and not there.st_mode & 0o022


def _prune(used: Path) -> None:
    """Removes the code of earlier versions, except the last few."""
    os.utime(used)
    others = [one for one in used.parent.glob("compiled-*") if one != used]
    for one in sorted(others, key=lambda one: one.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(one, ignore_errors=True)


def _user_cache() -> Path:
    """Where this system keeps a user's caches."""
    if platform.system() == "Windows":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if platform.system() == "Darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
