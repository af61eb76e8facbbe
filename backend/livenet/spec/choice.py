"""A row of a table, chosen by name or by name with its knobs: ``{"kind": "elu", "alpha": 2}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from livenet.errors import CHOOSE, did_you_mean
from livenet.refusals import shown
from livenet.spec.activations import ACTIVATIONS, Activation, Parameter
from livenet.spec.initializers import INITIALIZERS, Initializer


class Row(Protocol):
    """The common attributes of all tables' rows."""

    @property
    def kind(self) -> str: ...
    @property
    def knobs(self) -> Mapping[str, Parameter]: ...


R = TypeVar("R", bound=Row)


class Choice:
    """A row's name and all its knobs; equal if both are equal."""

    __slots__ = ("kind", "knobs")

    def __init__(self, kind: str, knobs: Mapping[str, float]) -> None:
        self.kind = kind
        self.knobs = dict(knobs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Choice) and (self.kind, self.knobs) == (other.kind, other.knobs)

    def __hash__(self) -> int:
        return hash((self.kind, tuple(self.knobs.items())))

    def __repr__(self) -> str:
        return f"Choice({self.kind!r}, {self.knobs!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Lets pydantic serialize a field's default choice for the JSON schema."""
        writer = core_schema.plain_serializer_function_ser_schema(cls.document)
        return core_schema.is_instance_schema(cls, serialization=writer)

    def document(self) -> str | dict[str, Any]:
        """The choice in a spec's document: only the name if it has no knobs."""
        return {"kind": self.kind, **self.knobs} if self.knobs else self.kind


class ChoiceFrom:
    """The pydantic type of a choice from one table; put it into ``Annotated[Choice, ...]``."""

    def __init__(self, noun: str, table: Mapping[str, Row]) -> None:
        self.noun = noun
        self.table = table

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.parse,
            serialization=core_schema.plain_serializer_function_ser_schema(Choice.document),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        names = {"type": "string", "enum": list(self.table)}
        with_knobs = {
            "type": "object",
            "properties": {"kind": names},
            "required": ["kind"],
            "additionalProperties": {"type": "number"},
        }
        return {"anyOf": [names, with_knobs]}

    def parse(self, given: object) -> Choice:
        """A choice from a name, a document or a choice; raises a pydantic error with an
        explanation."""
        if isinstance(given, Choice):
            return given
        fields = {"kind": given} if isinstance(given, str) else given
        if not isinstance(fields, Mapping) or not isinstance(fields.get("kind"), str):
            raise self._error(
                "a name, or an object with its kind", given, did_you_mean("", self.table)
            )
        kind = fields["kind"]
        if kind not in self.table:
            hint = did_you_mean(kind, self.table, CHOOSE)
            raise self._error(f"one of {', '.join(self.table)}", kind, hint)
        row = self.table[kind]
        knobs = {name: parameter.default for name, parameter in row.knobs.items()}
        for name, value in fields.items():
            if name == "kind":
                continue
            if name not in knobs:
                allowed = ", ".join(knobs) or "none"
                raise self._error(
                    f"{kind} with knobs: {allowed}", name, f"Leave out {name!r}.", knob=name
                )
            parameter = row.knobs[name]
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not parameter.low <= value <= parameter.high:
                allowed = f"{kind} with {name} from {parameter.low:g} to {parameter.high:g}"
                hint = f"The default is {parameter.default:g}."
                raise self._error(allowed, value, hint, knob=name)
            knobs[name] = float(value)
        return Choice(kind, knobs)

    def _error(
        self, allowed: str, given: object, hint: str, knob: str | None = None
    ) -> PydanticCustomError:
        """The error for an invalid choice; ``knob`` is the invalid knob, the last part of the
        path."""
        said = {"noun": self.noun, "allowed": allowed, "given": shown(given), "hint": hint}
        return PydanticCustomError(
            "choice",
            "{noun} is {allowed}; given {given}",
            said if knob is None else {**said, "knob": knob},
        )


ActivationChoice = Annotated[Choice, ChoiceFrom("An activation", ACTIVATIONS)]
InitializerChoice = Annotated[Choice, ChoiceFrom("An initializer", INITIALIZERS)]


def activation(choice: Choice) -> Activation:
    """The row of an activation choice."""
    return ACTIVATIONS[choice.kind]


def initializer(choice: Choice) -> Initializer:
    """The row of an initializer choice."""
    return INITIALIZERS[choice.kind]
