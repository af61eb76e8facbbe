"""Features that only some operating systems have, detected by feature and not by the system's name.

Without a feature, a weaker form is used: docs/operating.md lists them.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import IO, Any


def optional_module(name: str) -> Any | None:
    """A module of the standard library; None if the system lacks it."""
    try:
        return import_module(name)
    except ImportError:
        return None


def core_count() -> int:
    """Processor cores that this process may use; all cores of the machine if that is unknown."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def lock_file(file: IO[bytes]) -> bool:
    """Locks an open file until it is closed; the lock ends with the process, however that ends.

    Returns False if another process holds the lock. Returns True without a lock if the system or
    the file system does not support locks.
    """
    if (fcntl := optional_module("fcntl")) is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
    elif (msvcrt := optional_module("msvcrt")) is not None:  # Windows
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
    return True
