"""The run spec: the document that specifies a run completely.

Every field has a default that may depend on the ones above it, so ``{}`` is a valid spec;
``resolve`` fills them in. Only values that the user gave are refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError

from livenet.errors import SpecError, did_you_mean
from livenet.refusals import shown
from livenet.settings import Limits
from livenet.spec.arithmetic import MOST_PARAMETERS, Arithmetic
from livenet.spec.base import Frozen, knob
from livenet.spec.check import check, check_family, check_lists
from livenet.spec.choice import Choice
from livenet.spec.cost import row_seconds, tensor_step_seconds
from livenet.spec.data import Data, DataKind
from livenet.spec.data.characters import MAX_TEXT
from livenet.spec.layer import LayerShape
from livenet.spec.model import KINDS as MODELS
from livenet.spec.model import Mlp, Model, ModelKind
from livenet.spec.objective import Objective
from livenet.spec.optimizer import Adam, Optimizer
from livenet.spec.refusal import for_example, refusal, schema_of
from livenet.spec.size import check_size
from livenet.spec.text import normalised
from livenet.spec.training import Regularization, Training

Document = Mapping[str, Any]


class RunSpec(Frozen):
    """A complete spec: the same seed, spec and journal give the same series, bit for bit."""

    seed: int = knob(
        0, ge=0, le=2**31 - 1, label="Seed", explain="Another seed draws other weights.",
    )  # fmt: skip
    arithmetic: Arithmetic = knob(
        "auto", label="Arithmetic",
        explain=f"Machine code for multilayer perceptrons of at most {MOST_PARAMETERS:,} parameters"
        " with elementwise activations; PyTorch's tensor operations for all others.",
    )  # fmt: skip
    data: Data
    model: Model
    objective: Objective
    optimizer: Optimizer
    regularization: Regularization = Field(default_factory=Regularization)
    training: Training = Field(default_factory=Training)

    @property
    def batch_size(self) -> int:
        """Examples a step; the whole training part if none is given."""
        return min(self.training.batch_size or self.data.train_count, self.data.train_count)

    @property
    def outputs(self) -> int:
        """Units of the output layer."""
        return self.objective.outputs(self.data)

    @property
    def widths(self) -> tuple[int, ...]:
        """Units by layer of a multilayer perceptron, input features and outputs included."""
        assert isinstance(self.model, Mlp)
        return self.model.widths(self.outputs)

    @cached_property
    def layers(self) -> tuple[LayerShape, ...]:
        """The descriptions of the model's layers."""
        return self.model.layers(self)

    @cached_property
    def parameter_count(self) -> int:
        """The number of learnt parameters."""
        return sum(layer.parameters for layer in self.layers)

    def document(self) -> dict[str, Any]:
        """The spec as plain JSON values."""
        return self.model_dump(mode="json")


DEFAULT_LIMITS = Limits()
SPIRAL = "spiral"
DENSEST = 10  # steps between two rows of ``series_every: null``, initially
RARER = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)  # steps between two rows
ROW_SHARE = 0.08  # the most of the time between two rows for a row, if it evaluates few examples
_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    "data": TypeAdapter(Data),
    "model": TypeAdapter(Model),
    "objective": TypeAdapter(Objective),
    "optimizer": TypeAdapter(Optimizer),
    "regularization": TypeAdapter(Regularization),
    "training": TypeAdapter(Training),
}
_SECTIONS = (
    "seed",
    "arithmetic",
    "data",
    "model",
    "objective",
    "optimizer",
    "regularization",
    "training",
)


def make_schemas() -> None:
    """Makes the JSON schemas that error messages are made from. They are cached; a server makes
    them before the first request."""
    for kind in (RunSpec, *_ADAPTERS.values()):
        schema_of(kind)


def resolve(document: object, limits: Limits | None = DEFAULT_LIMITS) -> RunSpec:
    """The complete spec of a document, which may leave out any field; a text in it is normalised.

    ``limits`` are those of the server; None for specs that were checked before.
    Raises SpecError with the field's path, what was given, what is allowed and a hint.
    """
    return completed(document if limits is None else _normalised(document), limits)


def _normalised(document: object) -> object:
    """A document with normalised ``data.text``."""
    data = document.get("data") if isinstance(document, Mapping) else None
    text = data.get("text") if isinstance(data, Mapping) else None
    if not isinstance(document, Mapping) or not isinstance(data, Mapping):
        return document
    # A far too long text is refused by its length; NFC shortens it to a third at most.
    if not isinstance(text, str) or len(text) > 4 * MAX_TEXT:
        return document
    return {**document, "data": {**data, "text": normalised(text)}}


def completed(document: object, limits: Limits | None) -> RunSpec:
    """``resolve`` without normalisation of text, for the document of an existing run."""
    if limits is not None and isinstance(document, Mapping):
        check_lists(document.get("model"), limits)
    check_size(document)
    if not isinstance(document, Mapping):
        raise SpecError(
            f"A spec is a JSON object; given {shown(document)}",
            hint="Start from {}, which is valid.",
        )
    for name in document:
        if name not in _SECTIONS:
            raise SpecError(
                f"A spec has no field {name!r}", path=str(name), hint=did_you_mean(name, _SECTIONS)
            )
    part: Data = _section("data", document, _data_defaults(document))
    model: Model = _section("model", document, _model_defaults(part, document))
    check_family(model, part)  # the checks below need a model that supports the data
    goal = _section("objective", document, _objective_defaults(model, part, document))
    usual = Adam().model_dump() | model.optimizer(part)
    descent = _section("optimizer", document, usual)
    penalty = _section("regularization", document, {})
    batch = min(model.batch_size(part), part.train_count)
    course = _section("training", document, {"batch_size": batch})
    whole = {
        "seed": document.get("seed", 0),
        "arithmetic": document.get("arithmetic", "auto"),
        "data": part,
        "model": model,
        "objective": goal,
        "optimizer": descent,
        "regularization": penalty,
        "training": course,
    }
    try:
        spec = RunSpec.model_validate(whole, strict=True)
    except ValidationError as error:
        raise refusal(error, RunSpec) from error
    check(spec, limits)
    return _with_affordable_rows(spec, document)


def _section(name: str, document: Document, defaults: Document) -> Any:
    """A section with defaults for missing fields; the defaults of a kind apply only to that
    kind."""
    given = document.get(name, {})
    if not isinstance(given, Mapping):
        raise SpecError(
            f"{name} is an object; given {shown(given)}",
            path=name,
            hint=for_example(_ADAPTERS[name], given),
        )
    own = {key: value for key, value in defaults.items() if key != "kind"}
    same = given.get("kind", defaults.get("kind")) == defaults.get("kind")
    filled = {**({"kind": defaults["kind"]} if "kind" in defaults else {}), **(own if same else {})}
    try:
        # Through JSON, whose strict mode accepts a list for a tuple, but not "8" for 8.
        text = json.dumps({**filled, **given}, default=_plain)
        return _ADAPTERS[name].validate_json(text, strict=True)
    except ValidationError as error:
        raise refusal(error, _ADAPTERS[name], name) from error


def _plain(value: object) -> object:
    if isinstance(value, Choice):
        return value.document()
    raise SpecError(f"A spec holds JSON values only; given {value!r:.80}", hint="Use plain values.")


def _data_defaults(document: Document) -> dict[str, Any]:
    """The default data set of the given model, or the spiral."""
    given = document.get("model", {})
    kind = given.get("kind") if isinstance(given, Mapping) else None
    usual = {model.model_fields["kind"].default: model.data for model in MODELS}
    return {"kind": usual.get(kind, SPIRAL) if isinstance(kind, str) else SPIRAL}


def _model_defaults(part: DataKind, document: Document) -> dict[str, Any]:
    """The given kind, or the default one of the data, and the fields that depend on both."""
    given = document.get("model", {})
    written = given if isinstance(given, Mapping) else {}
    kind = written.get("kind", part.model)
    found = next((one for one in MODELS if one.model_fields["kind"].default == kind), Mlp)
    return {"kind": found.model_fields["kind"].default, **found.defaults(part, written)}


def _objective_defaults(model: ModelKind, part: DataKind, document: Document) -> dict[str, Any]:
    """The given kind, or the default one of the model, and its fields that depend on the model."""
    given = document.get("objective", {})
    usual = model.objectives(part)[0]
    kind = given.get("kind", usual) if isinstance(given, Mapping) else usual
    return {"kind": kind, **model.objective(kind)}


def _with_affordable_rows(spec: RunSpec, document: Document) -> RunSpec:
    """Rows at a fixed interval if evaluation every 10 steps would cost more than training."""
    written = document.get("training")
    if isinstance(written, Mapping) and "series_every" in written:
        return spec
    share = 1.0 if spec.data.evaluated is None else ROW_SHARE
    least = row_seconds(spec) / (share * tensor_step_seconds(spec))
    if least <= DENSEST:
        return spec
    every = next((steps for steps in RARER if steps >= least), RARER[-1])
    course = spec.training.model_copy(update={"series_every": every})
    return spec.model_copy(update={"training": course})
