"""Error messages for invalid input.

findings   messages for pydantic's errors   schema   the allowed values at a path
syntax     messages for invalid JSON
"""

from __future__ import annotations

from livenet.refusals.findings import example, refusal_of, shown
from livenet.refusals.schema import Schema, kinds_of
from livenet.refusals.syntax import parsed, unparsed

__all__ = ["Schema", "example", "kinds_of", "parsed", "refusal_of", "shown", "unparsed"]
