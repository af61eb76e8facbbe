"""The parts that every spec is made of: a frozen model, and knobs that controls are made from."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from livenet.settings import MOST_LAYERS

Scale = Literal["linear", "log"]
T = TypeVar("T")
# One finding a list is enough: pydantic writes an error for each entry otherwise.
Listed = Annotated[tuple[T, ...], Field(max_length=MOST_LAYERS, fail_fast=True)]


class Frozen(BaseModel):
    """A spec or a part of one: immutable, and no field but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Kind(Frozen):
    """A member of a discriminated union: what the catalogue says of it, beside its fields."""

    label: ClassVar[str]
    explain: ClassVar[str]
    formula: ClassVar[str] = ""


def kind_of(kind: type[Kind]) -> str:
    """What ``kind`` says in a spec of this class."""
    return str(kind.model_fields["kind"].default)


def members(union: Any) -> tuple[Any, ...]:
    """The classes of an ``Annotated[A | B | C, Field(discriminator=...)]``, in its order."""
    return get_args(get_args(union)[0])


def knob(
    default: Any = ...,
    *,
    label: str,
    explain: str,
    live: bool = False,
    scale: Scale = "linear",
    unit: str = "",
    symbol: str = "",
    shown: tuple[float, float] | None = None,
    step: float | None = None,
    when: dict[str, tuple[str, ...]] | None = None,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
) -> Any:
    """A field that a person may turn.

    ``live`` says that changing it need not restart the run. ``ge`` to ``lt`` are what is allowed;
    ``shown`` is the range that a slider spans, which may be narrower, and ``step`` its step.
    ``symbol`` is LaTeX, ``unit`` plain text. ``when`` names fields beside it, and the values of
    each under which this one has any effect.
    """
    hints: JsonDict = {
        "label": label,
        "explain": explain,
        "live": live,
        "scale": scale,
        "unit": unit,
        "symbol": symbol,
        "shown": list(shown) if shown else None,
        "step": step,
        "when": {name: list(values) for name, values in (when or {}).items()},
    }
    return Field(
        default,
        description=explain,
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        json_schema_extra={"knob": hints},
    )
