"""Base classes of specs, and the declaration of fields with controls."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from livenet.settings import MAX_LAYERS

Scale = Literal["linear", "log"]
T = TypeVar("T")
# Reports one error per list: pydantic reports one per entry otherwise.
Listed = Annotated[tuple[T, ...], Field(max_length=MAX_LAYERS, fail_fast=True)]


class Frozen(BaseModel):
    """A spec or a part of one: immutable, without extra fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Kind(Frozen):
    """A member of a discriminated union, with its description in the catalogue."""

    label: ClassVar[str]
    explain: ClassVar[str]
    formula: ClassVar[str] = ""


def kind_of(kind: type[Kind]) -> str:
    """The value of ``kind`` of this class."""
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
    """A field with a control.

    ``live``: whether it can change without a restart of the run. ``ge`` to ``lt`` are the allowed
    range; ``shown`` is the range of the slider, which may be narrower, and ``step`` its step.
    ``symbol`` is LaTeX, ``unit`` plain text. ``when`` has other fields of the same part, and their
    values for which this field has an effect.
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
