"""Loads the machine code, from a cache on disk if it was made before.

The cache's folder is named by a digest of what the code depends on: our sources (Numba notices an
edit of the file of an entry point only), Numba, LLVM and the processor. So it is never stale.
``python -m livenet.training.compiled`` fills it.
"""

from __future__ import annotations

import atexit
import os
import platform
import shutil
import sys
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from livenet.spec import activations
from livenet.training import likelihoods, optimizers

KEPT = 4  # folders of other versions
COMPILED = Path(__file__).parent
SOURCES = activations, likelihoods, optimizers


@cache
def problem() -> str | None:
    """Loads the code, or makes it, which takes some seconds. Returns why that is impossible; None
    if it is there. Without it, runs train on tensors."""
    try:
        from numba import config

        from livenet.training.compiled.locator import DigestLocator

        settings: Any = config  # Numba makes its attributes from the environment
        settings.CACHE_DIR = str(cache_folder())
        settings.CACHE_LOCATOR_CLASSES = f"{DigestLocator.__module__}.{DigestLocator.__name__}"
        from livenet.training.compiled import kernels, maps

        kernels.load()
        maps.load()
    except Exception as error:  # noqa: BLE001  # whatever fails in a compiler, training goes on
        return f"Small networks are not compiled: {type(error).__name__}: {error}"
    return None


def digest() -> str:
    """Names what the machine code depends on."""
    import llvmlite
    import numba
    from llvmlite import binding

    found = blake2b(digest_size=12)
    files = [*COMPILED.glob("*.py"), *(Path(str(module.__file__)) for module in SOURCES)]
    for file in sorted(files):
        found.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    machine = binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
    for word in (sys.version, numba.__version__, llvmlite.__version__, *machine):
        found.update(word.encode() + b"\0")
    return found.hexdigest()


def cache_folder() -> Path:
    """A folder for this digest, of this user alone: Numba unpickles what it finds there.

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
