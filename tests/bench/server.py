"""A server in a process of its own, as a user starts it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx


@contextmanager
def server() -> Iterator[str]:
    """The address of a warm server on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "livenet", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "the server did not say where it is"
        address = found.group(0)
        wait_until(lambda: bool(httpx.get(f"{address}/api/health").json()["ready"]), 60)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def wait_until(true: object, seconds: float) -> None:
    """Polls until a function gives true. Raises TimeoutError."""
    assert callable(true)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if true():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.01)
    raise TimeoutError(f"not so within {seconds} s")
