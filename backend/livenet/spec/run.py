"""The run spec: one document that says everything about a run.

Every field has a default that depends on the ones above it, so ``{}`` is a whole spec; ``resolve``
fills them in. Only what the user wrote is ever refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError

from livenet.errors import SpecError, did_you_mean
from livenet.settings import Limits
from livenet.spec import activations, data
from livenet.spec.base import Frozen, knob
from livenet.spec.check import check
from livenet.spec.choice import Choice
from livenet.spec.cost import row_seconds, step_seconds
from livenet.spec.data import Data, Points
from livenet.spec.model import Model
from livenet.spec.objective import Objective
from livenet.spec.optimizer import Adam, Optimizer
from livenet.spec.refusal import refusal
from livenet.spec.training import Regularization, Training

Document = Mapping[str, Any]


class RunSpec(Frozen):
    """A run, whole: the same seed, spec and journal give the same series, bit for bit."""

    seed: int = knob(
        0, ge=0, le=2**31 - 1, label="Seed", explain="Another seed draws other weights.",
    )  # fmt: skip
    data: Data
    model: Model
    objective: Objective
    optimizer: Optimizer
    regularization: Regularization = Field(default_factory=Regularization)
    training: Training = Field(default_factory=Training)

    @property
    def batch_size(self) -> int:
        """Examples a step: the whole training part where none is given."""
        return min(self.training.batch_size or self.data.train_count, self.data.train_count)

    @property
    def outputs(self) -> int:
        """Units of the output layer."""
        return self.data.classes if self.objective.kind == "categorical" else 1

    @property
    def widths(self) -> tuple[int, ...]:
        """Units by layer, input features and outputs included."""
        return (len(self.model.features), *self.model.hidden, self.outputs)

    @property
    def parameter_count(self) -> int:
        """Weights and biases: Σ_l D(l)·D(l-1) + D(l)."""
        sizes = zip(self.widths, self.widths[1:], strict=False)
        return sum(d_out * d_in + (d_out if self.model.bias else 0) for d_in, d_out in sizes)

    def document(self) -> dict[str, Any]:
        """The spec as plain JSON values."""
        return self.model_dump(mode="json")


DEFAULT_LIMITS = Limits()
_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    "data": TypeAdapter(Data),
    "model": TypeAdapter(Model),
    "objective": TypeAdapter(Objective),
    "optimizer": TypeAdapter(Optimizer),
    "regularization": TypeAdapter(Regularization),
    "training": TypeAdapter(Training),
}
_SECTIONS = ("seed", "data", "model", "objective", "optimizer", "regularization", "training")


def resolve(document: object, limits: Limits | None = DEFAULT_LIMITS) -> RunSpec:
    """The whole spec of a document that may leave out anything.

    ``limits`` are those at the door; None is for what has come in already.
    Raises SpecError with the field's path, what was given, what is allowed and a hint.
    """
    if not isinstance(document, Mapping):
        raise SpecError(
            f"A spec is a JSON object; given {document!r:.80}", hint="Start from {}, which is one."
        )
    for name in document:
        if name not in _SECTIONS:
            raise SpecError(
                f"A spec has no field {name!r}", path=str(name), hint=did_you_mean(name, _SECTIONS)
            )
    part = _section("data", document, data.Spiral().model_dump())
    model = _section("model", document, _model_defaults(part, document))
    goal = _section("objective", document, _objective_defaults(part))
    descent = _section("optimizer", document, Adam().model_dump())
    penalty = _section("regularization", document, {})
    course = _section("training", document, _training_defaults(part))
    assert isinstance(part, Points)
    whole = {
        "seed": document.get("seed", 0),
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
        raise refusal(error) from error
    check(spec, limits)
    return _with_affordable_rows(spec, document)


def _section(name: str, document: Document, defaults: Document) -> Any:
    """A section with its defaults below what the user wrote; they apply only to their own kind."""
    given = document.get(name, {})
    if not isinstance(given, Mapping):
        raise SpecError(
            f"{name} is an object; given {given!r:.80}",
            path=name,
            hint='For example {"kind": ...}.',
        )
    own = {key: value for key, value in defaults.items() if key != "kind"}
    same = given.get("kind", defaults.get("kind")) == defaults.get("kind")
    filled = {**({"kind": defaults["kind"]} if "kind" in defaults else {}), **(own if same else {})}
    try:
        # By way of JSON, whose strict mode takes a list for a tuple but no "8" for an 8.
        text = json.dumps({**filled, **given}, default=_plain)
        return _ADAPTERS[name].validate_json(text, strict=True)
    except ValidationError as error:
        raise refusal(error, name) from error


def _plain(value: object) -> object:
    if isinstance(value, Choice):
        return value.document()
    raise SpecError(f"A spec holds JSON values only; given {value!r:.80}", hint="Use plain values.")


def _model_defaults(points: Points, document: Document) -> dict[str, Any]:
    names = ("x1", "x2")[: points.inputs]
    defaults: dict[str, Any] = {"kind": "mlp", "features": names}
    given = document.get("model", {})
    chosen = given.get("activation") if isinstance(given, Mapping) else None
    first = chosen[0] if isinstance(chosen, list | tuple) and chosen else chosen
    kind = first.get("kind") if isinstance(first, Mapping) else first
    row = activations.ACTIVATIONS.get(kind) if isinstance(kind, str) else None
    if row and (row.pieces or row.kind in ("elu", "gelu", "silu", "softplus")):
        defaults["initializer"] = "he_normal"
    return defaults


def _objective_defaults(points: Points) -> dict[str, Any]:
    if points.target == "real":
        return {"kind": "gaussian"}
    return {"kind": "bernoulli" if points.classes == 2 else "categorical"}


def _training_defaults(points: Points) -> dict[str, Any]:
    return {"batch_size": min(Training().batch_size or 1, points.train_count)}


def _with_affordable_rows(spec: RunSpec, document: Document) -> RunSpec:
    """Rows every 10 steps, or more rarely where evaluating would cost more than training does."""
    written = document.get("training")
    if isinstance(written, Mapping) and "series_every" in written:
        return spec
    every = spec.training.series_every
    while row_seconds(spec) > every * step_seconds(spec) and every < 10_000:
        every *= 10
    course = spec.training.model_copy(update={"series_every": every})
    return spec.model_copy(update={"training": course})
