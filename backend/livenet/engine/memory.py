"""A bound on a worker's memory: what would pass it fails by itself, and not the machine."""

from __future__ import annotations

import sys


def limit_memory(more: int) -> None:
    """Lets this process take so many bytes more than it holds now.

    From then on an allocation over the limit raises MemoryError (in torch, RuntimeError). Only
    where the system can bound data: on Linux.
    """
    if sys.platform != "linux":
        return
    import resource
    from pathlib import Path

    status = Path("/proc/self/status").read_text(encoding="ascii")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    held = int(fields["VmData"].split()[0]) * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = held + more
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))
