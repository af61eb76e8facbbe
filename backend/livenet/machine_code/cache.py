"""Where object code is kept: a folder for each digest of what it depends on, so never stale."""

from __future__ import annotations

import atexit
import os
import platform
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

from livenet.machine_code.versions import code_digest

KEPT = 16  # folders of other versions


def usual_folder() -> Path:
    """The folder for the present digest in the user's cache, which may not exist."""
    return _user_cache() / "livenet" / f"compiled-{code_digest()}"


def cache_folder() -> Path:
    """A folder for the present digest, of this user alone: what is found there is run.

    It is in the user's cache, or a temporary copy of that if it cannot be written.
    """
    root = usual_folder()
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
