"""Takes Numba away, which a server can do without: on PYTHONPATH, it is imported at every start."""

from __future__ import annotations

import sys

for name in ("llvmlite", "numba"):
    sys.modules[name] = None  # type: ignore[assignment]  # an import of it then fails
