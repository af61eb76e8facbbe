"""Programs without the rights that let root do anything."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable

_DROP = 24  # PR_CAPBSET_DROP
_OVERRIDE = (1, 2, 3)  # what lets root read and write whatever file there is
_LOW_PORTS = 10


def without_rights() -> Callable[[], None] | None:
    """For ``preexec_fn``: what is started after it is held to rights as anybody is."""
    if os.getuid() != 0:
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def drop() -> None:
        for right in (*_OVERRIDE, _LOW_PORTS):
            libc.prctl(_DROP, right, 0, 0, 0)

    return drop
