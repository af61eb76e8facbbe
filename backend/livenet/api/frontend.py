"""Where the page's files are: inside an installed package, or beside the backend in a checkout."""

from __future__ import annotations

from pathlib import Path

from livenet.errors import LivenetError

_PACKAGE = Path(__file__).resolve().parent.parent


def frontend_folder() -> Path:
    """The folder with index.html. Raises LivenetError where set-up was not finished."""
    for folder in (_PACKAGE / "_frontend", _PACKAGE.parent.parent / "frontend"):
        if (folder / "index.html").is_file():
            if not (folder / "vendor").is_dir():
                raise LivenetError(
                    f"{folder} lacks its vendor folder", hint="Run `make setup` in the checkout."
                )
            return folder
    raise LivenetError("The page's files are missing", hint="Install livenet from its wheel.")
