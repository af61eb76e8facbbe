"""The journal: commands that changed a run's numbers, each with its step."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Entry:
    """A command that changed a run's numbers, and the step after which it took effect."""

    step: int
    command: dict[str, Any]

    @cached_property
    def size(self) -> int:
        """Bytes of its command as JSON."""
        return len(json.dumps(self.command))

    def document(self) -> dict[str, Any]:
        return {"step": self.step, "command": self.command}
