"""The interface of a family of models in a spec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from livenet.spec import activations
from livenet.spec.base import Kind, kind_of
from livenet.spec.data.base import DataKind, Family
from livenet.spec.layer import Count, LayerShape
from livenet.spec.objective import KINDS as OBJECTIVES

if TYPE_CHECKING:
    from livenet.spec.run import RunSpec

Defaults = dict[str, Any]
Extent = tuple[str, int, Literal["layers", "width"], str]


class ModelKind(Kind):
    """A family of models: which data it fits, its defaults, its layers in numbers."""

    families: ClassVar[tuple[Family, ...]]
    data: ClassVar[str]
    """The data that it learns where a spec names none."""

    @classmethod
    def defaults(cls, data: DataKind, given: Mapping[str, Any]) -> Defaults:
        """Defaults of its own fields that depend on the data, or on what is ``given`` of it."""
        return {}

    def objectives(self, data: DataKind) -> tuple[str, ...]:
        """The objectives it can have on this data, the usual one first."""
        return tuple(kind_of(one) for one in OBJECTIVES if one.fits(data))

    def predicts(self, data: DataKind) -> str:
        """Its prediction for these data, for an error message."""
        return f"{kind_of(type(data))} has {data.described}"

    def objective(self, kind: object) -> Defaults:
        """Defaults of the fields of an objective of this kind, where they are not its own."""
        return {}

    def optimizer(self, data: DataKind) -> Defaults:
        """Defaults of the optimizer's fields, where they are Adam's."""
        return {}

    def batch_size(self, data: DataKind) -> int:
        """The default number of examples a step."""
        return data.batch_size

    def check(self, spec: RunSpec) -> None:
        """Raises SpecError where its fields do not go together, or not with the data."""

    def layers(self, spec: RunSpec) -> tuple[LayerShape, ...]:
        """Its layers, in the order of the computation."""
        raise NotImplementedError

    def counts(self, spec: RunSpec) -> tuple[Count, ...]:
        """Formulas in print for the number of its parameters, right and wrong ones."""
        return ()

    def extents(self) -> Iterable[Extent]:
        """The limited sizes: (path, size, name of the limit, noun)."""
        return ()

    @property
    def causal(self) -> bool:
        """Whether it is causal: a step depends only on earlier ones."""
        return True

    @property
    def summary(self) -> str:
        """In a few characters, for a run's name: "8·8"."""
        raise NotImplementedError


def rectifying(given: Mapping[str, Any]) -> bool:
    """Whether the activation written in a spec starts with He's initialization."""
    chosen = given.get("activation")
    first = chosen[0] if isinstance(chosen, list | tuple) and chosen else chosen
    kind = first.get("kind") if isinstance(first, Mapping) else first
    row = activations.ACTIVATIONS.get(kind) if isinstance(kind, str) else None
    return row is not None and row.starts_with_he
