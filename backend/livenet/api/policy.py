"""The Content-Security-Policy of each page: nothing inline but the import map, by its hash."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

_IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)
_BASE = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; " \
    "frame-ancestors 'none'"  # fmt: skip


def policies(frontend: Path) -> dict[str, str]:
    """Policies by path; "/" stands for every path that has none of its own."""
    html = (frontend / "index.html").read_text(encoding="utf-8")
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
        for script in _IMPORT_MAP.findall(html)
    )
    page = f"{_BASE}; script-src 'self' {hashes}".rstrip()
    # The OpenAPI page is a third party's: it styles itself inline, and draws its icons from data.
    docs = f"{_BASE}; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
    return {"/": page, "/docs": docs}
