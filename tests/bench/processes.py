"""The processes of a server, as the system sees them."""

from __future__ import annotations

import psutil

from tests.server import Server


def workers(server: Server) -> list[psutil.Process]:
    """Its worker processes: the children of its fork server."""
    return [
        worker
        for child in psutil.Process(server.process.pid).children()
        if "forkserver" in " ".join(_command(child))
        for worker in child.children()
        if worker.status() != psutil.STATUS_ZOMBIE
    ]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def private_bytes(server: Server) -> int:
    """Memory that all of its processes have for themselves alone."""
    root = psutil.Process(server.process.pid)
    return sum(one.memory_full_info().uss for one in [root, *root.children(recursive=True)])
