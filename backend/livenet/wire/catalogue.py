"""The catalogue's document: everything that a spec may name, with what a control needs to know.

``livenet.catalogue`` makes it as plain JSON values; a test holds every row against these types. The
page's types and the OpenAPI document are made from them.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from livenet.settings import Limits
from livenet.spec.base import Scale
from livenet.spec.data.base import Family, Target
from livenet.spec.objective import Shown
from livenet.spec.run import RunSpec
from livenet.wire.documents import Document

Inputs = Literal[1, 2]
KnobType = Literal[
    "integer",
    "number",
    "boolean",
    "text",
    "choice",
    "layers",
    "blocks",
    "features",
    "activations",
    "initializers",
    "schedules",
]
"""What kind of control a field has."""


class Knob(Document):
    """A field that a person may turn."""

    path: str
    name: str
    type: KnobType
    choices: list[str] | None
    """What a choice is between."""
    nullable: bool
    label: str
    symbol: str
    """LaTeX."""
    explain: str
    unit: str
    default: Any
    min: float | None
    max: float | None
    exclusive_min: bool
    exclusive_max: bool
    shown: tuple[float, float] | tuple[None, None]
    """What a slider spans; nulls where it is no number."""
    step: float | None
    when: dict[str, list[str]]
    """Fields beside it, and the values of each under which it has an effect."""
    scale: Scale
    restart: bool
    """Whether a change of it restarts the run."""


class RowKnob(Document):
    """A knob of a row of a table, such as the α of a leaky ReLU."""

    name: str
    default: float
    min: float
    max: float
    symbol: str
    explain: str


class KindRow(Document):
    """A member of a discriminated union of the spec."""

    kind: str
    label: str
    explain: str
    formula: str
    """LaTeX."""
    knobs: list[Knob]
    json_schema: dict[str, Any] = Field(alias="schema")


class Preview(Document):
    """A few examples of a data set: the coordinates of each, and its class or value."""

    x: list[list[float]]
    y: list[float]


class DataRow(KindRow):
    """A data set."""

    family: Family
    model: str
    """The kind of model that learns it where nobody chose one."""
    target: Target
    inputs: Inputs | None
    """Coordinates of a point; null where examples are none."""
    class_names: list[str] | None
    """What an image's classes are called."""
    preview: Preview | None


class ModelRow(KindRow):
    """A family of models."""

    families: list[Family]
    objectives: dict[str, list[str]]
    """By the data's kind, the usual one first."""


class Link(Document):
    """What a likelihood makes of a network's output."""

    label: str
    formula: str
    """LaTeX; empty where it is the identity."""


class ObjectiveRow(KindRow):
    """An objective, and what a prediction of it is."""

    targets: list[Target]
    """The targets that it is a distribution of."""
    symbol: str
    """LaTeX: what the network's output is called."""
    shows: Shown
    """What a map of the output shows."""
    prediction: str
    link: Link
    pixels: str
    """LaTeX of −log p(x | z) over an image's pixels; empty where images do not have it."""


class FeatureRow(Document):
    """What the first layer may see of a point."""

    kind: str
    label: str
    formula: str
    inputs: Inputs
    """How many coordinates the point must have."""
    linear: bool


class InitializerRow(Document):
    """How weights are drawn."""

    kind: str
    label: str
    formula: str
    explain: str
    knobs: list[RowKnob]


class ActivationRow(InitializerRow):
    """An activation function."""

    derivative: str
    piecewise_linear: bool


class ProbeRow(Document):
    """A probe."""

    kind: str
    label: str
    explain: str
    fits: str
    models: list[str]
    families: list[Family]
    options: dict[str, Any]
    """The JSON Schema of its options."""


class PresetRow(Document):
    """A run to begin with."""

    kind: str
    label: str
    explain: str
    spec: dict[str, Any]
    """Part of a spec, as a person would write it."""
    panel: str | None
    """A tab below the curves that its lesson is in."""


class Catalogue(Document):
    """Everything that a spec may name, the server's limits, and the spec's JSON Schema."""

    version: str
    default: RunSpec
    """What ``{}`` means."""
    seed: Knob
    data: list[DataRow]
    models: list[ModelRow]
    blocks: list[KindRow]
    """Of a convolutional network."""
    features: list[FeatureRow]
    activations: list[ActivationRow]
    initializers: list[InitializerRow]
    objectives: list[ObjectiveRow]
    optimizers: list[KindRow]
    schedules: list[KindRow]
    regularization: list[Knob]
    training: list[Knob]
    probes: list[ProbeRow]
    presets: list[PresetRow]
    limits: Limits
    json_schema: dict[str, Any] = Field(alias="schema")
