"""Checks the machine's resources before the server starts: file handles and a disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from livenet.errors import LivenetError
from livenet.settings import Settings
from livenet.system import lock_file, optional_module

HANDLES = 200  # files that are always open: libraries, workers' pipes, runs being saved
HANDLES_A_WORKER = 8
FEWEST_SOCKETS = 64  # the fewest that can serve a class
FREE_BYTES = 256 * 2**20
PROBE_BYTES = 64 * 1024
LOCK_FILE = "lock"


def handles_for(settings: Settings) -> int:
    """The most file handles that the settings can need."""
    # A viewer has a stream, and also requests pages and pictures.
    return HANDLES + HANDLES_A_WORKER * settings.worker_count + 2 * settings.max_sockets


def within_handles(settings: Settings) -> tuple[Settings, int, str]:
    """Settings that this process has file handles for, their number, and a note for the operator.

    Raises the limit as far as allowed; if that is not enough, fewer streams are admitted. Raises
    LivenetError if hardly any would be.
    """
    wanted = handles_for(settings)
    held = _raise_handles(wanted)
    if held is None or held >= wanted:
        return settings, held or wanted, ""
    fits = (held - handles_for(settings.model_copy(update={"max_sockets": 0}))) // 2
    if fits < FEWEST_SOCKETS:
        raise LivenetError(
            f"This process may open {held} files, and {wanted} are wanted "
            f"for {settings.max_sockets} streams",
            path="max_sockets",
            hint=f"Raise the limit (`ulimit -n {wanted}`), or set LIVENET_MAX_SOCKETS lower "
            "or --workers to fewer.",
        )
    said = (
        f"This process may open {held} files: {fits} streams at once instead of "
        f"{settings.max_sockets}. `ulimit -n {wanted}` before the start lifts that."
    )
    return settings.model_copy(update={"max_sockets": fits}), held, said


def _raise_handles(wanted: int) -> int | None:
    """The limit, raised towards ``wanted``; None if the system has no limit."""
    resource = optional_module("resource")
    if resource is None:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return None
    if soft < wanted:
        more = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
        except (OSError, ValueError):  # macOS has a second limit, which it does not report
            return int(soft)
        soft = more
    return int(soft)


def take_folder(folder: Path) -> IO[bytes]:
    """Ensures that a data folder exists, is writable, has space, and has no other server.

    The returned file is its lock, held as long as the file is open. Raises LivenetError.
    """
    if folder.exists() and not folder.is_dir():
        raise LivenetError(
            f"{folder} is a file, not a folder", path="--data", hint="Name a folder for the runs."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder)
        lock = (folder / LOCK_FILE).open("ab")
    except OSError as error:
        raise LivenetError(
            f"The data folder {folder} cannot be written to: {error.strerror}",
            path="--data",
            hint="Name a folder that this account owns, on a disk with space.",
        ) from error
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES:
        lock.close()
        raise LivenetError(
            f"The disk of the data folder {folder} has {free / 2**20:.0f} MB left",
            path="--data",
            hint=f"Make room for {FREE_BYTES / 2**20:.0f} MB at least, or name another folder.",
        )
    if not lock_file(lock):
        lock.close()
        raise LivenetError(
            f"Another Livenet keeps its runs in {folder}",
            path="--data",
            hint="Name another folder: two servers would overwrite each other's runs.",
        )
    return lock


def _write(folder: Path) -> None:
    """Writes a file, the only reliable test of whether files can be written."""
    with TemporaryFile(dir=folder) as file:
        file.write(bytes(PROBE_BYTES))
        file.flush()
        os.fsync(file.fileno())
