"""A server in a process of its own, as a user starts it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx


class Served:
    """A server's process and its address."""

    def __init__(self, *options: str, port: int = 0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "livenet", "serve", "--port", str(port), *options],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"the server did not say where it is, but {line!r}"
        self.address = found.group(0)

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    def warm(self) -> None:
        """Waits until runs can train."""
        wait_until(lambda: bool(httpx.get(f"{self.address}/api/health").json()["ready"]), 90)

    def end(self) -> None:
        """Ends it as Ctrl+C in a service manager would, and waits."""
        self.process.terminate()
        self.process.communicate(timeout=20)


@contextmanager
def server(*options: str) -> Iterator[str]:
    """The address of a warm server on a free port."""
    served = Served(*options)
    try:
        served.warm()
        yield served.address
    finally:
        served.end()


def wait_until(true: Callable[[], bool], seconds: float) -> None:
    """Polls until a function gives true. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if true():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.01)
    raise TimeoutError(f"not so within {seconds} s")
