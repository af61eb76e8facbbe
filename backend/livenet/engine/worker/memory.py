"""A bound on a worker's memory: what would pass it fails by itself, and not the machine."""

from __future__ import annotations

from pathlib import Path

from livenet.system import optional_module

STATUS = Path("/proc/self/status")


def limit_memory(more: int) -> None:
    """Lets this process take so many bytes more than it holds now.

    From then on an allocation over the limit raises MemoryError (in torch, RuntimeError). Only
    where the system can bound data: on Linux.
    """
    resource = optional_module("resource")
    if resource is None or not STATUS.is_file():
        return
    lines = STATUS.read_text(encoding="ascii").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    held = int(fields["VmData"].split()[0]) * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = held + more
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))
