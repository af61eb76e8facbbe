"""Names of the files that a run is saved as: ``spiral-12-12-8-relu-step-1200.safetensors``."""

from __future__ import annotations

import json
import re
from unicodedata import normalize

MAX_CHARACTERS = 80
"""The most characters of a file's name, its ending included."""


def attachment(name: str, end: str) -> dict[str, str]:
    """The header that makes a browser or ``curl -OJ`` save an answer under a run's ``name``, with
    ``end`` after it."""
    return {"content-disposition": f'attachment; filename="{file_name(name, end)}"'}


def file_name(name: str, end: str) -> str:
    """Lower-case ASCII letters, digits and hyphens of ``name``, then ``end``. A name that has none
    of them is "run", and a long name is cut so that the whole has ``MAX_CHARACTERS`` at most."""
    plain = re.sub(r"[\u0300-\u036f]", "", normalize("NFKD", name)).lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return (words[: MAX_CHARACTERS - len(end)].strip("-") or "run") + end


def step_of_weights(blob: bytes) -> int:
    """The step of parameters, which a safetensors file of a run has as metadata."""
    return int(_metadata(blob)["step"])


def step_of_frame(blob: bytes) -> int:
    """The step of a frame's picture."""
    return int(json.loads(_metadata(blob)["picture"])["step"])


def _metadata(blob: bytes) -> dict[str, str]:
    """The metadata of a safetensors blob: its header is JSON after 8 bytes of its length."""
    size = int.from_bytes(blob[:8], "little")
    found: dict[str, str] = json.loads(blob[8 : 8 + size])["__metadata__"]
    return found
