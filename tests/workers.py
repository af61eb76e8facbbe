"""The worker processes of a server, and their sudden end."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.server import Server


def kill_workers(served: Server) -> None:
    (fork_server,) = (pid for pid in children(served.process.pid) if children(pid))
    for worker in children(fork_server):
        os.kill(worker, signal.SIGKILL)


def children(parent: int) -> list[int]:
    """The processes that a process has started, by Linux's own account."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found
