"""Plain JSON values whose schema is that of a class, in the OpenAPI document.

A request's spec or command is parsed by the code that fills in defaults and words the errors, so a
route takes it as plain JSON. The document shows the classes.
"""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, TypeAdapter
from pydantic.config import JsonDict
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from livenet.spec.arithmetic import Arithmetic
from livenet.spec.base import Frozen
from livenet.spec.data import Data
from livenet.spec.model import Model
from livenet.spec.objective import Objective
from livenet.spec.optimizer import Optimizer
from livenet.spec.run import RunSpec
from livenet.spec.training import Regularization, Training


class As:
    """Annotates plain JSON values with the class, or the union of classes, of their schema."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        # A chain of one, because the outermost class of a schema gets no component of its own.
        return handler(core_schema.chain_schema([TypeAdapter(self.kind).core_schema]))


def _without_defaults(schema: JsonDict) -> None:
    """Removes the defaults of a class's fields."""
    fields = schema["properties"]
    assert isinstance(fields, dict)
    for field in fields.values():
        assert isinstance(field, dict)
        field.pop("default", None)


def _optional() -> Any:
    return Field(None)


class PartialSpec(Frozen):
    """A spec that may leave out any field, and any field of its parts. What is left out has a
    default that depends on the rest; a part without ``kind`` is of the default kind."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)

    seed: int = RunSpec.model_fields["seed"]  # type: ignore[assignment]  # with its range
    arithmetic: Arithmetic = RunSpec.model_fields["arithmetic"]  # type: ignore[assignment]  # as above
    data: Data = _optional()
    model: Model = _optional()
    objective: Objective = _optional()
    optimizer: Optimizer = _optional()
    regularization: Regularization = _optional()
    training: Training = _optional()


class SpecToDescribe(Frozen):
    """A spec in an object of its own."""

    spec: PartialSpec
