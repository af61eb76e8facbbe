"""What the first workers of an installation wait for: machine code that is not made yet."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from threading import Thread

PREPARING = (
    "The machine code that trains small networks is being made, as at the first start after an "
    "installation or an update: runs begin some seconds later"
)


class Preparation:
    """Looks whether the cache has the code. The fork server makes it, and tells nobody: the file
    is missing until it has."""

    def __init__(self) -> None:
        self._file: Path | None = None

    def begin(self) -> None:
        """Finds out the name of the file, in a thread, since that loads LLVM."""
        Thread(target=self._find, name="livenet-preparation", daemon=True).start()

    def words(self) -> str | None:
        """Why no worker is ready yet, if the code is the reason. For as long as none is."""
        return None if self._file is None or self._file.exists() else PREPARING

    def _find(self) -> None:
        from livenet.machine_code.objects import awaited

        with suppress(Exception):  # without a compiler there is nothing to wait for
            self._file = awaited()
