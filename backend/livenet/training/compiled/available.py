"""Links the machine code into this process, once, or says why there is none.

``python -m livenet.training.compiled`` fills the cache of object code, in a process of its own, so
that no other one imports Numba.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from livenet.machine_code.objects import object_code

if TYPE_CHECKING:
    from livenet.training.compiled.code import Code


def problem() -> str | None:
    """Why this process has no machine code; None if it has it. Without it, runs train on
    tensors."""
    return _found()[1]


def code() -> Code | None:
    """The machine code, linked into this process; None if that is impossible. Making it takes some
    seconds, unless the cache has it."""
    return _found()[0]


@cache
def _found() -> tuple[Code | None, str | None]:
    try:
        from livenet.training.compiled.code import Code

        return Code(object_code()), None
    except Exception as error:  # noqa: BLE001  # whatever fails in a compiler, training goes on
        return None, f"Small networks are not compiled: {type(error).__name__}: {error}"
