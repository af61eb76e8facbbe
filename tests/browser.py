"""The browsers that the tests drive: where they are, how to get them, how to start them.

`python -m tests.browser chromium firefox` finds them or installs them, and else says what to do.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import sync_playwright

DOWNLOAD_SECONDS = 180  # for a slow line; without one, Playwright gives up by itself in seconds


@dataclass(frozen=True)
class Kind:
    """A browser by its name, and what it is called where."""

    name: str
    variable: str
    system_names: tuple[str, ...]
    debian: str
    advice: str


CHROMIUM = Kind(
    "Chromium",
    "LIVENET_CHROMIUM",
    ("chromium", "chromium-browser", "google-chrome"),
    "chromium",
    f"run:\n\n    {sys.executable} -m playwright install --with-deps chromium\n\n",
)
FIREFOX = Kind(
    "Firefox",
    "LIVENET_FIREFOX",
    ("firefox-esr", "firefox"),
    "firefox-esr",
    "install Mozilla's (https://www.mozilla.org/firefox) as `firefox`, ",
)
KINDS = {"chromium": CHROMIUM, "firefox": FIREFOX}


class NoBrowserError(Exception):
    """There is no such browser to test with; the message says how to get one."""


@cache
def find(kind: Kind) -> str | None:
    """Path of a browser that starts: the variable's, else Playwright's own, else the system's.

    Raises NoBrowserError if the variable is set and its browser does not start: whoever set it
    wants that one tested, not another.
    """
    if chosen := os.environ.get(kind.variable):
        if not _starts(chosen):
            message = f"{kind.variable} is {chosen!r}, and that does not start as a {kind.name}"
            raise NoBrowserError(message)
        return chosen
    return next(filter(_starts, _candidates(kind)), None)


def find_chromium() -> str | None:
    """Path of a Chromium that starts."""
    return find(CHROMIUM)


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


def provide(kind: Kind) -> str:
    """Path of a browser, installed if there was none. Raises NoBrowserError if that fails too."""
    for install in (_playwright_install, _debian_install):
        if find(kind) is None:
            install(kind)
            find.cache_clear()
    if path := find(kind):
        return path
    raise NoBrowserError(
        f"The browser tests need a {kind.name}, and none could be installed. To install one, "
        f"{kind.advice}or put the path of one into {kind.variable}."
    )


def _candidates(kind: Kind) -> Iterator[str]:
    if kind is CHROMIUM:
        # Playwright's synchronous API refuses a thread whose event loop runs, as a caller's may.
        with ThreadPoolExecutor(1) as other_thread:
            yield other_thread.submit(_playwright_path).result()
    yield from filter(None, map(shutil.which, kind.system_names))


def _playwright_path() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _starts(path: str) -> bool:
    """False for a missing file, and for a download that lacks the system's libraries."""
    return Path(path).is_file() and _run(path, "--version", seconds=30)


def _playwright_install(kind: Kind) -> None:
    if kind is CHROMIUM:  # its Firefox is a patched one
        print("No Chromium found: trying Playwright's download", file=sys.stderr)
        _run(sys.executable, "-m", "playwright", "install", "chromium", seconds=DOWNLOAD_SECONDS)


def _debian_install(kind: Kind) -> None:
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"No {kind.name} found: trying Debian's package", file=sys.stderr)
        _run("apt-get", "update", seconds=300)
        _run("apt-get", "install", "-y", "--no-install-recommends", kind.debian, seconds=900)


def _run(*command: str, seconds: float) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    try:
        for kind in map(KINDS.__getitem__, sys.argv[1:]):
            print(f"{kind.name} for the browser tests: {provide(kind)}")
    except NoBrowserError as error:
        sys.exit(str(error))
