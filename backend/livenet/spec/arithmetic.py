"""Which arithmetic trains a run: machine code for small perceptrons, or tensor operations.

The choice depends only on fields that cannot change live, and on constants, so that a spec always
gives the same numbers on one machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from livenet.errors import SpecError
from livenet.spec.choice import activation
from livenet.spec.model import Mlp

if TYPE_CHECKING:
    from livenet.spec.run import RunSpec

Used = Literal["compiled", "torch"]
Arithmetic = Literal["auto", "compiled", "torch"]
MOST_PARAMETERS = 20_000  # of wider ones, tensor operations are as fast at large batches


def obstacle(spec: RunSpec) -> str | None:
    """Why a spec cannot be trained in machine code; None if it can."""
    model = spec.model
    if not isinstance(model, Mlp):
        return f"it has a model of kind {model.kind!r}, and only 'mlp' is compiled"
    if spec.parameter_count > MOST_PARAMETERS:
        return (
            f"it has {spec.parameter_count:,} parameters; at most {MOST_PARAMETERS:,} are compiled"
        )
    for chosen in model.activations:
        if activation(chosen).scalar is None:
            return f"its activation {chosen.kind!r} is not compiled"
    for part in (spec.objective, spec.optimizer):
        if not part.compiled:
            return f"its {part.kind!r} is not compiled"
    return None


def arithmetic(spec: RunSpec) -> Used:
    """The arithmetic of a spec on a processor (a GPU always runs tensor operations)."""
    if spec.arithmetic == "torch" or obstacle(spec) is not None:
        return "torch"
    return "compiled"


def check_arithmetic(spec: RunSpec) -> None:
    """Raises SpecError if machine code is asked for, and there is none for the spec."""
    reason = obstacle(spec) if spec.arithmetic == "compiled" else None
    if reason is not None:
        raise SpecError(
            f"arithmetic is 'compiled', but this run cannot be: {reason}",
            path="arithmetic",
            hint="Use 'auto', which compiles what it can.",
        )
