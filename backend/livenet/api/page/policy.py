"""The Content-Security-Policy of each page: nothing inline but the import map, by its hash.

The access middleware decides who may show a page in a frame.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

_IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)
_BASE = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"


def policies(sources: Path | None) -> dict[str, str]:
    """Policies by path; "/" stands for every path without a policy of its own.

    Only a page served from its sources has an import map: a bundle needs none.
    """
    html = (sources / "index.html").read_text(encoding="utf-8") if sources else ""
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
        for script in _IMPORT_MAP.findall(html)
    )
    page = f"{_BASE}; script-src 'self' {hashes}".rstrip()
    # The OpenAPI page is third-party code with inline styles and icons from data URLs.
    docs = f"{_BASE}; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
    return {"/": page, "/docs": docs}
