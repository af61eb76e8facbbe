"""What somebody sent and cannot be, in plain words.

findings   what pydantic finds wrong      schema   what is allowed at a place
syntax     text that is not JSON
"""

from __future__ import annotations

from livenet.refusals.findings import example, refusal_of, shown
from livenet.refusals.schema import Schema, kinds_of
from livenet.refusals.syntax import parsed, unparsed

__all__ = ["Schema", "example", "kinds_of", "parsed", "refusal_of", "shown", "unparsed"]
