"""Takes away what only `livenet[server]` installs: on PYTHONPATH, it is imported at every start."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

SERVER = {
    "alembic", "fastapi", "httptools", "llvmlite", "numba", "prometheus_client", "psutil",
    "sqlalchemy", "starlette", "torch", "uvicorn", "uvloop",
}  # fmt: skip


class Lacking(PathFinder):
    """Finds nothing of the server's, as where it is not installed."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in SERVER:
            return None
        return super().find_spec(fullname, path, target)


sys.meta_path[:] = [Lacking if finder is PathFinder else finder for finder in sys.meta_path]
