"""Finds the page's files: a bundle in an installed package, and also the sources in a checkout.

`make setup` bundles the sources into ``frontend/dist``, a few files with a content hash in their
names. A checkout with sources edited after that serves the sources as they are, so that an edit
shows on reload.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import livenet
from livenet.errors import LivenetError

_PACKAGE = Path(livenet.__file__).resolve().parent

PAGES = {"/": "index.html", "/docs": "docs/index.html"}
SOURCE_FOLDERS = ("app", "docs", "styles")
VENDORED = "vendor"
BUILD = (
    "Run `make setup` in the checkout. Without make: `npm --prefix frontend ci "
    "--ignore-scripts`, `python hatch_build.py`, `node frontend/bundle.js`. The wheel has the page "
    "in it, and needs none of this."
)


@dataclass(frozen=True)
class Frontend:
    """The page's two forms; at least one of them exists."""

    built: Path | None
    sources: Path | None

    def edited(self) -> float:
        """When a source was last saved, in seconds since the epoch; 0 without sources."""
        if self.sources is None:
            return 0.0
        saved = (_newest(self.sources / folder) for folder in SOURCE_FOLDERS)
        return max((self.sources / "index.html").stat().st_mtime, *saved)

    def bundled(self) -> float:
        """The time of the sources in the bundle, in seconds since the epoch; 0 without a bundle."""
        return (self.built / "index.html").stat().st_mtime if self.built else 0.0


def _newest(folder: Path | str) -> float:
    """When a file below a folder was last saved. Runs at each visit, so it must be fast."""
    newest = 0.0
    with os.scandir(folder) as entries:
        for entry in entries:
            saved = _newest(entry.path) if entry.is_dir() else entry.stat().st_mtime
            newest = max(newest, saved)
    return newest


def find_frontend(package: Path = _PACKAGE) -> Frontend:
    """The page's files. Raises LivenetError if there are none or set-up is unfinished."""
    installed = package / "_frontend"
    if (installed / "index.html").is_file():
        return Frontend(built=installed, sources=None)
    sources = package.parent.parent / "frontend"
    if not (sources / "index.html").is_file():
        raise LivenetError("The page's files are missing", hint="Install livenet from its wheel.")
    if not (sources / VENDORED).is_dir():
        raise LivenetError(
            f"The page is not built: {sources} lacks its {VENDORED} folder", hint=BUILD
        )
    built = sources / "dist"
    return Frontend(built if (built / "index.html").is_file() else None, sources)
