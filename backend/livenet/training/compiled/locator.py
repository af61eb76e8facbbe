"""Where Numba keeps the machine code: one folder for a digest, wherever the sources are."""

from __future__ import annotations

from numba.core import config
from numba.core.caching import UserProvidedCacheLocator


class DigestLocator(UserProvidedCacheLocator):
    """Numba's own has a folder for each path of the sources, so that each copy compiles again."""

    def get_cache_path(self) -> str:
        return str(config.CACHE_DIR)  # type: ignore[attr-defined]  # from the environment
