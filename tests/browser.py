"""The Chromium that the tests drive: where it is, how to get one, how to start it.

`python -m tests.browser` finds one or installs one, and else says what to do.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from playwright.sync_api import sync_playwright

VARIABLE = "LIVENET_CHROMIUM"
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome")
DOWNLOAD_SECONDS = 180  # for a slow line; without one, Playwright gives up by itself in seconds


class NoBrowserError(Exception):
    """There is no Chromium to test with; the message says how to get one."""


@cache
def find_chromium() -> str | None:
    """Path of a Chromium that starts: the variable's, else Playwright's own, else the system's.

    Raises NoBrowserError if the variable is set and its Chromium does not start: whoever set it
    wants that one tested, not another.
    """
    if chosen := os.environ.get(VARIABLE):
        if not _starts(chosen):
            raise NoBrowserError(f"{VARIABLE} is {chosen!r}, and that does not start as a Chromium")
        return chosen
    return next(filter(_starts, _candidates()), None)


def launch_arguments() -> list[str]:
    """Command-line switches for a quiet headless Chromium, also in a container."""
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        "--disable-dev-shm-usage",  # a container's /dev/shm is small, and tabs crash when it fills
        "--disable-gpu",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to sandbox root
    return arguments


def provide() -> str:
    """Path of a Chromium, installed if there was none. Raises NoBrowserError if that fails too."""
    for install in (_playwright_install, _debian_install):
        if find_chromium() is None:
            install()
            find_chromium.cache_clear()
    if path := find_chromium():
        return path
    raise NoBrowserError(
        "The browser tests need a Chromium, and none could be installed. To install one, run:\n\n"
        f"    {sys.executable} -m playwright install --with-deps chromium\n\n"
        f"or put the path of one into {VARIABLE}."
    )


def _candidates() -> Iterator[str]:
    # Playwright's synchronous API refuses a thread whose event loop runs, as a caller's may.
    with ThreadPoolExecutor(1) as other_thread:
        yield other_thread.submit(_playwright_path).result()
    yield from filter(None, map(shutil.which, SYSTEM_NAMES))


def _playwright_path() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _starts(path: str) -> bool:
    """False for a missing file, and for a download that lacks the system's libraries."""
    return Path(path).is_file() and _run(path, "--version", seconds=30)


def _playwright_install() -> None:
    print("No Chromium found: trying Playwright's download", file=sys.stderr)
    _run(sys.executable, "-m", "playwright", "install", "chromium", seconds=DOWNLOAD_SECONDS)


def _debian_install() -> None:
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("No Chromium found: trying Debian's package", file=sys.stderr)
        _run("apt-get", "update", seconds=300)
        _run("apt-get", "install", "-y", "--no-install-recommends", "chromium", seconds=900)


def _run(*command: str, seconds: float) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    try:
        print(f"Chromium for the browser tests: {provide()}")
    except NoBrowserError as error:
        sys.exit(str(error))
